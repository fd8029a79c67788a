/** Traps: causes, entry, return, and which interrupt is next (privileged specification 1.12, chapters 3 and 4). */
package dev.reprise.cpu.trap;
