package dev.reprise.chardev.guest;

/** Guest time that a test moves by hand. */
final class StubTimer implements GuestTimer {

    static final long NEVER = Long.MAX_VALUE;

    long nowNs;
    long dueNs = NEVER;

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public void armNs(long guestNs) {
        dueNs = guestNs;
    }

    @Override
    public void cancel() {
        dueNs = NEVER;
    }

    /** Moves time on and calls the model at each deadline on the way, as a board does. */
    void advanceTo(long ns, Uart16550 uart) {
        while (dueNs <= ns) {
            nowNs = Math.max(nowNs, dueNs);
            dueNs = NEVER;
            uart.timerDue();
        }
        nowNs = ns;
    }
}
