package dev.reprise.cpu.fpu;

/**
 * The accrued exception flags, laid out as in {@code fflags} (F extension, section "Floating-Point Control and Status
 * Register"). The caller owns the object; an operation only ORs into it, and is faster when NX is set already.
 */
public final class FpFlags {
    /** Inexact. */
    public static final int NX = 1;
    /** Underflow: tiny after rounding, and inexact. */
    public static final int UF = 2;
    /** Overflow. */
    public static final int OF = 4;
    /** Divide by zero. */
    public static final int DZ = 8;
    /** Invalid operation. */
    public static final int NV = 16;

    /** The flags raised so far: bits 4 to 0. */
    public int bits;
}
