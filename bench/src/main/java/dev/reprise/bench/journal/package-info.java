/** The journal from end to end: beside its peers in one run, opened after a crash, verified; throughput and latency. */
package dev.reprise.bench.journal;
