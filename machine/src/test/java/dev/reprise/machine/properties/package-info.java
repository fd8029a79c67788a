/** Determinism of the whole machine, as properties over random programs and random input. */
package dev.reprise.machine.properties;
