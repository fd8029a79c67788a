package dev.reprise.machine.run;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.machine.board.MemoryMap;
import dev.reprise.machine.load.BootPlan;
import dev.reprise.machine.load.LoadException;
import dev.reprise.machine.stats.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;

/**
 * The memory between the symbols begin_signature and end_signature, as RISCOF compares it: one 32-bit word a line, in
 * hex, by rising address.
 */
public final class Signature {

    private static final int WORD_BYTES = 4;
    /** Far more than any test of the suites writes. */
    private static final long MAX_BYTES = 16L << 20;

    private final long begin;
    private final long end;

    private Signature(long begin, long end) {
        this.begin = begin;
        this.end = end;
    }

    /** @throws LoadException if the program has no such symbols, or they make no range of RAM */
    public static Signature of(Map<String, Long> symbols, long ramBytes) throws LoadException {
        Long begin = symbols.get(BootPlan.BEGIN_SIGNATURE);
        Long end = symbols.get(BootPlan.END_SIGNATURE);
        if (begin == null || end == null) {
            throw new LoadException("--signature: the program has no symbols begin_signature and end_signature");
        }
        if (begin < MemoryMap.RAM_BASE || end < begin || end > MemoryMap.RAM_BASE + ramBytes || end - begin > MAX_BYTES
                || begin % WORD_BYTES != 0 || end % WORD_BYTES != 0) {
            throw new LoadException("--signature: 0x" + Long.toHexString(begin) + " to 0x" + Long.toHexString(end)
                    + " is no range of words in RAM");
        }
        return new Signature(begin, end);
    }

    /** Writes the file whole, by rename. */
    public void write(PhysicalBus bus, Path file) throws IOException {
        HexFormat hex = HexFormat.of();
        StringBuilder text = new StringBuilder();
        for (long at = begin; at < end; at += WORD_BYTES) {
            text.append(hex.toHexDigits((int) bus.load(at, WORD_BYTES))).append('\n');
        }
        WholeFile.write(file, text);
    }
}
