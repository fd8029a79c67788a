/**
 * The device tree that the guest is given, and the writer of its flattened form.
 */
package dev.reprise.machine.devicetree;
