package dev.reprise.cpu.trap;

/** Exception codes of mcause and scause (privileged specification 1.12, table 3.6). */
public final class Cause {
    public static final int FETCH_MISALIGNED = 0;
    public static final int FETCH_ACCESS = 1;
    public static final int ILLEGAL_INSTRUCTION = 2;
    public static final int BREAKPOINT = 3;
    public static final int LOAD_MISALIGNED = 4;
    public static final int LOAD_ACCESS = 5;
    public static final int STORE_MISALIGNED = 6;
    public static final int STORE_ACCESS = 7;
    /** Plus the privilege mode. */
    public static final int ECALL_FROM_USER = 8;
    public static final int FETCH_PAGE = 12;
    public static final int LOAD_PAGE = 13;
    public static final int STORE_PAGE = 15;

    private Cause() {
    }
}
