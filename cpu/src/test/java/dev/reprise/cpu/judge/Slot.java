package dev.reprise.cpu.judge;

/**
 * Addresses of the image. Each sequence owns a slot of sixteen pages.
 *
 * <pre>
 *   page 0      stub (entered by a trap to M) and restore (leaves to the body)
 *   page 1, 2   body
 *   page 3      handler of traps to S: ecall; sret
 *   page 4      state: see the offsets below
 *   page 5..8   data
 *   page 9..15  page tables
 * </pre>
 */
record Slot(int index) {
    static final long RAM = 0x8000_0000L;
    static final int SIZE = 0x1_0000;
    static final int PAGE = 0x1000;
    /** The common code stands before the first slot. */
    static final int PROGRESS = 0xfff0;
    static final int DONE = 0xfff8;
    static final long DONE_MAGIC = 0x600d_600d_600d_600dL;

    /** Saved x registers at 8 * r; entry 0 holds mstatus. */
    static final int SAVE = 0;
    static final int COUNT = 256;
    static final int START = 264;
    static final int END = 272;
    static final int SHANDLER = 280;
    static final int RESTORE = 288;
    static final int NEXT = 296;
    static final int MSIP = 304;
    static final int MTIMECMP = 312;
    static final int UART_IER = 320;
    static final int PLIC_ENABLE_M = 328;
    static final int PLIC_ENABLE_S = 336;
    /** The vector by which the last trap to M came. */
    static final int VECTOR = 344;
    /** Offset of the code behind the vectors of S; 8 bytes for each of 16 vectors, aligned to their size. */
    static final int SHANDLER_CODE = 0x80;
    static final int LOG = 512;
    static final int LOG_ENTRY = 64;
    static final int LOG_ENTRIES = 24;
    /** From here on, addressed relative to {@link #HIGH}. */
    static final int HIGH = 2048;
    static final int FDUMP = 2048;
    static final int CSRDUMP = 2304;
    static final int FINIT = 3072;
    static final int CSRINIT = 3328;

    static final int DATA_PAGES = 4;
    static final int TABLE_PAGES = 7;

    static final String[] LOG_FIELDS = {"mcause", "mepc", "mtval", "mstatus", "scause", "sepc", "stval", "mip"};

    /** Offset in the image. */
    int offset() {
        return SIZE * (index + 1);
    }

    long address() {
        return RAM + offset();
    }

    long body() {
        return address() + PAGE;
    }

    long shandler() {
        return address() + 3 * PAGE;
    }

    long state() {
        return address() + 4 * PAGE;
    }

    long data() {
        return address() + 5 * PAGE;
    }

    long table(int number) {
        return address() + (9 + number) * (long) PAGE;
    }

    /** The stub stands at the slot's start, the code that resumes the body here. */
    long restore() {
        return address() + 0x400;
    }
}
