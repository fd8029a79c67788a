/**
 * Both executors on one guest ({@code --executor both}): the translator's machine is the guest of the session, and the
 * interpreter's follows it, given the same inputs and the same answers, out of memory.
 *
 * <pre>
 *   session --inputs--> {@link dev.reprise.machine.lockstep.Lockstep} --> primary (translator) <--answers-- session
 *                              | notes both in an Interval
 *                              +--> shadow (interpreter), at the end of the interval: then their states are compared
 * </pre>
 *
 * A difference is looked for again within the interval: both go back to its start and run to its half, and so on.
 */
package dev.reprise.machine.lockstep;
