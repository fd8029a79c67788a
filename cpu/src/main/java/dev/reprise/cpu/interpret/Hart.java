package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.bus.Platform;
import dev.reprise.cpu.bus.StateSink;
import dev.reprise.cpu.bus.StateSource;

/** One RV64GC hart. Owned by the guest thread. */
public final class Hart {
    private long step;

    public Hart(HartConfig config, PhysicalBus bus, Platform platform) {
    }

    /** The step count: exact whenever guest code calls out, also in the middle of a block. */
    public long step() {
        return step;
    }

    public void setStep(long value) {
        step = value;
    }

    /** Runs to {@code limitStep} exactly, or less far for the other reasons. */
    public StopReason runUntil(long limitStep) {
        throw new UnsupportedOperationException("not here yet");
    }

    /** Ends {@link #runUntil} after the step that is being executed. */
    public void requestStop() {
    }

    /** Sets an interrupt line: SSIP 1, MSIP 3, STIP 5, MTIP 7, SEIP 9, MEIP 11. */
    public void setInterruptLine(int mipBit, boolean level) {
    }

    /** The platform's time function changed: deadlines are computed again. */
    public void timeChanged() {
    }

    /** Puts the hart into its reset state; step and RAM stay. */
    public void reset() {
    }

    public void saveState(StateSink sink) {
    }

    public void loadState(StateSource source) {
    }

    /** Drops every cached translation and block; the state does not change. */
    public void flushCaches() {
    }

    public long pc() {
        return 0;
    }

    public void setPc(long value) {
    }

    public long x(int register) {
        return 0;
    }

    public void setX(int register, long value) {
    }

    public long f(int register) {
        return 0;
    }

    public void setF(int register, long bits) {
    }

    /** Reads a CSR as an instruction in machine mode would, without side effects; 0 if there is none. */
    public long csr(int number) {
        return 0;
    }

    /** Whether the hart waits for an interrupt. */
    public boolean waiting() {
        return false;
    }
}
