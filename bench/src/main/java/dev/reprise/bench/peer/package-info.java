/** The engine's rings beside the Disruptor bare and beside Agrona's, under one load. */
package dev.reprise.bench.peer;
