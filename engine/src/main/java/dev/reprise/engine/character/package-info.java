/**
 * A character device in two halves, for an embedder with this module alone: the
 * {@link dev.reprise.engine.character.CharFrontEnd front end} that a device model calls on the guest thread, and the
 * {@link dev.reprise.engine.character.CharBackEnd back end} that a host adapter implements.
 *
 * <pre>
 *   device model --write, writeAll, readAll, control, descriptors, canReceive--> CharFrontEnd --> Session
 *   device model &lt;--CharReceiver: bytes, link events-- Guest.apply &lt;-- inputs of the log
 *
 *   Session --offer, readAll, control--> CharBackEnd      in record and with recording off; never in replay
 *   OutputRing --take--> the adapter's writer thread      what was accepted, once it has been released
 *   the adapter's reader thread --publishBytes, publishLink--> InputPort
 * </pre>
 *
 * Every answer is a typed outcome, see {@link dev.reprise.engine.character.CharStatus}: the caller gets the same one in
 * record and in replay. Nothing here waits for the host but {@code readAll}, which is synchronous by its nature, and a
 * {@link dev.reprise.engine.character.WritePolicy} that asks for it.
 *
 * <p>{@link dev.reprise.engine.character.CharMux} puts several front ends on one back end and is recorded at the base.
 */
package dev.reprise.engine.character;
