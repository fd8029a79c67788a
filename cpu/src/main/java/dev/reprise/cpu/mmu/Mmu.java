package dev.reprise.cpu.mmu;

import dev.reprise.cpu.bus.BusFault;
import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.bus.PageTracker;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.csr.Csr;

/**
 * Data accesses and fetch translations that miss the fast tables of the {@link DataTlb}: translation, protection, the
 * store hook, devices. Nothing that it caches can be seen by the guest: entries go when the page-table entries, PMP
 * registers or pages that they were derived from change, so that {@code sfence.vma} has nothing to do.
 *
 * <p>A method that fails leaves the exception in {@link #faultCause} and {@link #faultAddress}. Owned by the guest
 * thread.
 */
public final class Mmu implements TranslationCaches.Owner {
    /** How A and D bits come to be set; named in the manifest. */
    public static final String AD_SCHEME = "hardware-sets-a-and-d";
    private static final long FAULT = PageWalker.FAULT;
    private static final int OFFSET_MASK = PhysicalBus.PAGE_BYTES - 1;
    private static final long PAGE_MASK = ~(long) OFFSET_MASK;
    /** Bits of a physical address. */
    private static final int PHYSICAL_BITS = 56;

    private final CpuState state;
    private final PhysicalBus bus;
    private final PageTracker tracker;
    private final Pmp pmp;
    private final PageWalker walker;
    private final TranslationCaches caches;

    /** The context of data accesses now. */
    public DataTlb data;
    /** The context of fetches now. */
    public FetchTlb fetch;
    private int dataPrivilege;
    /** The last translation read page tables. */
    private boolean walked;

    /** Exception code and address of the last access that failed. */
    public int faultCause;
    public long faultAddress;
    /** What the last successful {@link #load} read, zero-extended. */
    public long loaded;
    /** Something happened that the executor must look at before the next instruction; it clears this. */
    public boolean attention;
    /** The last {@link #fetch} may not be cached: protection differs within its page. */
    public boolean fetchIsPartial;

    public Mmu(CpuState state, PhysicalBus bus, CodeListener code) {
        this.state = state;
        this.bus = bus;
        tracker = bus.tracker();
        pmp = new Pmp(state);
        walker = new PageWalker(state, bus, pmp);
        caches = new TranslationCaches(bus, code, this);
        tracker.setClient(caches);
        contextChanged();
    }

    @Override
    public void translationsChanged() {
        attention = true;
    }

    /** Privilege, mstatus or satp changed: selects the contexts that fit. */
    public void contextChanged() {
        int privilege = state.privilege;
        boolean machine = privilege == CpuState.MACHINE;
        dataPrivilege = machine && (state.mstatus & Csr.MSTATUS_MPRV) != 0
                ? (int) (state.mstatus >>> Csr.MPP_SHIFT) & 3 : privilege;
        if (machine) {
            fetch = caches.machineFetch;
        }
        if (dataPrivilege == CpuState.MACHINE) {
            data = caches.machineData;
            if (machine) {
                return;
            }
        }
        AddressSpace space = caches.space(state.satp);
        if (!machine) {
            fetch = privilege == CpuState.USER ? space.userFetch : space.supervisorFetch;
        }
        if (dataPrivilege != CpuState.MACHINE) {
            data = space.data(dataPrivilege == CpuState.USER, (state.mstatus & Csr.MSTATUS_SUM) != 0,
                    (state.mstatus & Csr.MSTATUS_MXR) != 0);
        }
    }

    /** PMP registers changed. */
    public void protectionChanged() {
        pmp.update();
        caches.flush();
    }

    /** Drops every cached translation. */
    public void flush() {
        pmp.update();
        caches.flush();
    }

    /** Loads 1, 2, 4 or 8 bytes into {@link #loaded}, at any alignment. */
    public boolean load(long va, int size) {
        int offset = (int) va & OFFSET_MASK;
        if (offset + size > PhysicalBus.PAGE_BYTES) {
            return loadAcross(va, size);
        }
        long address = readAddress(va, size);
        return address != FAULT && loadPhysical(address, va, size);
    }

    /** Loads from a physical address that {@link #readAddress} or {@link #writeAddress} gave, within a page. */
    public boolean loadPhysical(long address, long va, int size) {
        int page = bus.pageAt(address);
        if (page >= 0) {
            loaded = Page.get(bus.page(page), (int) address & OFFSET_MASK, size);
            DataTlb tlb = data;
            if (tlb.slowReadTag[tlb.index(va)] == (va & PAGE_MASK) && caches.mayRead(page)) {
                tlb.set(tlb.reads, va, bus.page(page));
            }
            return true;
        }
        attention = true;
        try {
            loaded = bus.load(address, size) & -1L >>> 64 - 8 * size;
            return true;
        } catch (BusFault e) {
            return fail(Access.accessFault(Access.READ), va);
        }
    }

    /** An access over a page's end: both pages are checked, then the bytes are read one by one. */
    private boolean loadAcross(long va, int size) {
        long next = (va & PAGE_MASK) + PhysicalBus.PAGE_BYTES;
        int before = (int) (next - va);
        long first = readAddress(va, before);
        long second = first == FAULT ? FAULT : readAddress(next, size - before);
        if (second == FAULT) {
            return false;
        }
        long value = 0;
        for (int i = 0; i < size; i++) {
            boolean low = i < before;
            if (!loadPhysical(low ? first + i : second + i - before, low ? va : next, 1)) {
                return false;
            }
            value |= loaded << 8 * i;
        }
        loaded = value;
        return true;
    }

    /** Stores the low 1, 2, 4 or 8 bytes of a value, at any alignment. */
    public boolean store(long va, int size, long value) {
        int offset = (int) va & OFFSET_MASK;
        if (offset + size > PhysicalBus.PAGE_BYTES) {
            return storeAcross(va, size, value);
        }
        long address = writeAddress(va, size);
        return address != FAULT && storePhysical(address, va, size, value);
    }

    /** Stores to a physical address that {@link #writeAddress} gave, within a page. */
    public boolean storePhysical(long address, long va, int size, long value) {
        int page = bus.pageAt(address);
        if (page >= 0) {
            bus.storeToPage(page, (int) address & OFFSET_MASK, size, value);
            if (bus.isRam(page)) {
                grant(va, page);
            }
            return true;
        }
        attention = true;
        try {
            bus.store(address, size, value);
            return true;
        } catch (BusFault e) {
            return fail(Access.accessFault(Access.WRITE), va);
        }
    }

    /** Makes later stores to the page fast, unless this very store has dropped the translation. */
    private void grant(long va, int page) {
        DataTlb tlb = data;
        if (tlb.slowWriteTag[tlb.index(va)] == (va & PAGE_MASK) && tracker.grant(page)) {
            tlb.set(tlb.writes, va, bus.page(page));
        }
    }

    /** Both pages are checked before the first byte changes. */
    private boolean storeAcross(long va, int size, long value) {
        long next = (va & PAGE_MASK) + PhysicalBus.PAGE_BYTES;
        int before = (int) (next - va);
        long first = writeAddress(va, before);
        long second = first == FAULT ? FAULT : writeAddress(next, size - before);
        if (second == FAULT) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            boolean low = i < before;
            if (!storePhysical(low ? first + i : second + i - before, low ? va : next, 1, value >>> 8 * i)) {
                return false;
            }
        }
        return true;
    }

    /** The physical address of a read within a page, or -1. */
    public long readAddress(long va, int size) {
        DataTlb tlb = data;
        int index = tlb.index(va);
        if (tlb.slowReadTag[index] == (va & PAGE_MASK)) {
            return tlb.slowReadAddress[index] | va & OFFSET_MASK;
        }
        long address = translate(va, Access.READ, dataPrivilege);
        int permissions = address == FAULT ? 0 : pmp.permissions(address & PAGE_MASK, PhysicalBus.PAGE_BYTES, dataPrivilege);
        if (address == FAULT || !protectedAccess(va, address, size, Access.READ, permissions)) {
            return FAULT;
        }
        if (permissions != Pmp.MIXED) {
            markWalk(false);
            tlb.addRead(va, address);
        }
        return address;
    }

    /** The physical address of a write within a page, or -1. */
    public long writeAddress(long va, int size) {
        DataTlb tlb = data;
        int index = tlb.index(va);
        if (tlb.slowWriteTag[index] == (va & PAGE_MASK)) {
            return tlb.slowWriteAddress[index] | va & OFFSET_MASK;
        }
        long address = translate(va, Access.WRITE, dataPrivilege);
        int permissions = address == FAULT ? 0 : pmp.permissions(address & PAGE_MASK, PhysicalBus.PAGE_BYTES, dataPrivilege);
        if (address == FAULT || !protectedAccess(va, address, size, Access.WRITE, permissions)) {
            return FAULT;
        }
        if (permissions != Pmp.MIXED) {
            markWalk(false);
            tlb.addWrite(va, address);
        }
        return address;
    }

    private boolean protectedAccess(long va, long address, int size, int access, int pagePermissions) {
        boolean permitted = pagePermissions == Pmp.MIXED
                ? pmp.permits(address, size, access, access == Access.FETCH ? state.privilege : dataPrivilege)
                : (pagePermissions & access) != 0;
        return permitted || fail(Access.accessFault(access), va);
    }

    private void markWalk(boolean forFetch) {
        if (walked) {
            walker.markWalk(tracker, forFetch);
        }
    }

    private long translate(long va, int access, int privilege) {
        walked = privilege != CpuState.MACHINE && state.satp >>> 60 != 0;
        if (walked) {
            long address = walker.walk(va, access, privilege);
            if (address == FAULT) {
                fail(walker.cause, va);
            }
            return address;
        }
        if (va >>> PHYSICAL_BITS != 0) {
            fail(Access.accessFault(access), va);
            return FAULT;
        }
        return va;
    }

    /**
     * The physical address of {@code size} bytes of code in memory, within a page, or -1. Sets {@link #fetchIsPartial}
     * if the answer holds for these bytes only.
     */
    public long fetchAddress(long va, int size) {
        FetchTlb tlb = fetch;
        int index = FetchTlb.index(va);
        long tag = va & PAGE_MASK;
        fetchIsPartial = false;
        if (tlb.tag[index] == tag) {
            return tlb.address[index] | va & OFFSET_MASK;
        }
        long address = translate(va, Access.FETCH, state.privilege);
        if (address == FAULT) {
            return FAULT;
        }
        int permissions = pmp.permissions(address & PAGE_MASK, PhysicalBus.PAGE_BYTES, state.privilege);
        if (!protectedAccess(va, address, size, Access.FETCH, permissions)) {
            return FAULT;
        }
        if (bus.pageAt(address) < 0) {
            fail(Access.accessFault(Access.FETCH), va);
            return FAULT;
        }
        if (permissions == Pmp.MIXED) {
            fetchIsPartial = true;
        } else {
            markWalk(true);
            tlb.tag[index] = tag;
            tlb.address[index] = address & PAGE_MASK;
        }
        return address;
    }

    /** The number of the memory page that code at an address comes from, if that is cached; -1 says nothing. */
    public int cachedFetchPage(long va) {
        int index = FetchTlb.index(va);
        return fetch.tag[index] == (va & PAGE_MASK) ? bus.pageAt(fetch.address[index]) : -1;
    }

    private boolean fail(int cause, long address) {
        faultCause = cause;
        faultAddress = address;
        return false;
    }
}
