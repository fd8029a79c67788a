/**
 * The monitor: what a person may ask about a running machine, in record and in replay, without a trace in the log. It
 * looks at the guest at boundaries and on the guest's thread, where a look is invisible, and changes nothing.
 */
package dev.reprise.machine.monitor;
