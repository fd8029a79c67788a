package dev.reprise.machine.devicetree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class VirtDeviceTreeTest {

    private static final VirtDeviceTree.Parameters SAME_AS_QEMU = new VirtDeviceTree.Parameters(
            512L << 20, "riscv,sv48", "console=ttyS0", 0x8820_0000L, 0x8820_0c00L, null);

    @Test
    void shouldSayWhatQemuSaysExceptTheInstructionSet() throws IOException {
        SortedSet<String> qemu;
        try (InputStream in = getClass().getResourceAsStream("qemu-virt-512m.txt")) {
            qemu = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        SortedSet<String> ours = FdtListing.of(VirtDeviceTree.build(SAME_AS_QEMU));
        String isa = "/cpus/cpu@0:riscv,isa=";
        assertTrue(qemu.removeIf(line -> line.startsWith(isa)));
        assertTrue(ours.removeIf(line -> line.startsWith(isa)));
        assertEquals(String.join("\n", qemu), String.join("\n", ours));
    }

    @Test
    void shouldLeaveOutWhatTheMachineDoesNotHave() {
        SortedSet<String> lines = FdtListing.of(VirtDeviceTree.build(
                new VirtDeviceTree.Parameters(1L << 20, "riscv,sv39", null, 0, 0, null)));
        assertFalse(lines.stream().anyMatch(line -> line.contains("initrd") || line.contains("bootargs")
                || line.contains("rng-seed")));
    }

    @Test
    void shouldCarryTheSeedOnlyWhenGiven() {
        byte[] seed = {1, 2, 3, 4};
        SortedSet<String> lines = FdtListing.of(VirtDeviceTree.build(
                new VirtDeviceTree.Parameters(1L << 33, "riscv,sv48", "", 0x1_8000_0000L, 0x1_8000_0001L, seed)));
        assertTrue(lines.contains("/chosen:rng-seed=" + HexFormat.of().formatHex(seed)));
        assertTrue(lines.contains("/chosen:linux,initrd-end=0000000180000001"));
    }

    @Test
    void shouldRefuseUnbalancedNodes() {
        assertThrows(IllegalStateException.class, () -> new FdtWriter().end());
        assertThrows(IllegalStateException.class, () -> new FdtWriter().begin("").toBytes());
    }
}
