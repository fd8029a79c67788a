/**
 * From files to memory: ELF and Linux Image, hostile until checked, and the plan of what stands where at power-on.
 */
package dev.reprise.machine.load;
