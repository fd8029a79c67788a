package dev.reprise.engine.character;

/**
 * What {@link CharFrontEnd#writeAll} does when a back end does not take everything: how often it asks, and how long it
 * lets the host breathe between. There is no policy that tries for ever, and none that is taken without being asked for.
 *
 * @param tries writes at most, at least 1; each is an outcome of its own
 * @param pauseNs host nanoseconds that the guest thread waits before each further try; no guest sees the wait, and a
 *     replay does not make it
 */
public record WritePolicy(int tries, long pauseNs) {

    /** One try: what is not taken stays the caller's. */
    public static final WritePolicy ONCE = new WritePolicy(1, 0);

    public WritePolicy {
        if (tries < 1 || pauseNs < 0) {
            throw new IllegalArgumentException("a policy tries at least once and waits no negative time: tries=" + tries
                    + " pauseNs=" + pauseNs);
        }
    }
}
