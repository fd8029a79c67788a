package dev.reprise.bench.cpu;

import dev.reprise.cpu.bus.MmioDevice;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.bus.Platform;
import dev.reprise.cpu.interpret.Execution;
import dev.reprise.cpu.interpret.Hart;
import dev.reprise.cpu.interpret.HartConfig;
import dev.reprise.cpu.interpret.StopReason;

/** A hart, RAM, one register that counts its reads, and time: ten steps a tick; an idle hart's time jumps. No engine. */
final class BareMachine implements Platform, MmioDevice {

    static final long RAM = PhysicalBus.DEFAULT_RAM_BASE;
    static final long RAM_BYTES = 128L << 20;
    static final long DEVICE = 0x1000_0000L;
    private static final long DEVICE_BYTES = 4096;
    private static final long STEPS_PER_TICK = 10;

    private final Hart hart;
    private long reads;
    private long limit;
    /** Ticks that idle waits have skipped. */
    private long skipped;

    BareMachine(byte[] program) {
        this(program, Execution.INTERPRETED);
    }

    BareMachine(byte[] program, Execution execution) {
        PhysicalBus bus = new PhysicalBus(RAM, RAM_BYTES);
        bus.addDevice(DEVICE, DEVICE_BYTES, this);
        bus.write(RAM, program, 0, program.length);
        hart = new Hart(HartConfig.of(RAM).with(execution), bus, this);
        hart.reset();
    }

    /** Runs that many steps more; returns the pc. */
    long run(long steps) {
        limit += steps;
        StopReason reason = hart.runUntil(limit);
        if (reason != StopReason.LIMIT) {
            throw new IllegalStateException("stopped by " + reason + " at step " + hart.step());
        }
        return hart.pc();
    }

    Hart hart() {
        return hart;
    }

    @Override
    public long load(long offset, int size) {
        return ++reads;
    }

    @Override
    public void store(long offset, int size, long value) {
        reads = value;
    }

    @Override
    public long timeTicks(long step) {
        return step / STEPS_PER_TICK + skipped;
    }

    @Override
    public long firstStepAtOrAfter(long ticks, long fromStep) {
        long due = ticks - skipped;
        return Long.compareUnsigned(ticks, Long.MAX_VALUE / STEPS_PER_TICK) >= 0 ? Long.MAX_VALUE
                : Math.max(fromStep, due * STEPS_PER_TICK);
    }

    @Override
    public long nextDeadlineStep() {
        return Long.MAX_VALUE;
    }

    @Override
    public void onDeadline(long step) {
        throw new IllegalStateException("there is no deadline: step=" + step);
    }

    @Override
    public boolean skipIdle(long step, long cpuDeadlineTicks) {
        if (cpuDeadlineTicks == -1) {
            return false;
        }
        skipped += cpuDeadlineTicks - timeTicks(step);
        return true;
    }
}
