package dev.reprise.cpu.mmu;

/** The cached translations of one page-table root (or of bare mode), for supervisor and user mode. */
final class AddressSpace {
    private static final int USER_CONTEXT = 2;
    private static final int MXR_CONTEXTS = 3;

    /** satp without the ASID, which changes no translation here. */
    long key;
    /** When it was last switched to; the oldest is given away. */
    long lastUse;
    final FetchTlb supervisorFetch = new FetchTlb();
    final FetchTlb userFetch = new FetchTlb();
    /** Supervisor, supervisor with SUM, user; the same again with MXR. Made when first needed. */
    private final DataTlb[] data = new DataTlb[2 * MXR_CONTEXTS];

    DataTlb data(boolean user, boolean sum, boolean mxr) {
        int context = (user ? USER_CONTEXT : sum ? 1 : 0) + (mxr ? MXR_CONTEXTS : 0);
        DataTlb tlb = data[context];
        if (tlb == null) {
            tlb = new DataTlb();
            data[context] = tlb;
        }
        return tlb;
    }

    /** One of the data TLBs, or null; {@code context} from 0 to {@link #contexts} - 1. */
    DataTlb dataOrNull(int context) {
        return data[context];
    }

    int contexts() {
        return data.length;
    }

    void flushData() {
        for (DataTlb tlb : data) {
            if (tlb != null) {
                tlb.flush();
            }
        }
    }
}
