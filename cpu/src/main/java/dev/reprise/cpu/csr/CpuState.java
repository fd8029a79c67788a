package dev.reprise.cpu.csr;

import dev.reprise.cpu.fpu.FpFlags;
import dev.reprise.cpu.trap.TrapListener;
import java.util.Arrays;

/**
 * Everything about a hart that its guest can see, as plain fields: the executors, the CSRs and the traps work on it.
 * Owned by the guest thread.
 */
public final class CpuState {
    /** Privilege modes, as encoded in MPP. */
    public static final int USER = 0;
    public static final int SUPERVISOR = 1;
    public static final int MACHINE = 3;
    /** No reservation: not the address of any aligned load. */
    public static final long NO_RESERVATION = -1;

    /** Bits of {@link #changed}: which derived things are stale. */
    public static final int CHANGED_CONTEXT = 1;
    public static final int CHANGED_PMP = 2;
    public static final int CHANGED_INTERRUPTS = 4;
    public static final int CHANGED_TIMER = 8;

    /** x0 to x31, then what executors write for x0 ({@code Predecoded.SINK}); 64 long so that any six-bit index is in range. */
    public final long[] x = new long[64];
    /** f0 to f31; singles are NaN-boxed. */
    public final long[] f = new long[32];
    public final FpFlags flags = new FpFlags();
    public int frm;
    public long pc;
    public int privilege = MACHINE;
    /** The number of the step that is being, or will next be, executed. */
    public long step;
    /** Waits for an interrupt, after WFI. */
    public boolean waiting;
    /** Virtual address of the LR's reservation, and the value that it loaded, sign-extended. */
    public long reservation = NO_RESERVATION;
    public long reservedValue;

    public long mstatus;
    public long medeleg;
    public long mideleg;
    public long mie;
    public long mtvec;
    public long mscratch;
    public long mepc;
    public long mcause;
    public long mtval;
    public long mcounteren;
    public long mcountinhibit;
    public long menvcfg;
    public long stvec;
    public long sscratch;
    public long sepc;
    public long scause;
    public long stval;
    public long scounteren;
    public long senvcfg;
    public long satp;
    public long stimecmp;
    /** mcycle minus the step; while inhibited, mcycle itself. */
    public long cycleBias;
    /** minstret minus the step; while inhibited, minstret itself. */
    public long instretBias;
    /** pmp0cfg to pmp15cfg. */
    public final byte[] pmpcfg = new byte[16];
    public final long[] pmpaddr = new long[16];

    /** Levels of the interrupt lines, as bits of mip. */
    public long lines;
    /** Bits of mip that software set: SSIP, STIP, SEIP. */
    public long softwarePending;
    /** The time has reached stimecmp, and Sstc is enabled. */
    public boolean timerPending;

    /** Steps of this process that did not retire an instruction; a figure for reports, not state. */
    public long notRetired;

    /** What an instruction changed that is cached elsewhere; not state. */
    public int changed;
    /** Not part of the state; null for nobody. */
    public TrapListener trapListener;

    /** The {@code mip} register. With Sstc on, STIP is stimecmp's alone (Sstc 1.0, chapter 2). */
    public long mip() {
        long software = timerEnabled() ? softwarePending & ~Csr.STIP : softwarePending;
        return lines | software | (timerPending ? Csr.STIP : 0);
    }

    /** Whether Sstc drives STIP. */
    public boolean timerEnabled() {
        return menvcfg < 0;
    }

    public boolean floatEnabled() {
        return (mstatus & Csr.MSTATUS_FS) != 0;
    }

    /** A step did not retire an instruction: a trap, an interrupt entry or a wake. Call it once for that step. */
    public void stepDidNotRetire() {
        notRetired++;
        if ((mcountinhibit & 4) == 0) {
            instretBias--;
        }
    }

    /** Sets the reset values (privileged specification 3.4; QEMU's where it leaves them open). The step stays. */
    public void reset(long resetPc) {
        Arrays.fill(x, 0);
        Arrays.fill(f, 0);
        Arrays.fill(pmpcfg, (byte) 0);
        Arrays.fill(pmpaddr, 0);
        flags.bits = 0;
        frm = 0;
        pc = resetPc;
        privilege = MACHINE;
        waiting = false;
        reservation = NO_RESERVATION;
        reservedValue = 0;
        mstatus = 0;
        medeleg = mideleg = mie = mtvec = mscratch = mepc = mcause = mtval = 0;
        mcounteren = mcountinhibit = menvcfg = 0;
        stvec = sscratch = sepc = scause = stval = scounteren = senvcfg = satp = stimecmp = 0;
        cycleBias = instretBias = -step;
        softwarePending = 0;
        timerPending = false;
        changed = -1;
    }
}
