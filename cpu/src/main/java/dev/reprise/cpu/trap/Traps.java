package dev.reprise.cpu.trap;

import static dev.reprise.cpu.csr.Csr.MPP_SHIFT;
import static dev.reprise.cpu.csr.Csr.MSTATUS_MIE;
import static dev.reprise.cpu.csr.Csr.MSTATUS_MPIE;
import static dev.reprise.cpu.csr.Csr.MSTATUS_MPP;
import static dev.reprise.cpu.csr.Csr.MSTATUS_MPRV;
import static dev.reprise.cpu.csr.Csr.MSTATUS_SIE;
import static dev.reprise.cpu.csr.Csr.MSTATUS_SPIE;
import static dev.reprise.cpu.csr.Csr.MSTATUS_SPP;
import static dev.reprise.cpu.csr.Csr.MSTATUS_TSR;
import static dev.reprise.cpu.csr.CpuState.MACHINE;
import static dev.reprise.cpu.csr.CpuState.NO_RESERVATION;
import static dev.reprise.cpu.csr.CpuState.SUPERVISOR;
import static dev.reprise.cpu.csr.CpuState.USER;

import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.csr.Csr;

/**
 * Trap entry and return as changes of the state (privileged specification 1.12, 3.1.6, 3.1.15 and 4.1.1). Entering a
 * trap and returning from one both end an LR's reservation, as in QEMU.
 */
public final class Traps {
    /** No interrupt is pending and enabled. */
    public static final int NONE = -1;
    private static final long INTERRUPT = 1L << 63;

    private Traps() {
    }

    /** Enters an exception raised by the instruction at the current pc. */
    public static void enterException(CpuState s, int cause, long tval) {
        boolean delegated = s.privilege <= SUPERVISOR && (s.medeleg >>> cause & 1) != 0;
        enter(s, cause, tval, delegated, false);
    }

    /** Enters an interrupt that {@link #pendingInterrupt} named. */
    public static void enterInterrupt(CpuState s, int cause) {
        enter(s, cause, 0, (s.mideleg >>> cause & 1) != 0, true);
        s.waiting = false;
    }

    private static void enter(CpuState s, int cause, long tval, boolean delegated, boolean interrupt) {
        if (s.trapListener != null) {
            s.trapListener.onTrap(interrupt, cause);
        }
        long causeRegister = interrupt ? INTERRUPT | cause : cause;
        long vector;
        if (delegated) {
            s.sepc = s.pc;
            s.scause = causeRegister;
            s.stval = tval;
            boolean enabled = (s.mstatus & MSTATUS_SIE) != 0;
            s.mstatus = s.mstatus & ~(MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP)
                    | (enabled ? MSTATUS_SPIE : 0) | (s.privilege == SUPERVISOR ? MSTATUS_SPP : 0);
            s.privilege = SUPERVISOR;
            vector = s.stvec;
        } else {
            s.mepc = s.pc;
            s.mcause = causeRegister;
            s.mtval = tval;
            boolean enabled = (s.mstatus & MSTATUS_MIE) != 0;
            s.mstatus = s.mstatus & ~(MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP)
                    | (enabled ? MSTATUS_MPIE : 0) | (long) s.privilege << MPP_SHIFT;
            s.privilege = MACHINE;
            vector = s.mtvec;
        }
        s.pc = (vector & ~3) + (interrupt && (vector & 1) != 0 ? 4L * cause : 0);
        s.reservation = NO_RESERVATION;
        s.changed |= CpuState.CHANGED_CONTEXT | CpuState.CHANGED_INTERRUPTS;
    }

    /** MRET; false if it is illegal in this mode. */
    public static boolean machineReturn(CpuState s) {
        if (s.privilege != MACHINE) {
            return false;
        }
        int previous = (int) (s.mstatus >>> MPP_SHIFT) & 3;
        boolean enable = (s.mstatus & MSTATUS_MPIE) != 0;
        s.mstatus = s.mstatus & ~(MSTATUS_MIE | MSTATUS_MPP) | (enable ? MSTATUS_MIE : 0) | MSTATUS_MPIE;
        leaveTo(s, previous, s.mepc);
        return true;
    }

    /** SRET; false if it is illegal in this mode. */
    public static boolean supervisorReturn(CpuState s) {
        if (s.privilege == USER || s.privilege == SUPERVISOR && (s.mstatus & MSTATUS_TSR) != 0) {
            return false;
        }
        int previous = (s.mstatus & MSTATUS_SPP) != 0 ? SUPERVISOR : USER;
        boolean enable = (s.mstatus & MSTATUS_SPIE) != 0;
        s.mstatus = s.mstatus & ~(MSTATUS_SIE | MSTATUS_SPP) | (enable ? MSTATUS_SIE : 0) | MSTATUS_SPIE;
        leaveTo(s, previous, s.sepc);
        return true;
    }

    private static void leaveTo(CpuState s, int privilege, long pc) {
        if (privilege != MACHINE) {
            s.mstatus &= ~MSTATUS_MPRV;
        }
        s.privilege = privilege;
        s.pc = pc;
        s.reservation = NO_RESERVATION;
        s.changed |= CpuState.CHANGED_CONTEXT | CpuState.CHANGED_INTERRUPTS;
    }

    /** The code of the interrupt that is entered next, or {@link #NONE} (privileged specification 3.1.9, 4.1.3). */
    public static int pendingInterrupt(CpuState s) {
        long pending = s.mip() & s.mie;
        if (pending == 0) {
            return NONE;
        }
        long machine = pending & ~s.mideleg;
        if (machine != 0 && (s.privilege < MACHINE || (s.mstatus & MSTATUS_MIE) != 0)) {
            return first(machine);
        }
        long supervisor = pending & s.mideleg;
        boolean enabled = s.privilege < SUPERVISOR || s.privilege == SUPERVISOR && (s.mstatus & MSTATUS_SIE) != 0;
        return supervisor != 0 && enabled ? first(supervisor) : NONE;
    }

    /** External before software before timer, the machine's before the supervisor's. */
    private static int first(long pending) {
        if ((pending & Csr.MEIP) != 0) {
            return 11;
        }
        if ((pending & Csr.MSIP) != 0) {
            return 3;
        }
        if ((pending & Csr.MTIP) != 0) {
            return 7;
        }
        if ((pending & Csr.SEIP) != 0) {
            return 9;
        }
        return (pending & Csr.SSIP) != 0 ? 1 : 5;
    }
}
