package dev.reprise.machine.load;

import dev.reprise.machine.board.MemoryMap;
import dev.reprise.machine.board.ResetRom;
import dev.reprise.machine.devicetree.VirtDeviceTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Where everything stands when the machine is switched on: a pure function of the images and the machine's options.
 *
 * <pre>
 *   RAM               bios, raw (an ELF: at its own addresses)
 *   RAM + 2 MiB       kernel, Image (an ELF: at its own addresses)
 *   + min(RAM/2, 128 MiB) from the kernel: initrd
 *   end of RAM, at most 3 GiB, down to 2 MiB: device tree
 * </pre>
 *
 * <p>These are QEMU's places. Parts that overlap each other or leave RAM are an error.
 *
 * @param placements what is put into RAM, by rising address
 * @param rom the reset ROM
 * @param symbols of the ELF that runs in machine mode: tohost, fromhost, begin_signature, end_signature, as far as it
 *     has them
 */
public record BootPlan(List<Placement> placements, byte[] rom, Map<String, Long> symbols) {

    public static final String TOHOST = "tohost";
    public static final String FROMHOST = "fromhost";
    public static final String BEGIN_SIGNATURE = "begin_signature";
    public static final String END_SIGNATURE = "end_signature";

    private static final long MIB = 1L << 20;
    private static final long KERNEL_OFFSET = 2 * MIB;
    private static final long INITRD_GAP = 128 * MIB;
    private static final long DEVICE_TREE_ALIGNMENT = 2 * MIB;
    private static final long DEVICE_TREE_LIMIT = 3072 * MIB;
    private static final List<String> SYMBOLS = List.of(TOHOST, FROMHOST, BEGIN_SIGNATURE, END_SIGNATURE);

    /**
     * @param bootargs the kernel's command line, or null
     * @param rngSeed for the device tree, or null
     * @throws LoadException if an image is malformed or does not fit
     */
    public static BootPlan make(BootImages images, long ramBytes, String mmuType, String bootargs, byte[] rngSeed)
            throws LoadException {
        return make(images, ramBytes, mmuType, bootargs, rngSeed, false);
    }

    /** @param timeriomem whether the board has a timeriomem_rng */
    public static BootPlan make(BootImages images, long ramBytes, String mmuType, String bootargs, byte[] rngSeed,
            boolean timeriomem) throws LoadException {
        if (images.bios() == null && images.kernel() == null) {
            throw new LoadException("nothing to run: give --kernel, or --bios, or both");
        }
        return new Builder(ramBytes).make(images, mmuType, bootargs, rngSeed, timeriomem);
    }

    private static final class Builder {
        private final long ramBytes;
        private final long ramEnd;
        private final List<Placement> placements = new ArrayList<>();
        private Map<String, Long> symbols = Map.of();

        Builder(long ramBytes) {
            this.ramBytes = ramBytes;
            this.ramEnd = MemoryMap.RAM_BASE + ramBytes;
        }

        BootPlan make(BootImages images, String mmuType, String bootargs, byte[] rngSeed, boolean timeriomem)
                throws LoadException {
            long first = 0;
            long next = 0;
            long kernelStart = MemoryMap.RAM_BASE;
            if (images.bios() != null) {
                first = bios(images.bios());
            }
            if (images.kernel() != null) {
                long entry = kernel(images.kernel(), images.bios() != null);
                kernelStart = entry;
                if (images.bios() != null) {
                    next = entry;
                } else {
                    first = entry;
                }
            }
            long initrdStart = 0;
            long initrdEnd = 0;
            if (images.initrd() != null) {
                byte[] bytes = images.initrd().bytes();
                initrdStart = kernelStart + Math.min(ramBytes / 2, INITRD_GAP);
                initrdEnd = initrdStart + bytes.length;
                place(images.initrd().name(), initrdStart, bytes, 0, bytes.length, bytes.length);
            }
            byte[] tree = VirtDeviceTree.build(new VirtDeviceTree.Parameters(
                    ramBytes, mmuType, bootargs, initrdStart, initrdEnd, rngSeed, timeriomem));
            long treeAddress = deviceTreeAddress(tree.length);
            place("the device tree", treeAddress, tree, 0, tree.length, tree.length);
            checkOverlaps();
            return new BootPlan(List.copyOf(placements), ResetRom.build(first, treeAddress, next), symbols);
        }

        private long bios(ImageFile file) throws LoadException {
            if (ElfFile.isElf(file)) {
                return elf(file);
            }
            place(file.name(), MemoryMap.RAM_BASE, file.bytes(), 0, file.bytes().length, file.bytes().length);
            return MemoryMap.RAM_BASE;
        }

        private long kernel(ImageFile file, boolean hasBios) throws LoadException {
            if (ElfFile.isElf(file)) {
                return elf(file);
            }
            LinuxImage image = LinuxImage.parse(file);
            if (!hasBios) {
                throw new LoadException(file.name() + ": a Linux Image needs a firmware: give --bios");
            }
            long address = MemoryMap.RAM_BASE + KERNEL_OFFSET;
            place(file.name(), address, file.bytes(), 0, file.bytes().length, image.memoryBytes());
            return address;
        }

        private long elf(ImageFile file) throws LoadException {
            ElfFile elf = ElfFile.parse(file, MemoryMap.RAM_BASE);
            for (ElfFile.Segment s : elf.segments()) {
                place(file.name(), s.address(), file.bytes(), s.fileOffset(), s.fileBytes(), s.memoryBytes());
            }
            long entry = elf.entry();
            if (entry < MemoryMap.RAM_BASE || entry >= ramEnd) {
                throw new LoadException(file.name() + ": its entry is outside RAM: 0x" + Long.toHexString(entry));
            }
            if (symbols.isEmpty()) {
                symbols = elf.symbols(SYMBOLS);
                checkWord(file, TOHOST);
                checkWord(file, FROMHOST);
            }
            return entry;
        }

        private void checkWord(ImageFile file, String symbol) throws LoadException {
            Long address = symbols.get(symbol);
            if (address != null
                    && (address % Long.BYTES != 0 || address < MemoryMap.RAM_BASE || address > ramEnd - Long.BYTES)) {
                throw new LoadException(file.name() + ": " + symbol + " is not an aligned word of RAM: 0x"
                        + Long.toHexString(address));
            }
        }

        private long deviceTreeAddress(int bytes) {
            long limit = Math.min(ramEnd, MemoryMap.RAM_BASE + DEVICE_TREE_LIMIT);
            // A RAM of a few MiB has no room to give away to alignment.
            long alignment = ramBytes >= 4 * DEVICE_TREE_ALIGNMENT ? DEVICE_TREE_ALIGNMENT : 4096;
            return (limit - bytes) & -alignment;
        }

        private void place(String what, long address, byte[] source, int offset, int length, long memoryBytes)
                throws LoadException {
            if (address < MemoryMap.RAM_BASE || memoryBytes > ramEnd - address || address > ramEnd) {
                throw new LoadException(what + ": does not fit into RAM: 0x" + Long.toHexString(address) + " to 0x"
                        + Long.toHexString(address + memoryBytes) + ", RAM is 0x"
                        + Long.toHexString(MemoryMap.RAM_BASE) + " to 0x" + Long.toHexString(ramEnd));
            }
            placements.add(new Placement(what, address, source, offset, length, memoryBytes));
        }

        private void checkOverlaps() throws LoadException {
            placements.sort(Comparator.comparingLong(Placement::address));
            for (int i = 1; i < placements.size(); i++) {
                Placement below = placements.get(i - 1);
                Placement above = placements.get(i);
                if (below.end() > above.address()) {
                    throw new LoadException(below.what() + " and " + above.what() + " overlap at 0x"
                            + Long.toHexString(above.address()));
                }
            }
        }
    }
}
