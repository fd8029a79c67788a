package dev.reprise.cpu.bus;

/**
 * What a holder of derived state (TLB entries, predecoded blocks) is told by the {@link PageTracker}, on the guest
 * thread, before the bytes change. Pages are numbered as in {@link PhysicalBus}.
 */
public interface PageClient {
    /** A page is about to be somewhere else: its address must not be used again. */
    void pageReplaced(int page);

    /** Stores to this page must pass {@link PageTracker#beforeStore} again. */
    void grantRevoked(int page);

    /** Stores to pages that have no {@link PageTracker#isGranted grant} any more must pass {@link PageTracker#beforeStore}. */
    void grantsRevoked();

    /** Stores to every page must pass {@link PageTracker#beforeStore} again. */
    void allGrantsRevoked();

    /** Bytes in lines that hold predecoded code are about to change. */
    void codeStored(int page, int offset, int length);

    /** A level-0 leaf entry in this slot (0..511) of a page table, used by a cached data translation, is about to change. */
    void dataLeafStored(int page, int slot);

    /** A level-0 leaf entry in this slot (0..511) of a page table, used to fetch cached code, is about to change. */
    void fetchLeafStored(int page, int slot);

    /** A pointer or superpage entry that cached translations passed through is about to change. */
    void upperEntryStored(int page, int slot);
}
