/**
 * Backends: the host's side of a character device, two threads each, made from a
 * {@link dev.reprise.chardev.host.BackendSpec}. Whatever the host does (stall, close, fail), the run goes on or ends by
 * an input.
 */
package dev.reprise.chardev.host;
