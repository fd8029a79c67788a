package dev.reprise.cpu.interpret;

import dev.reprise.cpu.mmu.PagingMode;

/**
 * What is fixed for the life of a hart.
 *
 * @param hartId value of {@code mhartid}
 * @param resetPc pc after reset, even
 * @param paging largest page-table format
 */
public record HartConfig(long hartId, long resetPc, PagingMode paging) {
    public HartConfig {
        if ((resetPc & 1) != 0) {
            throw new IllegalArgumentException("pc must be even: resetPc=0x" + Long.toHexString(resetPc));
        }
    }

    /** Hart 0, Sv48, reset at {@code resetPc}. */
    public static HartConfig of(long resetPc) {
        return new HartConfig(0, resetPc, PagingMode.SV48);
    }
}
