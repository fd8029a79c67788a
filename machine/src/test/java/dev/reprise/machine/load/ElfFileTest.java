package dev.reprise.machine.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ElfFileTest {

    private static final long BASE = 0x8000_0000L;
    private static final byte[] GOOD = ElfBuilder.elf(new byte[] {1, 2, 3, 4}, BASE);
    private static final int FIRST = ElfBuilder.PROGRAM_HEADERS;

    private static ElfFile parse(byte[] bytes) throws LoadException {
        return ElfFile.parse(new ImageFile("guest.elf", bytes), BASE);
    }

    private static void refused(byte[] bytes, String part) {
        LoadException e = assertThrows(LoadException.class, () -> parse(bytes));
        assertTrue(e.getMessage().startsWith("guest.elf: "), e.getMessage());
        assertTrue(e.getMessage().contains(part), e.getMessage());
        assertFalse(e.getMessage().contains("\n"));
    }

    @Test
    void shouldReadSegmentsAndEntry() throws LoadException {
        ElfFile elf = parse(GOOD);
        assertEquals(BASE, elf.entry());
        assertEquals(List.of(new ElfFile.Segment(BASE, ElfBuilder.CODE, 4, 4)), elf.segments());
    }

    @Test
    void shouldTranslateAVirtualEntry() throws LoadException {
        byte[] file = ElfBuilder.poke(GOOD, FIRST + 16, 0xffff_ffff_8000_0000L, 8);
        assertEquals(BASE + 2, parse(ElfBuilder.poke(file, 24, 0xffff_ffff_8000_0002L, 8)).entry());
    }

    @Test
    void shouldPutAPositionIndependentFileAtTheLoadBase() throws LoadException {
        byte[] file = ElfBuilder.poke(ElfBuilder.elf(new byte[8], 0), 16, 3, 2);
        assertEquals(BASE, parse(file).segments().get(0).address());
        assertEquals(BASE, parse(file).entry());
    }

    @Test
    void shouldRefuseOtherMachinesAndKinds() {
        refused(ElfBuilder.poke(GOOD, 18, 62, 2), "machine 62");
        refused(ElfBuilder.poke(GOOD, 4, 1, 1), "64-bit");
        refused(ElfBuilder.poke(GOOD, 5, 2, 1), "little-endian");
        refused(ElfBuilder.poke(GOOD, 16, 1, 2), "type 1");
        refused(ElfBuilder.poke(GOOD, FIRST, 4, 4), "nothing to load");
    }

    @Test
    void shouldRefuseOffsetsAndSizesOutsideTheFile() {
        refused(ElfBuilder.poke(GOOD, 32, -1, 8), "program headers beyond the end");
        refused(ElfBuilder.poke(GOOD, 32, Long.MAX_VALUE, 8), "program headers beyond the end");
        refused(ElfBuilder.poke(GOOD, 56, 0xffff, 2), "program headers beyond the end");
        refused(ElfBuilder.poke(GOOD, 54, 8, 2), "too short");
        refused(ElfBuilder.poke(GOOD, FIRST + 8, -4, 8), "segment 0 beyond the end");
        refused(ElfBuilder.poke(GOOD, FIRST + 32, Long.MIN_VALUE, 8), "segment 0 beyond the end");
        refused(ElfBuilder.poke(GOOD, FIRST + 32, Long.MAX_VALUE, 8), "segment 0 beyond the end");
        refused(ElfBuilder.poke(GOOD, FIRST + 40, 3, 8), "fewer bytes in memory");
        refused(ElfBuilder.poke(GOOD, FIRST + 40, -1, 8), "impossible size in memory");
        refused(ElfBuilder.poke(GOOD, FIRST + 24, -4096, 8), "impossible address");
        refused(ElfBuilder.poke(GOOD, FIRST + 40, Long.MAX_VALUE, 8), "impossible address");
    }

    @Test
    void shouldRefuseEveryTruncationWithoutAnotherException() {
        for (int length = 0; length < GOOD.length; length++) {
            byte[] cut = Arrays.copyOf(GOOD, length);
            assertThrows(LoadException.class, () -> parse(cut), "length=" + length);
        }
    }

    @Test
    void shouldNeverThrowAnythingElseOnRandomDamage() {
        long seed = 20_260_101L;
        Random random = new Random(seed);
        byte[] whole = ElfBuilder.withSymbols(GOOD, BASE, BootPlan.TOHOST);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                int at = random.nextInt(4) == 0 ? random.nextInt(damaged.length) : random.nextInt(FIRST + 56);
                damaged[at] = (byte) (random.nextBoolean() ? random.nextInt() : -random.nextInt(2));
            }
            try {
                parse(damaged).symbols(List.of(BootPlan.TOHOST));
            } catch (LoadException expected) {
                assertTrue(expected.getMessage().startsWith("guest.elf: "));
            } catch (RuntimeException e) {
                throw new AssertionError("seed=" + seed + " round=" + round, e);
            }
        }
    }

    @Test
    void shouldFindSymbols() throws LoadException {
        byte[] file = ElfBuilder.withSymbols(GOOD, BASE + 64, "main", "tohost", "tohosts");
        assertEquals(Map.of("tohost", BASE + 64), parse(file).symbols(List.of("tohost", "fromhost")));
        assertEquals(Map.of(), parse(GOOD).symbols(List.of("tohost")));
    }

    @Test
    void shouldReadOneSymbolTableOnly() throws LoadException {
        byte[] file = ElfBuilder.withSymbols(GOOD, BASE, "tohost");
        // The section of the strings becomes a second table of symbols, which would lie outside the file.
        byte[] twice = ElfBuilder.poke(ElfBuilder.poke(file, file.length - 64 + 4, 2, 4), file.length - 64 + 40, 99, 4);
        assertEquals(Map.of("tohost", BASE), parse(twice).symbols(List.of("tohost")));
    }

    @Test
    void shouldRefuseSymbolTablesOutsideTheFile() {
        byte[] file = ElfBuilder.withSymbols(GOOD, BASE, "tohost");
        assertThrows(LoadException.class,
                () -> parse(ElfBuilder.poke(file, 40, Long.MAX_VALUE, 8)).symbols(List.of("tohost")));
        assertThrows(LoadException.class,
                () -> parse(ElfBuilder.poke(file, 60, 0xffff, 2)).symbols(List.of("tohost")));
        int symbolSection = file.length - 2 * 64;
        assertThrows(LoadException.class,
                () -> parse(ElfBuilder.poke(file, symbolSection + 32, -1, 8)).symbols(List.of("tohost")));
        assertThrows(LoadException.class,
                () -> parse(ElfBuilder.poke(file, symbolSection + 40, 99, 4)).symbols(List.of("tohost")));
    }
}
