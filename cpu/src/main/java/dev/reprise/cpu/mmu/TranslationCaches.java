package dev.reprise.cpu.mmu;

import dev.reprise.cpu.bus.PageClient;
import dev.reprise.cpu.bus.PhysicalBus;
import java.util.function.Consumer;

/** All cached translations of a hart, and what the store hook drops of them. */
final class TranslationCaches implements PageClient {
    /** Address spaces kept at once: a shell with a few processes should not flush. */
    private static final int SPACES = 8;
    /** mode and PPN: the ASID only says what a guest promises about fences. */
    private static final long KEY_MASK = 0xf000_0fff_ffff_ffffL;

    /** Is told when a cached translation that may be in use was dropped. */
    interface Owner {
        void translationsChanged();
    }

    /** Some tenths of a second of looking through tables. */
    private static final long MAX_LOOKED_AT = 1L << 26;

    final DataTlb machineData = new DataTlb();
    final FetchTlb machineFetch = new FetchTlb();
    private final AddressSpace[] spaces = new AddressSpace[SPACES];
    private final PhysicalBus bus;
    private final CodeListener code;
    private final Owner owner;
    private long lastGeneration;
    private long useCount;
    /** Some fast table for reads leads to the shared page of zeros. */
    private boolean readsZeros;
    /** By how many entries tables were gone through because a page that was read as zeros was stored to. */
    private long entriesLookedAt;

    TranslationCaches(PhysicalBus bus, CodeListener code, Owner owner) {
        this.bus = bus;
        this.code = code;
        this.owner = owner;
        for (int i = 0; i < SPACES; i++) {
            spaces[i] = new AddressSpace();
            spaces[i].key = -1;
        }
        flush();
    }

    /** The space of a satp value; the one that was not used for longest is given to a new value. */
    AddressSpace space(long satp) {
        long key = satp >>> 60 == 0 ? 0 : satp & KEY_MASK;
        AddressSpace oldest = spaces[0];
        for (AddressSpace space : spaces) {
            if (space.key == key) {
                space.lastUse = ++useCount;
                return space;
            }
            if (space.lastUse < oldest.lastUse) {
                oldest = space;
            }
        }
        oldest.key = key;
        oldest.lastUse = ++useCount;
        flush(oldest);
        return oldest;
    }

    /**
     * Whether a page's address may come into a fast table for reads. The one of zeros may until a guest has made too much work
     * of that: one that reads page after page and then stores there has the tables gone through each time.
     */
    boolean mayRead(int page) {
        if (bus.hasOwnBytes(page)) {
            return true;
        }
        boolean may = entriesLookedAt < MAX_LOOKED_AT;
        readsZeros |= may;
        return may;
    }

    private void flush(AddressSpace space) {
        space.flushData();
        space.supervisorFetch.flush(++lastGeneration);
        space.userFetch.flush(++lastGeneration);
    }

    void flush() {
        machineData.flush();
        machineFetch.flush(++lastGeneration);
        flushSpaces();
    }

    private void flushSpaces() {
        for (AddressSpace space : spaces) {
            flush(space);
        }
        bus.tracker().clearMarks();
        owner.translationsChanged();
    }

    @Override
    public void codeStored(int page, int offset, int length) {
        code.codeStored(page, offset, length);
        owner.translationsChanged();
    }

    @Override
    public void dataLeafStored(int page, int slot) {
        for (AddressSpace space : spaces) {
            for (int i = 0; i < space.contexts(); i++) {
                DataTlb tlb = space.dataOrNull(i);
                if (tlb != null) {
                    tlb.drop(slot);
                }
            }
        }
    }

    @Override
    public void fetchLeafStored(int page, int slot) {
        for (AddressSpace space : spaces) {
            space.supervisorFetch.tag[slot] = DataTlb.NO_TAG;
            space.supervisorFetch.setGeneration(++lastGeneration);
            space.userFetch.tag[slot] = DataTlb.NO_TAG;
            space.userFetch.setGeneration(++lastGeneration);
        }
        owner.translationsChanged();
    }

    @Override
    public void upperEntryStored(int page, int slot) {
        flushSpaces();
    }

    @Override
    public void pageReplaced(int page) {
        boolean isZeros = !bus.hasOwnBytes(page);
        // Most pages are stored to before they are read, and then the shared page of zeros is in no fast table.
        if (!isZeros || readsZeros) {
            long old = bus.page(page);
            ofData(tlb -> {
                int entries = tlb.dropReads(old);
                entriesLookedAt += isZeros ? entries : 0;
            });
            readsZeros &= !isZeros;
        }
    }

    @Override
    public void grantRevoked(int page) {
        long address = bus.page(page);
        ofData(tlb -> tlb.dropWrites(address));
    }

    @Override
    public void grantsRevoked() {
        ofData(tlb -> tlb.dropWritesWithoutGrant(bus));
    }

    @Override
    public void allGrantsRevoked() {
        ofData(DataTlb::dropAllWrites);
    }

    private void ofData(Consumer<DataTlb> action) {
        action.accept(machineData);
        for (AddressSpace space : spaces) {
            for (int i = 0; i < space.contexts(); i++) {
                DataTlb tlb = space.dataOrNull(i);
                if (tlb != null) {
                    action.accept(tlb);
                }
            }
        }
    }
}
