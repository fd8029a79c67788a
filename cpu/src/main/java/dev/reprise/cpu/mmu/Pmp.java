package dev.reprise.cpu.mmu;

import dev.reprise.cpu.csr.CpuState;

/**
 * Physical memory protection with 16 entries of 4-byte granularity (privileged specification 1.12, section 3.7). The
 * lowest entry that matches any byte of an access decides, and must match all of it; with none, machine mode may do
 * everything and the others nothing.
 */
public final class Pmp {
    /** Not one answer for the whole range. */
    public static final int MIXED = -1;
    private static final int ALL = Access.READ | Access.WRITE | Access.FETCH;
    private static final int LOCKED = 0x80;

    private final CpuState state;
    private int count;
    private final long[] start = new long[16];
    private final long[] last = new long[16];
    private final int[] config = new int[16];

    Pmp(CpuState state) {
        this.state = state;
    }

    /** Works out the ranges again, after a register changed. */
    void update() {
        count = 0;
        long below = 0;
        for (int i = 0; i < 16; i++) {
            long address = state.pmpaddr[i];
            int cfg = state.pmpcfg[i] & 0xff;
            switch (cfg >>> 3 & 3) {
                case 1 -> {
                    if (below < address) {
                        add(below << 2, (address << 2) - 1, cfg);
                    }
                }
                case 2 -> add(address << 2, (address << 2) + 3, cfg);
                case 3 -> {
                    // Trailing ones, then a zero: a naturally aligned power of two, from 8 bytes up.
                    long ones = address ^ address + 1;
                    add((address & ~ones) << 2, (address | ones) << 2 | 3, cfg);
                }
                default -> {
                }
            }
            below = address;
        }
    }

    private void add(long from, long to, int cfg) {
        start[count] = from;
        last[count] = to;
        config[count++] = cfg;
    }

    /** The permitted accesses (bits of {@link Access}) if one answer holds for the whole range, else {@link #MIXED}. */
    int permissions(long address, int length, int privilege) {
        long end = address + length - 1;
        for (int i = 0; i < count; i++) {
            // Physical addresses have 56 bits, so signed comparison serves.
            if (end >= start[i] && address <= last[i]) {
                if (address < start[i] || end > last[i]) {
                    return MIXED;
                }
                return privilege == CpuState.MACHINE && (config[i] & LOCKED) == 0 ? ALL : config[i] & ALL;
            }
        }
        return privilege == CpuState.MACHINE ? ALL : 0;
    }

    /** Whether one access may be made. */
    boolean permits(long address, int length, int access, int privilege) {
        int permissions = permissions(address, length, privilege);
        return permissions != MIXED && (permissions & access) != 0;
    }
}
