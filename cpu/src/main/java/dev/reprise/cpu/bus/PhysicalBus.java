package dev.reprise.cpu.bus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Physical memory: RAM, read-only memory and device windows.
 *
 * <p>Memory is kept by pages, in {@link HostMemory}, see {@link Page}. The pages of RAM are numbered from 0 at the base of RAM; those of
 * read-only memory follow. A page of RAM that was never stored to is the one shared {@link #ZERO_PAGE}. Every store to
 * RAM passes the {@link PageTracker}; a store to read-only memory is dropped, as on QEMU's boards. Owned by the guest
 * thread.
 */
public final class PhysicalBus {
    /** Where RAM starts on the {@code virt} board. */
    public static final long DEFAULT_RAM_BASE = 0x8000_0000L;
    public static final int PAGE_SHIFT = 12;
    public static final int PAGE_BYTES = Page.BYTES;
    /** Most RAM that a bus can have: page numbers are ints. */
    public static final long MAX_RAM_BYTES = 1L << 38;

    /** Outlives every bus. */
    private static final PageMemory SHARED = new PageMemory();
    static final long ZERO_PAGE = SHARED.take();

    private static final int MAX_ROM_PAGES = 1024;

    private final long ramBase;
    private final long ramBytes;
    private final int ramPages;
    /** The addresses of the pages. */
    private final long[] pages;
    private final PageMemory memory = new PageMemory();
    private final PageTracker tracker;
    private final RamDigest digest;
    private int romPages;
    private Window[] windows = new Window[0];

    /** Where a device or read-only memory is. */
    private record Window(long base, long length, MmioDevice device, int firstPage) {
        boolean holds(long address) {
            return Long.compareUnsigned(address - base, length) < 0;
        }
    }

    /**
     * @param ramBase physical address of RAM, a multiple of 4 KiB
     * @param ramBytes size of RAM, a positive multiple of 4 KiB, at most {@link #MAX_RAM_BYTES}
     */
    public PhysicalBus(long ramBase, long ramBytes) {
        if (ramBytes <= 0 || ramBytes > MAX_RAM_BYTES || ramBytes % PAGE_BYTES != 0) {
            throw new IllegalArgumentException("RAM must be a positive multiple of 4096 bytes: ramBytes=" + ramBytes);
        }
        if (ramBase < 0 || ramBase % PAGE_BYTES != 0 || ramBase + ramBytes < 0) {
            throw new IllegalArgumentException("RAM must start at a multiple of 4096: ramBase=" + ramBase);
        }
        this.ramBase = ramBase;
        this.ramBytes = ramBytes;
        ramPages = (int) (ramBytes >>> PAGE_SHIFT);
        pages = new long[ramPages + MAX_ROM_PAGES];
        Arrays.fill(pages, 0, ramPages, ZERO_PAGE);
        tracker = new PageTracker(pages, ramPages, memory);
        digest = new RamDigest(ramPages);
    }

    public long ramBase() {
        return ramBase;
    }

    public long ramBytes() {
        return ramBytes;
    }

    /** The store hook of this memory. */
    public PageTracker tracker() {
        return tracker;
    }

    /** Puts a device at [base, base + length). Windows must not overlap. */
    public void addDevice(long base, long length, MmioDevice device) {
        addWindow(new Window(base, length, device, -1));
    }

    /** Puts read-only memory at {@code base}, a multiple of 4 KiB, filled up with zeros to a multiple of 4 KiB. */
    public void addRom(long base, byte[] content) {
        if (base % PAGE_BYTES != 0) {
            throw new IllegalArgumentException("read-only memory must start at a multiple of 4096: base=" + base);
        }
        int count = Math.max(1, (content.length + PAGE_BYTES - 1) / PAGE_BYTES);
        if (romPages + count > MAX_ROM_PAGES) {
            throw new IllegalArgumentException("too much read-only memory: bytes=" + content.length);
        }
        int first = ramPages + romPages;
        addWindow(new Window(base, (long) count << PAGE_SHIFT, null, first));
        for (int i = 0; i < count; i++) {
            int from = i * PAGE_BYTES;
            pages[first + i] = memory.take();
            Page.copyIn(content, Math.min(from, content.length), pages[first + i], 0,
                    Math.max(0, Math.min(PAGE_BYTES, content.length - from)));
        }
        romPages += count;
    }

    private void addWindow(Window added) {
        long last = added.base + added.length - 1;
        if (added.length <= 0 || Long.compareUnsigned(last, added.base) < 0) {
            throw new IllegalArgumentException("not a window: base=" + added.base + " length=" + added.length);
        }
        boolean overlaps = Long.compareUnsigned(added.base, ramBase + ramBytes) < 0
                && Long.compareUnsigned(last, ramBase) >= 0;
        for (Window window : windows) {
            overlaps |= window.holds(added.base) || added.holds(window.base);
        }
        if (overlaps) {
            throw new IllegalArgumentException("overlaps another window: base=0x" + Long.toHexString(added.base));
        }
        windows = Arrays.copyOf(windows, windows.length + 1);
        windows[windows.length - 1] = added;
    }

    /** The number of the memory page at a physical address, or -1 if there is a device or nothing. */
    public int pageAt(long address) {
        long offset = address - ramBase;
        if (Long.compareUnsigned(offset, ramBytes) < 0) {
            return (int) (offset >>> PAGE_SHIFT);
        }
        for (Window window : windows) {
            if (window.device == null && window.holds(address)) {
                return window.firstPage + (int) (address - window.base >>> PAGE_SHIFT);
            }
        }
        return -1;
    }

    /** Whether a page that {@link #pageAt} named is RAM, which can be stored to. */
    public boolean isRam(int page) {
        return page < ramPages;
    }

    /**
     * Where a page is, for {@link Page}. Whoever keeps the address must listen to {@link PageClient#pageReplaced}, and must
     * keep this bus.
     */
    public long page(int page) {
        return pages[page];
    }

    /** Whether a page was stored to, or is read-only memory: its bytes are not the shared zero page. */
    public boolean hasOwnBytes(int page) {
        return pages[page] != ZERO_PAGE;
    }

    /** Every page number is below this, also when read-only memory is added later. */
    public int pageLimit() {
        return pages.length;
    }

    /**
     * Reads little-endian, zero-extended. Memory may be read misaligned within a page, a device only aligned.
     *
     * @throws BusFault if nothing answers there
     */
    public long load(long address, int size) {
        int page = pageAt(address);
        if (page >= 0) {
            return Page.get(pages[page], (int) address & PAGE_BYTES - 1, size);
        }
        Window window = deviceAt(address, size);
        return window.device.load(address - window.base, size);
    }

    /**
     * Writes little-endian the low {@code size} bytes of the value.
     *
     * @throws BusFault if nothing answers there
     */
    public void store(long address, int size, long value) {
        int page = pageAt(address);
        if (page >= 0) {
            storeToPage(page, (int) address & PAGE_BYTES - 1, size, value);
            return;
        }
        Window window = deviceAt(address, size);
        window.device.store(address - window.base, size, value);
    }

    private Window deviceAt(long address, int size) {
        if ((address & size - 1) == 0) {
            for (Window window : windows) {
                if (window.device != null && window.holds(address) && window.holds(address + size - 1)) {
                    return window;
                }
            }
        }
        throw BusFault.INSTANCE;
    }

    /** Stores to a memory page through the store hook; {@code offset + size} must not pass the end of the page. */
    public void storeToPage(int page, int offset, int size, long value) {
        if (page < ramPages) {
            tracker.beforeStore(page, offset, size);
            Page.set(pages[page], offset, size, value);
        }
    }

    /**
     * Copies memory out, for loaders and devices that read memory themselves.
     *
     * @throws BusFault if part of the range is not memory
     */
    public void read(long address, byte[] into, int offset, int length) {
        int done = 0;
        while (done < length) {
            int page = pageAt(address + done);
            if (page < 0) {
                throw BusFault.INSTANCE;
            }
            int inPage = (int) (address + done) & PAGE_BYTES - 1;
            int count = Math.min(length - done, PAGE_BYTES - inPage);
            Page.copyOut(pages[page], inPage, into, offset + done, count);
            done += count;
        }
    }

    /**
     * Copies into memory through the store hook, for loaders and devices that write memory themselves. Bytes of
     * read-only memory stay as they are.
     *
     * @throws BusFault if part of the range is not memory; what came before it is written
     */
    public void write(long address, byte[] from, int offset, int length) {
        int done = 0;
        while (done < length) {
            int page = pageAt(address + done);
            if (page < 0) {
                throw BusFault.INSTANCE;
            }
            int inPage = (int) (address + done) & PAGE_BYTES - 1;
            int count = Math.min(length - done, PAGE_BYTES - inPage);
            if (page < ramPages) {
                tracker.beforeStore(page, inPage, count);
                Page.copyIn(from, offset + done, pages[page], inPage, count);
            }
            done += count;
        }
    }

    /** Sets all RAM to zero, as at power-on. */
    public void clearRam() {
        tracker.reset();
    }

    /** RAM as it is now, without copying it: each page is copied before it is first stored to. */
    public FrozenRam freezeRam() {
        return tracker.freeze();
    }

    /** Whether a page holds these words. */
    public boolean holds(int page, long[] words) {
        return Page.mismatch(pages[page], words) < 0;
    }

    /** Puts a hash of RAM, 16 bytes for each MiB of it in order; hashes what was stored to since the last call. */
    public void digestRam(StateSink sink) {
        BitSet changed = new BitSet();
        for (int i = 0; i < tracker.dirtyCount(); i++) {
            int page = tracker.dirtyPage(i);
            changed.set(i, digest.update(page, pages[page]));
        }
        tracker.hashed(changed);
        digest.put(sink);
    }

    /** The pages that two memories differ in, a line each with the first word that does, this one's value first. */
    public List<String> differences(PhysicalBus other) {
        List<String> lines = new ArrayList<>();
        for (int page = 0; page < ramPages; page++) {
            long[] theirs = Page.toWords(other.pages[page]);
            int word = pages[page] == other.pages[page] ? -1 : Page.mismatch(pages[page], theirs);
            if (word >= 0) {
                lines.add("page 0x" + Long.toHexString(ramBase + ((long) page << PAGE_SHIFT)) + ", from offset 0x"
                        + Integer.toHexString(word * Long.BYTES) + ": " + Long.toHexString(Page.get(pages[page], 8 * word, 8)) + " and "
                        + Long.toHexString(theirs[word]));
            }
        }
        return lines;
    }

    /** Puts every RAM page that is not all zero: its number as an int, its bytes; -1 ends them. */
    public void saveRam(StateSink sink) {
        for (int page = 0; page < ramPages; page++) {
            long content = pages[page];
            if (content != ZERO_PAGE && !Page.isZero(content)) {
                sink.putInt(page);
                sink.putBytes(Page.toBytes(content), 0, PAGE_BYTES);
            }
        }
        sink.putInt(-1);
    }

    /**
     * Replaces RAM by what {@link #saveRam} put.
     *
     * @throws IllegalArgumentException if a page number is out of range or out of order
     */
    public void loadRam(StateSource source) {
        clearRam();
        byte[] content = new byte[PAGE_BYTES];
        int before = -1;
        for (int page = source.getInt(); page != -1; page = source.getInt()) {
            if (page <= before || page >= ramPages) {
                throw new IllegalArgumentException("page out of range or order: page=" + page + " after " + before);
            }
            source.getBytes(content, 0, PAGE_BYTES);
            tracker.beforeStore(page, 0, PAGE_BYTES);
            Page.copyIn(content, 0, pages[page], 0, PAGE_BYTES);
            before = page;
        }
    }
}
