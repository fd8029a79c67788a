/** What instructions compute, one unit per group of extensions; shared by every executor. */
package dev.reprise.cpu.isa;
