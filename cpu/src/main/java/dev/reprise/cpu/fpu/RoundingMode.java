package dev.reprise.cpu.fpu;

/**
 * The rounding modes, encoded as in {@code frm} (F extension, table "Rounding mode encoding"). Every {@code rm}
 * parameter of this package is one of these five: the caller has resolved DYN and has trapped on the reserved values.
 */
public final class RoundingMode {
    /** To nearest, ties to even. */
    public static final int RNE = 0;
    /** Towards zero. */
    public static final int RTZ = 1;
    /** Down, towards minus infinity. */
    public static final int RDN = 2;
    /** Up, towards plus infinity. */
    public static final int RUP = 3;
    /** To nearest, ties to the larger magnitude. */
    public static final int RMM = 4;

    private RoundingMode() {
    }
}
