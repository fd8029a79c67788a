package dev.reprise.cpu.mmu;

import dev.reprise.cpu.trap.Cause;

/** Kinds of memory access; the values are the bits of a PMP configuration that permit them. */
public final class Access {
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int FETCH = 4;

    private Access() {
    }

    static int accessFault(int access) {
        return access == READ ? Cause.LOAD_ACCESS : access == WRITE ? Cause.STORE_ACCESS : Cause.FETCH_ACCESS;
    }

    static int pageFault(int access) {
        return access == READ ? Cause.LOAD_PAGE : access == WRITE ? Cause.STORE_PAGE : Cause.FETCH_PAGE;
    }
}
