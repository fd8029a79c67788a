/** What an event costs: coding, rings, journal, sessions. */
package dev.reprise.bench.engine;
