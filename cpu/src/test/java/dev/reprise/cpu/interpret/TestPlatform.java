package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.Platform;

/** Ten steps a tick, no deadlines but one that a test may set; idle time jumps to the hart's deadline. */
final class TestPlatform implements Platform {
    static final int STEPS_PER_TICK = 10;

    /** Ticks that idling skipped. */
    long skippedTicks;
    long deadlineStep = Long.MAX_VALUE;
    Runnable onDeadline = () -> { };

    @Override
    public long timeTicks(long step) {
        return step / STEPS_PER_TICK + skippedTicks;
    }

    @Override
    public long firstStepAtOrAfter(long ticks, long fromStep) {
        long left = ticks - skippedTicks;
        if (ticks < 0 || left > Long.MAX_VALUE / STEPS_PER_TICK) {
            return Long.MAX_VALUE;
        }
        return Math.max(fromStep, left * STEPS_PER_TICK);
    }

    @Override
    public long nextDeadlineStep() {
        return deadlineStep;
    }

    @Override
    public void onDeadline(long step) {
        deadlineStep = Long.MAX_VALUE;
        onDeadline.run();
    }

    @Override
    public boolean skipIdle(long step, long cpuDeadlineTicks) {
        if (cpuDeadlineTicks < 0) {
            return false;
        }
        skippedTicks += Math.max(0, cpuDeadlineTicks - timeTicks(step));
        return true;
    }
}
