/** What an instruction costs, by class: programs assembled here, run by a bare hart over RAM. */
package dev.reprise.bench.cpu;
