package dev.reprise.engine;

/**
 * How a run ended.
 *
 * @param cause why it ended
 * @param code the guest's or the operator's code
 * @param position where it ended
 * @param digest the digest of the final state, 32 bytes
 * @param complete false if a replay came to the end of a torn or cut log before the end event
 */
public record RunResult(ShutdownCause cause, int code, long position, Digest digest, boolean complete) {}
