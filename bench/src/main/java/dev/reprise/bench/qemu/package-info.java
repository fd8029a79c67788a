/** Whole runs beside QEMU's: processes in turn, from a cold start to the end, and the ratios of their times. */
package dev.reprise.bench.qemu;
