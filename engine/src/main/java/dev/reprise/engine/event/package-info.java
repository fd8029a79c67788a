/** What can happen: the schema of events, and their bytes in both directions. */
package dev.reprise.engine.event;
