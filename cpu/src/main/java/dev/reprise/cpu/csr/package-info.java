/** The state of a hart and its control and status registers (privileged specification 1.12, chapters 2 to 4). */
package dev.reprise.cpu.csr;
