package dev.reprise.machine.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootPlanTest {

    private static final long MIB = 1L << 20;
    private static final long BASE = 0x8000_0000L;
    private static final ImageFile RAW = new ImageFile("fw.bin", new byte[5000]);
    private static final ImageFile ELF = new ImageFile("k.elf", ElfBuilder.elf(new byte[] {1, 2, 3, 4}, BASE + 0x100));

    private static ImageFile image(long textOffset, long memoryBytes, long flags) {
        ByteBuffer out = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(8, textOffset).putLong(16, memoryBytes).putLong(24, flags).putInt(56, 0x0543_5352);
        return new ImageFile("Image", out.array());
    }

    private static BootPlan make(ImageFile bios, ImageFile kernel, ImageFile initrd, long ramBytes) throws LoadException {
        return BootPlan.make(new BootImages(bios, kernel, initrd), ramBytes, "riscv,sv48", null, null);
    }

    private static void refused(ImageFile bios, ImageFile kernel, ImageFile initrd, long ramBytes, String part) {
        LoadException e = assertThrows(LoadException.class, () -> make(bios, kernel, initrd, ramBytes));
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    private static long rom(BootPlan plan, int offset) {
        return ByteBuffer.wrap(plan.rom()).order(ByteOrder.LITTLE_ENDIAN).getLong(offset);
    }

    @Test
    void shouldPlaceEverythingWhereQemuDoes() throws LoadException {
        BootPlan plan = make(RAW, image(0x20_0000, 30 * MIB, 0), new ImageFile("initrd", new byte[100]), 512 * MIB);
        assertEquals(BASE, plan.placements().get(0).address());
        assertEquals(BASE + 2 * MIB, plan.placements().get(1).address());
        assertEquals(30 * MIB, plan.placements().get(1).memoryBytes());
        assertEquals(BASE + 130 * MIB, plan.placements().get(2).address());
        assertEquals(BASE + 510 * MIB, plan.placements().get(3).address());
        assertEquals(BASE, rom(plan, 0x18));
        assertEquals(BASE + 510 * MIB, rom(plan, 0x20));
        assertEquals(BASE + 2 * MIB, rom(plan, 0x38));
    }

    @Test
    void shouldStartAnElfAloneAtItsEntry() throws LoadException {
        BootPlan plan = make(null, ELF, null, MIB);
        assertEquals(BASE + 0x100, rom(plan, 0x18));
        assertEquals(0, rom(plan, 0x38));
    }

    @Test
    void shouldKeepTheDeviceTreeBelowThreeGibibytes() throws LoadException {
        BootPlan plan = make(null, ELF, null, 4096 * MIB);
        assertEquals(BASE + 3070 * MIB, rom(plan, 0x20));
    }

    @Test
    void shouldFindTheSymbolsOfTheFirstProgram() throws LoadException {
        ImageFile file = new ImageFile("t.elf", ElfBuilder.withSymbols(ELF.bytes(), BASE + 64, "tohost"));
        assertEquals(BASE + 64, make(null, file, null, MIB).symbols().get(BootPlan.TOHOST));
    }

    @Test
    void shouldRefuseWhatDoesNotFit() {
        refused(null, null, null, MIB, "nothing to run");
        refused(null, image(0x20_0000, 0, 0), null, 64 * MIB, "needs a firmware");
        refused(RAW, new ImageFile("junk", new byte[100]), null, 64 * MIB, "neither an ELF file nor a Linux Image");
        refused(RAW, image(0x20_0000, 64 * MIB, 0), null, 64 * MIB, "does not fit into RAM");
        refused(RAW, image(0x20_0000, -1, 0), null, 64 * MIB, "impossible size");
        refused(RAW, image(0x20_0000, Long.MAX_VALUE, 0), null, 64 * MIB, "impossible size");
        refused(RAW, image(-4096, MIB, 0), null, 64 * MIB, "impossible text offset");
        refused(RAW, image(0x20_0000, MIB, 1), null, 64 * MIB, "big-endian");
        refused(new ImageFile("fw", new byte[(int) (3 * MIB)]), image(0x20_0000, MIB, 0), null, 64 * MIB, "overlap");
        refused(RAW, image(0x20_0000, MIB, 0), new ImageFile("rd", new byte[(int) (40 * MIB)]), 64 * MIB, "RAM");
        refused(RAW, image(0x20_0000, 40 * MIB, 0), new ImageFile("rd", new byte[100]), 64 * MIB, "overlap");
    }

    @Test
    void shouldRefuseOverlappingAndWildSegments() {
        refused(null, new ImageFile("e", ElfBuilder.elf(new byte[64], BASE, BASE + 32)), null, MIB, "overlap");
        refused(null, new ImageFile("e", ElfBuilder.elf(new byte[64], 0x1000)), null, MIB, "does not fit into RAM");
        refused(null, new ImageFile("e", ElfBuilder.elf(new byte[64], BASE + MIB - 32)), null, MIB, "RAM");
        byte[] wildEntry = ElfBuilder.poke(ELF.bytes(), 24, 0x10_0000, 8);
        refused(null, new ImageFile("e", wildEntry), null, MIB, "entry is outside RAM");
        byte[] huge = ElfBuilder.poke(ELF.bytes(), ElfBuilder.PROGRAM_HEADERS + 40, 1L << 60, 8);
        refused(null, new ImageFile("e", huge), null, MIB, "does not fit into RAM");
    }

    @Test
    void shouldSayInOneLineWhatIsWrongWithAFile(@TempDir Path directory) throws Exception {
        Path empty = Files.createFile(directory.resolve("empty"));
        Path big = Files.write(directory.resolve("big"), new byte[100]);
        assertThrows(LoadException.class, () -> ImageFile.read(empty, 1000));
        assertThrows(LoadException.class, () -> ImageFile.read(directory, 1000));
        assertThrows(LoadException.class, () -> ImageFile.read(big, 99));
        assertEquals(100, ImageFile.read(big, 100).bytes().length);
        LoadException e = assertThrows(LoadException.class, () -> ImageFile.read(directory.resolve("none"), 1000));
        assertTrue(e.getMessage().endsWith("none: no such file"));
    }
}
