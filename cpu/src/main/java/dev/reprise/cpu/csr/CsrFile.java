package dev.reprise.cpu.csr;

import static dev.reprise.cpu.csr.Csr.MSTATUS_FS;
import static dev.reprise.cpu.csr.Csr.MSTATUS_MPP;
import static dev.reprise.cpu.csr.Csr.MSTATUS_MPRV;
import static dev.reprise.cpu.csr.Csr.MSTATUS_MXR;
import static dev.reprise.cpu.csr.Csr.MSTATUS_SUM;
import static dev.reprise.cpu.csr.Csr.MSTATUS_TVM;
import static dev.reprise.cpu.csr.Csr.MSTATUS_VS;

import dev.reprise.cpu.bus.Platform;
import dev.reprise.cpu.mmu.PagingMode;
import dev.reprise.cpu.trap.Traps;

/**
 * Reads and writes CSRs with the access rules of the privilege mode.
 *
 * <p>Where the specification leaves a choice this does as QEMU 7.2's rv64: unknown trap-vector modes and satp modes
 * leave the register as it was, mcause and scause keep any value, misa is read-only, mstatus.VS can be written though
 * there are no vectors. Fields of the hypervisor and of extensions that this hart lacks are zero. The event counters and
 * their selectors are read-only zero; there are no debug triggers (their CSRs are illegal).
 */
public final class CsrFile {
    /** RV64, extensions ACDFIMSU. */
    public static final long MISA = 2L << 62 | 0x14112d;
    /** What the judge shows in marchid and mimpid: its version. */
    private static final long IMPLEMENTATION = 0x70216;
    private static final long MSTATUS_WRITABLE = 0x7e79aaL | MSTATUS_VS;
    private static final long SSTATUS_WRITABLE = 0xc6122L | MSTATUS_VS;
    private static final long S_INTERRUPTS = Csr.SSIP | Csr.STIP | Csr.SEIP;
    private static final long M_INTERRUPTS = Csr.MSIP | Csr.MTIP | Csr.MEIP;
    private static final long MEDELEG_WRITABLE = 0xb3ff;
    /** FIOM, CBIE, CBCFE, CBZE. */
    private static final long SENVCFG_WRITABLE = 0xf1;
    private static final long MENVCFG_WRITABLE = SENVCFG_WRITABLE | 1L << 63;
    private static final long COUNTERS = 0xffff_ffffL;
    private static final long COUNTER_TIME = 2;
    private static final long PMPADDR_WRITABLE = (1L << 54) - 1;
    private static final int PMP_LOCKED = 0x80;
    private static final int PMP_TOR = 8;

    private final CpuState state;
    private final Platform platform;
    private final long hartId;
    private final PagingMode paging;

    /** What the last successful {@link #read} or {@link #modify} found. */
    public long value;

    public CsrFile(CpuState state, Platform platform, long hartId, PagingMode paging) {
        this.state = state;
        this.platform = platform;
        this.hartId = hartId;
        this.paging = paging;
    }

    /**
     * One CSR instruction: {@link #value} becomes the old value, then the bits of {@code mask} are set to those of
     * {@code bits}; a zero mask given with {@code write} still counts as a write.
     *
     * @return false if the access is an illegal instruction
     */
    public boolean modify(int number, long bits, long mask, boolean write) {
        if ((number >>> 8 & 3) > state.privilege || write && number >>> 10 == 3 || !read(number)) {
            return false;
        }
        if (write) {
            long old = value;
            if (number == Csr.MIP || number == Csr.SIP) {
                writePending(number == Csr.MIP ? mipWritable() : Csr.SSIP & state.mideleg, bits, mask);
            } else {
                write(number, old & ~mask | bits & mask);
            }
            value = old;
        }
        return true;
    }

    /** SEIP as software sees it is ORed with its line, and only the software's bit takes part in a modification. */
    private void writePending(long writable, long bits, long mask) {
        long change = mask & writable;
        state.softwarePending = state.softwarePending & ~change | bits & change;
        state.changed |= CpuState.CHANGED_INTERRUPTS;
    }

    private long mipWritable() {
        return state.timerEnabled() ? S_INTERRUPTS & ~Csr.STIP : S_INTERRUPTS;
    }

    /**
     * Reads into {@link #value}. Checks everything but the privilege that the number itself names.
     *
     * @return false if there is no such register, or the mode may not read it
     */
    public boolean read(int number) {
        CpuState s = state;
        switch (number) {
            case Csr.FFLAGS -> value = s.flags.bits;
            case Csr.FRM -> value = s.frm;
            case Csr.FCSR -> value = s.frm << 5 | s.flags.bits;
            case Csr.SSTATUS -> value = mstatus() & (SSTATUS_WRITABLE | Csr.MSTATUS_SD | Csr.MSTATUS_UXL_64);
            case Csr.SIE -> value = s.mie & s.mideleg;
            case Csr.STVEC -> value = s.stvec;
            case Csr.SCOUNTEREN -> value = s.scounteren;
            case Csr.SENVCFG -> value = s.senvcfg;
            case Csr.SSCRATCH -> value = s.sscratch;
            case Csr.SEPC -> value = s.sepc;
            case Csr.SCAUSE -> value = s.scause;
            case Csr.STVAL -> value = s.stval;
            case Csr.SIP -> value = s.mip() & s.mideleg;
            case Csr.STIMECMP -> value = s.stimecmp;
            case Csr.SATP -> value = s.satp;
            case Csr.MSTATUS -> value = mstatus();
            case Csr.MISA -> value = MISA;
            case Csr.MEDELEG -> value = s.medeleg;
            case Csr.MIDELEG -> value = s.mideleg;
            case Csr.MIE -> value = s.mie;
            case Csr.MTVEC -> value = s.mtvec;
            case Csr.MCOUNTEREN -> value = s.mcounteren;
            case Csr.MENVCFG -> value = s.menvcfg;
            case Csr.MCOUNTINHIBIT -> value = s.mcountinhibit;
            case Csr.MSCRATCH -> value = s.mscratch;
            case Csr.MEPC -> value = s.mepc;
            case Csr.MCAUSE -> value = s.mcause;
            case Csr.MTVAL -> value = s.mtval;
            case Csr.MIP -> value = s.mip();
            case Csr.PMPCFG0 -> value = pmpcfg(0);
            case Csr.PMPCFG2 -> value = pmpcfg(8);
            case Csr.MCYCLE, Csr.CYCLE -> value = cycle();
            case Csr.MINSTRET, Csr.INSTRET -> value = instret();
            case Csr.TIME -> value = 0;
            case Csr.MVENDORID, Csr.MCONFIGPTR -> value = 0;
            case Csr.MARCHID, Csr.MIMPID -> value = IMPLEMENTATION;
            case Csr.MHARTID -> value = hartId;
            default -> {
                return readNumbered(number);
            }
        }
        return mayAccess(number);
    }

    private boolean readNumbered(int number) {
        if (number >= Csr.PMPADDR0 && number <= Csr.PMPADDR15) {
            value = state.pmpaddr[number - Csr.PMPADDR0];
            return true;
        }
        value = 0;
        return number >= Csr.MHPMEVENT3 && number <= Csr.MHPMEVENT31
                || number >= Csr.MHPMCOUNTER3 && number <= Csr.MHPMCOUNTER31
                || number >= Csr.HPMCOUNTER3 && number <= Csr.HPMCOUNTER31 && mayCount(number);
    }

    /** Access rules beyond the privilege in the number. Reading the time costs a call, so it waits for the check. */
    private boolean mayAccess(int number) {
        return switch (number) {
            case Csr.FFLAGS, Csr.FRM, Csr.FCSR -> state.floatEnabled();
            case Csr.SATP -> state.privilege == CpuState.MACHINE || (state.mstatus & MSTATUS_TVM) == 0;
            case Csr.STIMECMP -> state.privilege == CpuState.MACHINE
                    || (state.mcounteren & COUNTER_TIME) != 0 && state.timerEnabled();
            case Csr.CYCLE, Csr.INSTRET -> mayCount(number);
            case Csr.TIME -> {
                boolean may = mayCount(number);
                if (may) {
                    value = platform.timeTicks(state.step);
                }
                yield may;
            }
            default -> true;
        };
    }

    private boolean mayCount(int number) {
        long bit = 1L << (number & 31);
        return state.privilege == CpuState.MACHINE || (state.mcounteren & bit) != 0
                && (state.privilege == CpuState.SUPERVISOR || (state.scounteren & bit) != 0);
    }

    private long mstatus() {
        long status = state.mstatus | Csr.MSTATUS_UXL_64 | Csr.MSTATUS_SXL_64;
        boolean dirty = (status & MSTATUS_FS) == MSTATUS_FS || (status & MSTATUS_VS) == MSTATUS_VS;
        return dirty ? status | Csr.MSTATUS_SD : status;
    }

    private long cycle() {
        return (state.mcountinhibit & 1) != 0 ? state.cycleBias : state.cycleBias + state.step;
    }

    private long instret() {
        return (state.mcountinhibit & 4) != 0 ? state.instretBias : state.instretBias + state.step;
    }

    private long pmpcfg(int first) {
        long all = 0;
        for (int i = 7; i >= 0; i--) {
            all = all << 8 | state.pmpcfg[first + i] & 0xff;
        }
        return all;
    }

    /** Writes a register that {@link #read} has accepted; values are made legal, read-only fields stay. */
    public void write(int number, long v) {
        CpuState s = state;
        switch (number) {
            case Csr.FFLAGS -> writeFcsr(s.frm, (int) v & 31);
            case Csr.FRM -> writeFcsr((int) v & 7, s.flags.bits);
            case Csr.FCSR -> writeFcsr((int) v >>> 5 & 7, (int) v & 31);
            case Csr.SSTATUS -> writeStatus(s.mstatus & ~SSTATUS_WRITABLE | v & SSTATUS_WRITABLE);
            case Csr.SIE -> writeEnabled(s.mie & ~s.mideleg | v & s.mideleg);
            case Csr.STVEC -> s.stvec = (v & 2) == 0 ? v : s.stvec;
            case Csr.SCOUNTEREN -> s.scounteren = v & COUNTERS;
            case Csr.SENVCFG -> s.senvcfg = v & SENVCFG_WRITABLE;
            case Csr.SSCRATCH -> s.sscratch = v;
            case Csr.SEPC -> s.sepc = v & ~1;
            case Csr.SCAUSE -> s.scause = v;
            case Csr.STVAL -> s.stval = v;
            case Csr.STIMECMP -> {
                s.stimecmp = v;
                s.changed |= CpuState.CHANGED_TIMER;
            }
            case Csr.SATP -> writeSatp(v);
            case Csr.MSTATUS -> writeStatus(legalStatus(v));
            case Csr.MEDELEG -> s.medeleg = v & MEDELEG_WRITABLE;
            case Csr.MIDELEG -> {
                s.mideleg = v & S_INTERRUPTS;
                s.changed |= CpuState.CHANGED_INTERRUPTS;
            }
            case Csr.MIE -> writeEnabled(v & (S_INTERRUPTS | M_INTERRUPTS));
            case Csr.MTVEC -> s.mtvec = (v & 2) == 0 ? v : s.mtvec;
            case Csr.MCOUNTEREN -> s.mcounteren = v & COUNTERS;
            case Csr.MENVCFG -> {
                s.menvcfg = v & MENVCFG_WRITABLE;
                s.changed |= CpuState.CHANGED_TIMER | CpuState.CHANGED_INTERRUPTS;
            }
            case Csr.MCOUNTINHIBIT -> writeInhibit(v & COUNTERS & ~COUNTER_TIME);
            case Csr.MSCRATCH -> s.mscratch = v;
            case Csr.MEPC -> s.mepc = v & ~1;
            case Csr.MCAUSE -> s.mcause = v;
            case Csr.MTVAL -> s.mtval = v;
            case Csr.PMPCFG0 -> writePmpcfg(0, v);
            case Csr.PMPCFG2 -> writePmpcfg(8, v);
            // The next instruction reads what was written: the bias is for the step after this one.
            case Csr.MCYCLE -> s.cycleBias = (s.mcountinhibit & 1) != 0 ? v : v - s.step - 1;
            case Csr.MINSTRET -> s.instretBias = (s.mcountinhibit & 4) != 0 ? v : v - s.step - 1;
            default -> {
                if (number >= Csr.PMPADDR0 && number <= Csr.PMPADDR15) {
                    writePmpaddr(number - Csr.PMPADDR0, v & PMPADDR_WRITABLE);
                }
            }
        }
    }

    private void writeFcsr(int frm, int flags) {
        if (frm != state.frm || (state.mstatus & MSTATUS_FS) != MSTATUS_FS) {
            state.changed |= CpuState.CHANGED_CONTEXT;
        }
        state.frm = frm;
        state.flags.bits = flags;
        state.mstatus |= MSTATUS_FS;
    }

    private long legalStatus(long v) {
        long status = v & MSTATUS_WRITABLE;
        return (status & MSTATUS_MPP) == 2L << Csr.MPP_SHIFT ? status & ~MSTATUS_MPP : status;
    }

    private void writeStatus(long status) {
        long difference = status ^ state.mstatus;
        state.mstatus = status;
        if ((difference & (MSTATUS_MPRV | MSTATUS_SUM | MSTATUS_MXR | MSTATUS_MPP | MSTATUS_FS)) != 0) {
            state.changed |= CpuState.CHANGED_CONTEXT;
        }
        lookForInterrupt();
    }

    private void writeEnabled(long enabled) {
        state.mie = enabled;
        lookForInterrupt();
    }

    /**
     * An enable was written. The run goes on unless that has made an interrupt due: what becomes pending later is noticed
     * where it does. Kernels turn interrupts off and on around everything, and seldom is one waiting.
     */
    private void lookForInterrupt() {
        if (Traps.pendingInterrupt(state) != Traps.NONE) {
            state.changed |= CpuState.CHANGED_INTERRUPTS;
        }
    }

    private void writeSatp(long v) {
        int mode = (int) (v >>> 60);
        boolean known = mode == 0 || mode == 8 || mode == 9 && paging == PagingMode.SV48;
        if (known && v != state.satp) {
            state.satp = v;
            state.changed |= CpuState.CHANGED_CONTEXT;
        }
    }

    /** Counters that stop keep their value; those that start again go on from it. */
    private void writeInhibit(long v) {
        long cycle = cycle();
        long instret = instret();
        long difference = v ^ state.mcountinhibit;
        state.mcountinhibit = v;
        // The step of this instruction counts under the old setting, so it is in the value from the next step on.
        if ((difference & 1) != 0) {
            state.cycleBias = (v & 1) != 0 ? cycle + 1 : cycle - state.step - 1;
        }
        if ((difference & 4) != 0) {
            state.instretBias = (v & 4) != 0 ? instret + 1 : instret - state.step - 1;
        }
    }

    private void writePmpcfg(int first, long v) {
        for (int i = 0; i < 8; i++) {
            if ((state.pmpcfg[first + i] & PMP_LOCKED) == 0) {
                state.pmpcfg[first + i] = (byte) (v >>> 8 * i & 0x9f);
            }
        }
        state.changed |= CpuState.CHANGED_PMP;
    }

    private void writePmpaddr(int entry, long v) {
        int next = entry < 15 ? state.pmpcfg[entry + 1] : 0;
        boolean lockedAsStart = (next & PMP_LOCKED) != 0 && (next & 0x18) == PMP_TOR;
        if ((state.pmpcfg[entry] & PMP_LOCKED) == 0 && !lockedAsStart) {
            state.pmpaddr[entry] = v;
            state.changed |= CpuState.CHANGED_PMP;
        }
    }
}
