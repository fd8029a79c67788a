package dev.reprise.machine.board;

import dev.reprise.cpu.bus.Platform;
import dev.reprise.engine.CheckpointKind;
import java.util.function.IntConsumer;
import dev.reprise.engine.GuestClock;

/**
 * What the hart sees of the board's time and deadlines. Guest thread only.
 *
 * <p>Deadlines are guest time of the devices; the earliest is turned into a step each time it is asked for, so nothing
 * here can be stale after an access, an input or a clock event.
 */
final class BoardPlatform implements Platform {

    private final GuestTime time;
    private final TimedDevice[] timed;
    private final boolean idleJumps;
    private final IntConsumer checkpoints;

    /** The step whose deadlines have been served, so that what they arm is due at the next. Between steps it is no state. */
    private long servedStep = -1;
    private long idleCpuDeadlineTicks = -1;

    /**
     * @param checkpoints passes a checkpoint of that {@link CheckpointKind}
     * @param idleJumps whether an idle hart moves guest time by itself; if not, the session does by clock events
     */
    BoardPlatform(GuestTime time, boolean idleJumps, IntConsumer checkpoints, TimedDevice... timed) {
        this.time = time;
        this.checkpoints = checkpoints;
        this.idleJumps = idleJumps;
        this.timed = timed;
    }

    @Override
    public long timeTicks(long step) {
        return time.ticks(step);
    }

    @Override
    public long firstStepAtOrAfter(long ticks, long fromStep) {
        return time.firstStepAtOrAfter(time.nsOfTicks(ticks, fromStep), fromStep);
    }

    @Override
    public long firstStepOfWrap(long fromStep) {
        return time.firstStepAtOrAfter(time.nsOfWrap(fromStep), fromStep);
    }

    @Override
    public long nextDeadlineStep() {
        return time.firstStepAtOrAfter(earliestNs(), Math.max(time.nowStep(), servedStep + 1));
    }

    @Override
    public void onDeadline(long step) {
        servedStep = step;
        checkpoints.accept(CheckpointKind.CLOCK_VIRTUAL);
        long nowNs = time.nowNs();
        for (TimedDevice device : timed) {
            if (device.deadlineNs() <= nowNs) {
                device.onDeadline();
            }
        }
    }

    @Override
    public boolean skipIdle(long step, long cpuDeadlineTicks) {
        idleCpuDeadlineTicks = cpuDeadlineTicks;
        // A deadline that was served and woke nobody first becomes a step of its own; see servedAt.
        if (!idleJumps || servedStep == step) {
            return false;
        }
        long ns = idleDeadlineNs();
        if (ns == TimedDevice.NEVER) {
            return false;
        }
        checkpoints.accept(CheckpointKind.CLOCK_WARP_START);
        time.jumpTo(step, ns);
        checkpoints.accept(CheckpointKind.CLOCK_WARP_ACCOUNT);
        return true;
    }

    /**
     * Guest time at which a hart that has just gone idle has something to look at, or {@link TimedDevice#NEVER}. A timer
     * of the hart that is past and has not woken it (its interrupt is masked) is nothing to wait for, nor is a moment
     * beyond {@link GuestClock#MAX_NS}: a guest that arms its timers ever further away must not jump for ever.
     */
    long idleDeadlineNs() {
        boolean awaited = idleCpuDeadlineTicks != -1
                && Long.compareUnsigned(time.nowTicks(), idleCpuDeadlineTicks) < 0;
        long ns = Math.min(earliestNs(), awaited ? time.nsOfTicks(idleCpuDeadlineTicks) : TimedDevice.NEVER);
        return ns > GuestClock.MAX_NS ? TimedDevice.NEVER : ns;
    }

    /**
     * Whether deadlines were served at that step. If the hart is still idle there, the machine counts an idle step:
     * otherwise an input that comes now would be stamped with a step whose deadlines, which come after inputs, are
     * already behind it, and a replay would apply the two the other way round.
     */
    boolean servedAt(long step) {
        return servedStep == step;
    }

    void forget() {
        servedStep = -1;
        idleCpuDeadlineTicks = -1;
    }

    private long earliestNs() {
        long earliest = TimedDevice.NEVER;
        for (TimedDevice device : timed) {
            earliest = Math.min(earliest, device.deadlineNs());
        }
        return earliest;
    }
}
