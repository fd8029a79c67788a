package dev.reprise.machine.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A 64-bit little-endian RISC-V executable (System V ABI, "ELF-64 object file format"; machine 243). The file is
 * hostile until checked: every offset and size is compared with the file before it is used, and nothing is allocated
 * from a size that the file states.
 */
public final class ElfFile {

    private static final int HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int SECTION_HEADER_BYTES = 64;
    private static final int SYMBOL_BYTES = 24;
    private static final int MACHINE_RISCV = 243;
    private static final int TYPE_EXECUTABLE = 2;
    private static final int TYPE_DYNAMIC = 3;
    private static final int SEGMENT_LOAD = 1;
    private static final int FLAG_EXECUTE = 1;
    private static final int SECTION_SYMBOLS = 2;
    private static final int SYMBOL_UNDEFINED_SECTION = 0;
    /** Symbol names of interest are short; a longer one is none of ours. */
    private static final int MAX_NAME_BYTES = 64;

    /**
     * A part of the file that is loaded.
     *
     * @param address physical
     * @param fileOffset where its bytes stand in the file
     * @param fileBytes how many
     * @param memoryBytes how many it has in memory; the rest is zero
     */
    public record Segment(long address, int fileOffset, int fileBytes, long memoryBytes) {}

    private final ImageFile file;
    private final ByteBuffer in;
    private final long bias;
    private final long entry;
    private final List<Segment> segments = new ArrayList<>();

    /** Whether the file says that it is an ELF; it may be malformed all the same. */
    public static boolean isElf(ImageFile file) {
        byte[] b = file.bytes();
        return b.length >= 4 && b[0] == 0x7f && b[1] == 'E' && b[2] == 'L' && b[3] == 'F';
    }

    /**
     * Reads headers and segments.
     *
     * @param loadBase where a position-independent file linked at 0 is put
     * @throws LoadException if anything in it is out of bounds, or it is for another machine
     */
    public static ElfFile parse(ImageFile file, long loadBase) throws LoadException {
        return new ElfFile(file, loadBase);
    }

    private ElfFile(ImageFile file, long loadBase) throws LoadException {
        this.file = file;
        this.in = ByteBuffer.wrap(file.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        if (in.capacity() < HEADER_BYTES) {
            throw bad("truncated ELF header (" + in.capacity() + " bytes)");
        }
        if (!isElf(file)) {
            throw bad("is not an ELF file");
        }
        if (in.get(4) != 2 || in.get(5) != 1) {
            throw bad("is not a 64-bit little-endian ELF");
        }
        int type = in.getShort(16) & 0xffff;
        int machine = in.getShort(18) & 0xffff;
        if (machine != MACHINE_RISCV) {
            throw bad("is not for RISC-V (ELF machine " + machine + ")");
        }
        if (type != TYPE_EXECUTABLE && type != TYPE_DYNAMIC) {
            throw bad("is not an executable (ELF type " + type + ")");
        }
        long virtualEntry = in.getLong(24);
        int count = in.getShort(56) & 0xffff;
        int stride = in.getShort(54) & 0xffff;
        int table = table("program headers", in.getLong(32), count, stride, PROGRAM_HEADER_BYTES);
        long lowest = -1;
        for (int i = 0; i < count; i++) {
            int at = table + i * stride;
            if (in.getInt(at) == SEGMENT_LOAD && in.getLong(at + 40) != 0
                    && Long.compareUnsigned(in.getLong(at + 24), lowest) < 0) {
                lowest = in.getLong(at + 24);
            }
        }
        bias = type == TYPE_DYNAMIC && lowest == 0 ? loadBase : 0;
        long physicalEntry = virtualEntry + bias;
        for (int i = 0; i < count; i++) {
            int at = table + i * stride;
            if (in.getInt(at) != SEGMENT_LOAD || in.getLong(at + 40) == 0) {
                continue;
            }
            Segment segment = segment(at, i);
            segments.add(segment);
            long fromStart = virtualEntry - in.getLong(at + 16);
            if ((in.getInt(at + 4) & FLAG_EXECUTE) != 0
                    && Long.compareUnsigned(fromStart, segment.memoryBytes()) < 0) {
                physicalEntry = segment.address() + fromStart;
            }
        }
        if (segments.isEmpty()) {
            throw bad("has nothing to load");
        }
        entry = physicalEntry;
    }

    private Segment segment(int at, int index) throws LoadException {
        String what = "segment " + index;
        long fileBytes = in.getLong(at + 32);
        long memoryBytes = in.getLong(at + 40);
        int offset = range(what, in.getLong(at + 8), fileBytes);
        if (memoryBytes < 0) {
            throw bad(what + " has an impossible size in memory: 0x" + Long.toHexString(memoryBytes));
        }
        if (memoryBytes < fileBytes) {
            throw bad(what + " has fewer bytes in memory than in the file");
        }
        long address = in.getLong(at + 24) + bias;
        if (address < 0 || address + memoryBytes < 0) {
            throw bad(what + " is at an impossible address: 0x" + Long.toHexString(address));
        }
        return new Segment(address, offset, (int) fileBytes, memoryBytes);
    }

    /** Physical address of the first instruction. */
    public long entry() {
        return entry;
    }

    public List<Segment> segments() {
        return List.copyOf(segments);
    }

    /**
     * Addresses of those of the named symbols that the file defines.
     *
     * @throws LoadException if the symbol table is out of bounds
     */
    public Map<String, Long> symbols(List<String> names) throws LoadException {
        Map<String, Long> found = new TreeMap<>();
        long tableOffset = in.getLong(40);
        int count = in.getShort(60) & 0xffff;
        if (tableOffset == 0 || count == 0) {
            return found;
        }
        int stride = in.getShort(58) & 0xffff;
        int table = table("section headers", tableOffset, count, stride, SECTION_HEADER_BYTES);
        for (int i = 0; i < count; i++) {
            int at = table + i * stride;
            if (in.getInt(at + 4) != SECTION_SYMBOLS) {
                continue;
            }
            long bytes = in.getLong(at + 32);
            int start = range("the symbol table", in.getLong(at + 24), bytes);
            int link = in.getInt(at + 40);
            if (link < 0 || link >= count) {
                throw bad("the symbol table names a string table that is not there");
            }
            int names0 = table + link * stride;
            long nameBytes = in.getLong(names0 + 32);
            int nameStart = range("the string table", in.getLong(names0 + 24), nameBytes);
            collect(names, found, start, (int) bytes / SYMBOL_BYTES, nameStart, (int) nameBytes);
            // A file has one; a hostile one names the same large table in each of its 65,535 sections.
            break;
        }
        return found;
    }

    private void collect(List<String> names, Map<String, Long> found, int start, int count, int nameStart, int nameBytes) {
        for (int i = 0; i < count; i++) {
            int at = start + i * SYMBOL_BYTES;
            long nameOffset = in.getInt(at) & 0xffff_ffffL;
            if (in.getShort(at + 6) == SYMBOL_UNDEFINED_SECTION || nameOffset >= nameBytes) {
                continue;
            }
            String name = name(nameStart + (int) nameOffset, nameStart + nameBytes);
            if (names.contains(name)) {
                found.put(name, in.getLong(at + 8) + bias);
            }
        }
    }

    private String name(int from, int end) {
        int to = from;
        int limit = (int) Math.min(end, (long) from + MAX_NAME_BYTES);
        while (to < limit && in.get(to) != 0) {
            to++;
        }
        return new String(file.bytes(), from, to - from, StandardCharsets.ISO_8859_1);
    }

    private int table(String what, long offset, int count, int stride, int least) throws LoadException {
        if (count != 0 && stride < least) {
            throw bad(what + " are too short: " + stride + " bytes");
        }
        return range(what, offset, (long) count * stride);
    }

    private int range(String what, long offset, long length) throws LoadException {
        long size = in.capacity();
        if (offset < 0 || length < 0 || offset > size || length > size - offset) {
            throw bad(what + " beyond the end of the file (offset " + Long.toUnsignedString(offset) + ", length "
                    + Long.toUnsignedString(length) + ", file " + size + ")");
        }
        return (int) offset;
    }

    private LoadException bad(String what) {
        return new LoadException(file.name() + ": " + what);
    }
}
