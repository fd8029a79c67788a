package dev.reprise.cpu.judge;

/** The CSRs that every sequence sets at its start and stores at its end, by number. */
final class Csrs {
    static final int FFLAGS = 0x001;
    static final int FRM = 0x002;
    static final int FCSR = 0x003;
    static final int SSTATUS = 0x100;
    static final int SIE = 0x104;
    static final int STVEC = 0x105;
    static final int SCOUNTEREN = 0x106;
    static final int SENVCFG = 0x10a;
    static final int SSCRATCH = 0x140;
    static final int SEPC = 0x141;
    static final int SCAUSE = 0x142;
    static final int STVAL = 0x143;
    static final int SIP = 0x144;
    static final int STIMECMP = 0x14d;
    static final int SATP = 0x180;
    static final int MSTATUS = 0x300;
    static final int MISA = 0x301;
    static final int MEDELEG = 0x302;
    static final int MIDELEG = 0x303;
    static final int MIE = 0x304;
    static final int MTVEC = 0x305;
    static final int MCOUNTEREN = 0x306;
    static final int MENVCFG = 0x30a;
    static final int MCOUNTINHIBIT = 0x320;
    static final int MSCRATCH = 0x340;
    static final int MEPC = 0x341;
    static final int MCAUSE = 0x342;
    static final int MTVAL = 0x343;
    static final int MIP = 0x344;
    static final int PMPCFG0 = 0x3a0;
    static final int PMPCFG2 = 0x3a2;
    static final int PMPADDR0 = 0x3b0;

    /** Written in this order by the prologue, from the state's CSRINIT. */
    static final int[] INIT = {MENVCFG, SENVCFG, STIMECMP, MEDELEG, MIDELEG, MIE, MIP, MCOUNTEREN, SCOUNTEREN,
        MSCRATCH, SSCRATCH, SEPC, SCAUSE, STVAL, MTVAL, MCAUSE, STVEC, MTVEC, MCOUNTINHIBIT, PMPADDR0, PMPADDR0 + 1,
        PMPADDR0 + 2, PMPADDR0 + 3, PMPADDR0 + 4, PMPADDR0 + 5, PMPADDR0 + 6, PMPADDR0 + 7, PMPCFG2, PMPCFG0, SATP,
        FCSR, MEPC};

    /** Stored at the end, into the state's CSRDUMP. */
    static final int[] DUMP = {FCSR, SSTATUS, SIE, STVEC, SCOUNTEREN, SENVCFG, SSCRATCH, SEPC, SCAUSE, STVAL, SIP,
        STIMECMP, SATP, MSTATUS, MISA, MEDELEG, MIDELEG, MIE, MTVEC, MCOUNTEREN, MENVCFG, MCOUNTINHIBIT, MSCRATCH,
        MEPC, MCAUSE, MTVAL, MIP, PMPCFG0, PMPCFG2, PMPADDR0, PMPADDR0 + 1, PMPADDR0 + 2, PMPADDR0 + 3, PMPADDR0 + 4,
        PMPADDR0 + 5, PMPADDR0 + 6, PMPADDR0 + 7, PMPADDR0 + 8, PMPADDR0 + 15, 0xf11, 0xf12, 0xf13, 0xf14, 0xf15};

    static final long MENVCFG_STCE = 1L << 63;
    static final long MSTATUS_SIE = 1 << 1;
    static final long MSTATUS_MIE = 1 << 3;
    static final long MSTATUS_SPIE = 1 << 5;
    static final long MSTATUS_MPIE = 1 << 7;
    static final long MSTATUS_SPP = 1 << 8;
    static final int MPP_SHIFT = 11;
    static final int FS_SHIFT = 13;
    static final long MSTATUS_MPRV = 1 << 17;
    static final long MSTATUS_SUM = 1 << 18;
    static final long MSTATUS_MXR = 1 << 19;
    static final long MSTATUS_TVM = 1 << 20;
    static final long MSTATUS_TW = 1 << 21;
    static final long MSTATUS_TSR = 1 << 22;

    private Csrs() {
    }

    static int initIndex(int csr) {
        for (int i = 0; i < INIT.length; i++) {
            if (INIT[i] == csr) {
                return i;
            }
        }
        throw new IllegalArgumentException("no initial value for CSR " + csr);
    }
}
