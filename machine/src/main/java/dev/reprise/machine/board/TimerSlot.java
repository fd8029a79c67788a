package dev.reprise.machine.board;

import dev.reprise.chardev.guest.GuestTimer;

/** The one deadline of a device that asks for a {@link GuestTimer}. The armed time is the board's state, not the device's. */
final class TimerSlot implements GuestTimer, TimedDevice {

    private final GuestTime time;
    private Runnable due;
    private long deadlineNs = NEVER;

    TimerSlot(GuestTime time) {
        this.time = time;
    }

    /** @param action called when the deadline is reached */
    void onDue(Runnable action) {
        due = action;
    }

    @Override
    public long nowNs() {
        return time.nowNs();
    }

    @Override
    public void armNs(long guestNs) {
        deadlineNs = guestNs;
    }

    @Override
    public void cancel() {
        deadlineNs = NEVER;
    }

    @Override
    public long deadlineNs() {
        return deadlineNs;
    }

    @Override
    public void onDeadline() {
        deadlineNs = NEVER;
        due.run();
    }
}
