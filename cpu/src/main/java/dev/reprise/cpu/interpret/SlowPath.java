package dev.reprise.cpu.interpret;

import static dev.reprise.cpu.bus.HostMemory.MEMORY;

import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.csr.CsrFile;
import dev.reprise.cpu.decode.Decoder;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import dev.reprise.cpu.fpu.F32;
import dev.reprise.cpu.isa.DoubleUnit;
import dev.reprise.cpu.isa.IntegerUnit;
import dev.reprise.cpu.isa.SingleUnit;
import dev.reprise.cpu.mmu.DataTlb;
import dev.reprise.cpu.mmu.Mmu;
import dev.reprise.cpu.trap.Cause;
import dev.reprise.cpu.trap.Traps;

/**
 * Executes one instruction that the hot loop does not finish by itself: it misses the TLB, calls a device, traps,
 * changes the context, or is rare. The caller has set pc and step exactly, so that whatever is called sees them.
 *
 * <p>LR and SC: the reservation is the virtual address and the value that LR loaded. SC succeeds if its address is the
 * reserved one and memory still holds that value; a trap, a return from one and any SC end the reservation. This is what
 * QEMU does; the specification permits it (unprivileged, section 8.2), since a store of another value in between is seen.
 */
final class SlowPath {
    private static final int DONE = 0;
    private static final int TRAPPED = 1;
    private static final int JUMPED = 2;
    private static final long LOW_WORD = 0xffff_ffffL;

    private final CpuState state;
    private final CsrFile csrs;
    private final Mmu mmu;
    private final PhysicalBus bus;

    SlowPath(CpuState state, CsrFile csrs, Mmu mmu, PhysicalBus bus) {
        this.state = state;
        this.csrs = csrs;
        this.mmu = mmu;
        this.bus = bus;
    }

    /**
     * Executes the instruction at the current pc.
     *
     * @param nextPc where the following instruction is
     * @return true if the hot loop may go on behind it, with pc and step still those of this instruction; false if this
     *     step is complete, pc and step are those of the next, and everything must be looked at again
     */
    boolean execute(long word, long nextPc) {
        int result = dispatch(word, Predecoded.op(word));
        if (result == DONE) {
            if (!mustStop()) {
                return true;
            }
            state.pc = nextPc;
        } else if (result == TRAPPED) {
            state.stepDidNotRetire();
        } else if (Predecoded.op(word) == Op.WFI) {
            state.pc = nextPc;
        }
        state.step++;
        applyChanges();
        return false;
    }

    /** Executes an integer operation of M, Zba, Zbb or Zbs; false, and nothing done, if it is something else. */
    boolean compute(long word) {
        int op = Predecoded.op(word);
        if (op < Op.MUL || op > Op.BSETI) {
            return false;
        }
        long[] x = state.x;
        x[Predecoded.rd(word)] = IntegerUnit.compute(op, x[Predecoded.rs1(word)], x[Predecoded.rs2(word)] + Predecoded.imm(word));
        return true;
    }

    /** A fetch, load or store at the current pc has failed, as the MMU's fields say: one step. */
    void takeFault() {
        trap(mmu.faultCause, mmu.faultAddress);
        state.stepDidNotRetire();
        state.step++;
        applyChanges();
    }

    /** Whether what the last access or instruction did must be looked at before the next. */
    boolean mustStop() {
        return mmu.attention || state.changed != 0;
    }

    /** Brings the MMU up to date with the registers; what concerns interrupts and timers is left for the hart. */
    void applyChanges() {
        int changed = state.changed;
        if ((changed & CpuState.CHANGED_PMP) != 0) {
            mmu.protectionChanged();
        }
        if ((changed & CpuState.CHANGED_CONTEXT) != 0) {
            mmu.contextChanged();
        }
        state.changed = changed & CpuState.CHANGED_TIMER;
    }

    private int dispatch(long word, int op) {
        if (op >= Op.LD && op <= Op.LH) {
            return load(word, op);
        }
        if (op >= Op.SD && op <= Op.SH) {
            long size = op == Op.SD ? 8 : op == Op.SW ? 4 : op == Op.SB ? 1 : 2;
            return store(word, (int) size, state.x[Predecoded.rs2(word)]);
        }
        if (op >= Op.CSRRW && op <= Op.CSRRCI) {
            return csr(word, op);
        }
        if (op >= Op.LR_W && op <= Op.AMOMAXU_D) {
            return atomic(word, op);
        }
        return op >= Op.FLD ? floating(word, op) : system(op);
    }

    private int trap(int cause, long tval) {
        Traps.enterException(state, cause, tval);
        return TRAPPED;
    }

    private int memoryFault() {
        return trap(mmu.faultCause, mmu.faultAddress);
    }

    private long address(long word) {
        return state.x[Predecoded.rs1(word)] + Predecoded.imm(word);
    }

    private int load(long word, int op) {
        int size = op == Op.LD ? 8 : op == Op.LW || op == Op.LWU ? 4 : op == Op.LBU || op == Op.LB ? 1 : 2;
        if (!mmu.load(address(word), size)) {
            return memoryFault();
        }
        long value = mmu.loaded;
        state.x[Predecoded.rd(word)] = switch (op) {
            case Op.LW -> (int) value;
            case Op.LH -> (short) value;
            case Op.LB -> (byte) value;
            default -> value;
        };
        return DONE;
    }

    private int store(long word, int size, long value) {
        return mmu.store(address(word), size, value) ? DONE : memoryFault();
    }

    private int csr(long word, int op) {
        int number = Predecoded.imm(word) & 0xfff;
        int source = Predecoded.rs1(word);
        long operand = op >= Op.CSRRWI ? source : state.x[source];
        boolean ok = switch (op) {
            case Op.CSRRW, Op.CSRRWI -> csrs.modify(number, operand, -1, true);
            case Op.CSRRS, Op.CSRRSI -> csrs.modify(number, operand, operand, source != 0);
            default -> csrs.modify(number, 0, operand, source != 0);
        };
        if (!ok) {
            return illegal();
        }
        state.x[Predecoded.rd(word)] = csrs.value;
        return DONE;
    }

    private int atomic(long word, int op) {
        boolean isWord = op <= Op.AMOMAXU_W;
        int size = isWord ? 4 : 8;
        long va = state.x[Predecoded.rs1(word)];
        boolean isLoad = op == Op.LR_W || op == Op.LR_D;
        if (!isLoad && isFastStore(va, size)) {
            fastAtomic(word, op, va, isWord);
            return DONE;
        }
        if ((va & size - 1) != 0) {
            return trap(isLoad ? Cause.LOAD_MISALIGNED : Cause.STORE_MISALIGNED, va);
        }
        if (isLoad) {
            if (!mmu.load(va, size)) {
                return memoryFault();
            }
            long value = isWord ? (int) mmu.loaded : mmu.loaded;
            state.reservation = va;
            state.reservedValue = value;
            state.x[Predecoded.rd(word)] = value;
            return DONE;
        }
        if (op == Op.SC_W || op == Op.SC_D) {
            return storeConditional(word, va, size);
        }
        long address = mmu.writeAddress(va, size);
        if (address == -1) {
            return memoryFault();
        }
        if (!mmu.loadPhysical(address, va, size)) {
            return trap(Cause.STORE_ACCESS, va);
        }
        long old = isWord ? (int) mmu.loaded : mmu.loaded;
        if (!mmu.storePhysical(address, va, size, IntegerUnit.atomic(op, old, state.x[Predecoded.rs2(word)]))) {
            return memoryFault();
        }
        state.x[Predecoded.rd(word)] = old;
        return DONE;
    }

    /** Whether a store may go straight to memory; of an aligned address, and what may be stored to may be read. */
    private boolean isFastStore(long va, int size) {
        return MEMORY.getLong(DataTlb.entry(mmu.data.writes, mmu.data.mask, va)) == (va & (DataTlb.PAGE_MASK | size - 1));
    }

    /** An AMO or SC in a page that {@link #isFastStore} is true of: the same as by way of the MMU. */
    private void fastAtomic(long word, int op, long va, boolean isWord) {
        long at = MEMORY.getLong(DataTlb.entry(mmu.data.writes, mmu.data.mask, va) + DataTlb.ADDEND) + (va & -8);
        int shift = isWord ? (int) va << 3 & 32 : 0;
        long there = MEMORY.getLong(at);
        long old = isWord ? (int) (there >>> shift) : there;
        long operand = state.x[Predecoded.rs2(word)];
        long result = old;
        if (op == Op.SC_W || op == Op.SC_D) {
            boolean success = state.reservation == va && old == (isWord ? (int) state.reservedValue : state.reservedValue);
            state.reservation = CpuState.NO_RESERVATION;
            old = success ? 0 : 1;
            result = success ? operand : result;
        } else {
            result = IntegerUnit.atomic(op, old, operand);
        }
        MEMORY.putLong(at, isWord ? there ^ ((there >>> shift ^ result) & LOW_WORD) << shift : result);
        state.x[Predecoded.rd(word)] = old;
    }

    private int storeConditional(long word, long va, int size) {
        boolean success = false;
        if (state.reservation == va) {
            long address = mmu.writeAddress(va, size);
            if (address == -1) {
                return memoryFault();
            }
            if (!mmu.loadPhysical(address, va, size)) {
                return trap(Cause.STORE_ACCESS, va);
            }
            success = size == 4 ? (int) mmu.loaded == (int) state.reservedValue : mmu.loaded == state.reservedValue;
            if (success && !mmu.storePhysical(address, va, size, state.x[Predecoded.rs2(word)])) {
                return memoryFault();
            }
        }
        state.reservation = CpuState.NO_RESERVATION;
        state.x[Predecoded.rd(word)] = success ? 0 : 1;
        return DONE;
    }

    private int system(int op) {
        switch (op) {
            case Op.FENCE, Op.FENCE_I -> {
                return DONE;
            }
            case Op.SFENCE_VMA -> {
                boolean trapped = state.privilege == CpuState.SUPERVISOR && (state.mstatus & Csr.MSTATUS_TVM) != 0;
                return state.privilege == CpuState.USER || trapped ? illegal() : DONE;
            }
            case Op.ECALL -> {
                return trap(Cause.ECALL_FROM_USER + state.privilege, 0);
            }
            case Op.EBREAK -> {
                return trap(Cause.BREAKPOINT, 0);
            }
            case Op.MRET -> {
                return Traps.machineReturn(state) ? JUMPED : illegal();
            }
            case Op.SRET -> {
                return Traps.supervisorReturn(state) ? JUMPED : illegal();
            }
            case Op.WFI -> {
                boolean trapped = state.privilege == CpuState.SUPERVISOR && (state.mstatus & Csr.MSTATUS_TW) != 0;
                if (state.privilege == CpuState.USER || trapped) {
                    return illegal();
                }
                state.waiting = true;
                return JUMPED;
            }
            default -> {
                return illegal();
            }
        }
    }

    /** QEMU puts the instruction's bits into mtval, 16 of a compressed one. */
    private int illegal() {
        return trap(Cause.ILLEGAL_INSTRUCTION, instructionAt(state.pc));
    }

    private long instructionAt(long pc) {
        int low = halfwordAt(pc);
        return Decoder.lengthOf(low) == 2 ? low : low | (long) halfwordAt(pc + 2) << 16;
    }

    /** The bytes were fetched a moment ago, so this cannot fail. */
    private int halfwordAt(long pc) {
        long address = mmu.fetchAddress(pc, 2);
        return address == -1 ? 0
                : (int) Page.get(bus.page(bus.pageAt(address)), (int) address & PhysicalBus.PAGE_BYTES - 1, 2);
    }

    private int floating(long word, int op) {
        if (!state.floatEnabled()) {
            return illegal();
        }
        if (op == Op.FSD || op == Op.FSW) {
            return store(word, op == Op.FSD ? 8 : 4, state.f[Predecoded.rs2(word)]);
        }
        if (op == Op.FLD || op == Op.FLW) {
            if (!mmu.load(address(word), op == Op.FLD ? 8 : 4)) {
                return memoryFault();
            }
            state.f[Predecoded.rd(word)] = op == Op.FLD ? mmu.loaded : F32.box((int) mmu.loaded);
            markDirty();
            return DONE;
        }
        int rm = roundingMode(word, state.frm);
        if (rm < 0) {
            return illegal();
        }
        int flagsBefore = state.flags.bits;
        compute(state, word, op, rm);
        if (Predecoded.writesF(op) || state.flags.bits != flagsBefore) {
            markDirty();
        }
        return DONE;
    }

    /** The instruction's rounding mode, resolved; -1 if frm holds a reserved one. */
    static int roundingMode(long word, int frm) {
        int rm = Predecoded.rm(word);
        return rm != 7 ? rm : frm <= 4 ? frm : -1;
    }

    /** A floating-point computation (no load, no store) that is known to be legal. */
    static void compute(CpuState state, long word, int op, int rm) {
        if (op < Op.FLW) {
            DoubleUnit.execute(state, op, Predecoded.rd(word), Predecoded.rs1(word), Predecoded.rs2(word), Predecoded.rs3(word), rm);
        } else {
            SingleUnit.execute(state, op, Predecoded.rd(word), Predecoded.rs1(word), Predecoded.rs2(word), Predecoded.rs3(word), rm);
        }
    }

    private void markDirty() {
        if ((state.mstatus & Csr.MSTATUS_FS) != Csr.MSTATUS_FS) {
            state.mstatus |= Csr.MSTATUS_FS;
            state.changed |= CpuState.CHANGED_CONTEXT;
        }
    }
}
