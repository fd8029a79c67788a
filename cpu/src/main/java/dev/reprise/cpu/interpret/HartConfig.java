package dev.reprise.cpu.interpret;

import dev.reprise.cpu.mmu.PagingMode;

/**
 * What is fixed for the life of a hart.
 *
 * @param hartId value of {@code mhartid}
 * @param resetPc pc after reset, even
 * @param paging largest page-table format
 * @param execution interpreted or translated
 */
public record HartConfig(long hartId, long resetPc, PagingMode paging, Execution execution) {
    public HartConfig {
        if ((resetPc & 1) != 0) {
            throw new IllegalArgumentException("pc must be even: resetPc=0x" + Long.toHexString(resetPc));
        }
    }

    /** Hart 0, Sv48, reset at {@code resetPc}, interpreted. */
    public static HartConfig of(long resetPc) {
        return new HartConfig(0, resetPc, PagingMode.SV48, Execution.INTERPRETED);
    }

    /** The same hart, executed otherwise. */
    public HartConfig with(Execution other) {
        return new HartConfig(hartId, resetPc, paging, other);
    }
}
