/**
 * The figures of a run as JSON, written and read; the schema stands among the resources.
 */
package dev.reprise.machine.stats;
