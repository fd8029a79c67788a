/** Whole processes: what recording costs beside running, and what a longer run allocates. Run by scripts. */
package dev.reprise.bench.machine;
