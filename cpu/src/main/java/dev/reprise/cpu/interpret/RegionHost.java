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

    RegionHost(CpuState state, Mmu mmu, SlowPath slowPath) {
        super(state);
        this.mmu = mmu;
        this.slowPath = slowPath;
    }

    @Override
    public long load(long va, long old, int left, int packed) {
        locate(left, packed);
        int op = op(packed);
        int size = switch (op) {
            case Op.LD, Op.FLD -> 8;
            case Op.LW, Op.LWU, Op.FLW -> 4;
            case Op.LH, Op.LHU -> 2;
            default -> 1;
        };
        if (!mmu.load(va, size)) {
            slowPath.takeFault();
            stopped = true;
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
            stopped = true;
        }
    }

    private void finish(int packed) {
        if (slowPath.mustStop()) {
            slowPath.complete(nextPc(packed));
            stopped = true;
        }
    }

    @Override
    public void execute(long word, int left, int packed) {
        locate(left, packed);
        if (!slowPath.execute(word, nextPc(packed))) {
            stopped = true;
        }
    }
}
