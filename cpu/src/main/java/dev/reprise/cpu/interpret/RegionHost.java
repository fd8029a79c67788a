package dev.reprise.cpu.interpret;

import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.fpu.F32;
import dev.reprise.cpu.mmu.Mmu;
import dev.reprise.cpu.translate.RegionContext;

/** Does for regions what {@link SlowPath} does for the interpreter. */
final class RegionHost extends RegionContext {
    private final Mmu mmu;
    private final SlowPath slowPath;
    private final TranslatingExecutor executor;
    /** What ended the run within a region: regions put their registers back first. */
    private Throwable thrown;

    RegionHost(CpuState state, Mmu mmu, SlowPath slowPath, TranslatingExecutor executor) {
        super(state);
        this.mmu = mmu;
        this.slowPath = slowPath;
        this.executor = executor;
    }

    /** Throws what was thrown within the region that was left. */
    void rethrow() {
        Throwable toThrow = thrown;
        thrown = null;
        if (toThrow instanceof RuntimeException exception) {
            throw exception;
        }
        if (toThrow instanceof Error error) {
            throw error;
        }
    }

    private void endBy(Throwable end) {
        thrown = end;
        stop();
    }

    private void stop() {
        stopped = true;
        pc = NOWHERE;
    }

    @Override
    public int call(long target, long returnTo, int left) {
        return executor.call(target, returnTo, left);
    }

    @Override
    public long load(long va, long old, int left, int packed) {
        locate(left, packed);
        try {
            return load(va, old, packed);
        } catch (RuntimeException | Error e) {
            endBy(e);
            return old;
        }
    }

    private long load(long va, long old, int packed) {
        int op = op(packed);
        int size = switch (op) {
            case Op.LD, Op.FLD -> 8;
            case Op.LW, Op.LWU, Op.FLW -> 4;
            case Op.LH, Op.LHU -> 2;
            default -> 1;
        };
        if (!mmu.load(va, size)) {
            slowPath.takeFault();
            stop();
            return old;
        }
        long value = mmu.loaded;
        finish(packed);
        return switch (op) {
            case Op.LW -> (int) value;
            case Op.LH -> (short) value;
            case Op.LB -> (byte) value;
            case Op.FLW -> F32.box((int) value);
            default -> value;
        };
    }

    @Override
    public void store(long va, long value, int left, int packed) {
        locate(left, packed);
        try {
            store(va, value, packed);
        } catch (RuntimeException | Error e) {
            endBy(e);
        }
    }

    private void store(long va, long value, int packed) {
        int size = switch (op(packed)) {
            case Op.SD, Op.FSD -> 8;
            case Op.SW, Op.FSW -> 4;
            case Op.SH -> 2;
            default -> 1;
        };
        if (mmu.store(va, size, value)) {
            finish(packed);
        } else {
            slowPath.takeFault();
            stop();
        }
    }

    private void finish(int packed) {
        if (slowPath.mustStop()) {
            slowPath.complete(nextPc(packed));
            stop();
        }
    }

    @Override
    public void execute(long word, int left, int packed) {
        locate(left, packed);
        try {
            if (!slowPath.execute(word, nextPc(packed))) {
                stop();
            }
        } catch (RuntimeException | Error e) {
            endBy(e);
        }
    }
}
