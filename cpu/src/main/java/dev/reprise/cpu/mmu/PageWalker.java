package dev.reprise.cpu.mmu;

import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.bus.PageTracker;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.csr.Csr;

/**
 * Walks Sv39 and Sv48 page tables (privileged specification 1.12, sections 4.3.2 and 4.4 to 4.5).
 *
 * <p>Where the specification leaves a choice this does as QEMU 7.2: the A bit, and for a store the D bit, are set by the
 * walk ({@link #AD_SCHEME}). Entries with reserved bits, or with those of Svpbmt and Svnapot, which this hart lacks,
 * are page faults.
 */
final class PageWalker {
    static final long FAULT = -1;

    private static final int VALID = 1;
    private static final int READABLE = 2;
    private static final int WRITABLE = 4;
    private static final int EXECUTABLE = 8;
    private static final int USER = 16;
    private static final int ACCESSED = 64;
    private static final int DIRTY = 128;
    private static final int PPN_SHIFT = 10;
    private static final int RESERVED_SHIFT = 54;
    private static final int MAX_LEVELS = 4;

    private final CpuState state;
    private final PhysicalBus bus;
    private final Pmp pmp;
    /** The walk that last succeeded: table page and slot at each level, and the level of the leaf. */
    private final int[] tablePage = new int[MAX_LEVELS];
    private final int[] slotAt = new int[MAX_LEVELS];
    private int leafLevel;
    private int topLevel;
    /** Cause of the last fault. */
    int cause;

    PageWalker(CpuState state, PhysicalBus bus, Pmp pmp) {
        this.state = state;
        this.bus = bus;
        this.pmp = pmp;
    }

    /**
     * Translates for a privilege mode below machine mode, with satp in a paged mode.
     *
     * @return the physical address, or {@link #FAULT} with {@link #cause} set
     */
    long walk(long va, int access, int privilege) {
        topLevel = state.satp >>> 60 == 8 ? 2 : 3;
        int unused = 64 - 12 - 9 * (topLevel + 1);
        if (va << unused >> unused != va) {
            return fault(Access.pageFault(access));
        }
        long table = (state.satp & (1L << 44) - 1) << 12;
        for (int level = topLevel; level >= 0; level--) {
            int slot = (int) (va >>> 12 + 9 * level) & 511;
            long address = table + 8L * slot;
            int page = bus.pageAt(address);
            if (page < 0 || !pmp.permits(address, 8, Access.READ, CpuState.SUPERVISOR)) {
                return fault(Access.accessFault(access));
            }
            tablePage[level] = page;
            slotAt[level] = slot;
            long entry = Page.get(bus.page(page), 8 * slot, 8);
            if ((entry & VALID) == 0 || (entry & (READABLE | WRITABLE)) == WRITABLE || entry >>> RESERVED_SHIFT != 0) {
                return fault(Access.pageFault(access));
            }
            if ((entry & (READABLE | EXECUTABLE)) != 0) {
                return leaf(va, access, privilege, level, entry, address);
            }
            if ((entry & (USER | ACCESSED | DIRTY)) != 0) {
                return fault(Access.pageFault(access));
            }
            table = entry >>> PPN_SHIFT << 12;
        }
        return fault(Access.pageFault(access));
    }

    private long leaf(long va, int access, int privilege, int level, long entry, long address) {
        long inPage = (1L << 12 + 9 * level) - 1;
        long base = entry >>> PPN_SHIFT << 12;
        if (!permitted(entry, access, privilege) || (base & inPage) != 0) {
            return fault(Access.pageFault(access));
        }
        long wanted = entry | ACCESSED | (access == Access.WRITE ? DIRTY : 0);
        if (wanted != entry) {
            if (!bus.isRam(tablePage[level])) {
                return fault(Access.pageFault(access));
            }
            if (!pmp.permits(address, 8, Access.WRITE, CpuState.SUPERVISOR)) {
                return fault(Access.accessFault(access));
            }
            bus.storeToPage(tablePage[level], 8 * slotAt[level], 8, wanted);
        }
        leafLevel = level;
        return base | va & inPage;
    }

    private boolean permitted(long entry, int access, int privilege) {
        boolean userPage = (entry & USER) != 0;
        if (privilege == CpuState.USER) {
            if (!userPage) {
                return false;
            }
        } else if (userPage && ((state.mstatus & Csr.MSTATUS_SUM) == 0 || access == Access.FETCH)) {
            return false;
        }
        return switch (access) {
            case Access.READ -> (entry & READABLE) != 0
                    || (entry & EXECUTABLE) != 0 && (state.mstatus & Csr.MSTATUS_MXR) != 0;
            case Access.WRITE -> (entry & WRITABLE) != 0;
            default -> (entry & EXECUTABLE) != 0;
        };
    }

    private long fault(int faultCause) {
        cause = faultCause;
        return FAULT;
    }

    /** The translation of the last walk is about to be cached: stores to the entries that it read must be seen. */
    void markWalk(PageTracker tracker, boolean fetch) {
        for (int level = topLevel; level > leafLevel; level--) {
            tracker.markUpper(tablePage[level], slotAt[level]);
        }
        if (leafLevel > 0) {
            tracker.markUpper(tablePage[leafLevel], slotAt[leafLevel]);
        } else if (fetch) {
            tracker.markFetchLeaf(tablePage[0], slotAt[0]);
        } else {
            tracker.markDataLeaf(tablePage[0], slotAt[0]);
        }
    }
}
