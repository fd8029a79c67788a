package dev.reprise.chardev.guest;

/**
 * The character timeout of a receiver's FIFO: four character times without a new character or a read, and the FIFO asks to
 * be emptied. Guest thread only. The state is when it is due and whether it has come; what the timer is armed with
 * follows from it.
 */
final class ReceiveTimeout {

    private static final int CHARACTERS = 4;
    private static final long NEVER = Long.MAX_VALUE;

    private final GuestTimer timer;
    private long atNs = NEVER;
    private boolean pending;
    private long armedAtNs = NEVER;

    ReceiveTimeout(GuestTimer timer) {
        this.timer = timer;
    }

    /** It has come, and nothing was read since. */
    boolean pending() {
        return pending;
    }

    /** Begins anew; what has come stays so. */
    void start(long characterNs) {
        long at = timer.nowNs() + CHARACTERS * characterNs;
        atNs = at < 0 ? NEVER : at;
    }

    /** Neither due nor come. */
    void clear() {
        pending = false;
        atNs = NEVER;
    }

    /** The timer that was armed has come. */
    void due() {
        armedAtNs = NEVER;
        if (atNs <= timer.nowNs()) {
            atNs = NEVER;
            pending = true;
        }
    }

    /** Brings the timer to what the state says. */
    void arm() {
        if (atNs == armedAtNs) {
            return;
        }
        armedAtNs = atNs;
        if (atNs == NEVER) {
            timer.cancel();
        } else {
            timer.armNs(atNs);
        }
    }

    long atNs() {
        return atNs;
    }

    /** Takes over a state; the timer is canceled and armed by it. */
    void restore(long dueAtNs, boolean hasCome) {
        atNs = dueAtNs;
        pending = hasCome;
        armedAtNs = NEVER;
        timer.cancel();
    }

    /** Whether a state's time can be that of a FIFO that is in use and holds something, or of any other. */
    static boolean canBe(long atNs, boolean running) {
        return atNs == NEVER || atNs >= 0 && running;
    }
}
