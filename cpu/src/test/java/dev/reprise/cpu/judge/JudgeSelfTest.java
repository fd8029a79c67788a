package dev.reprise.cpu.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The judge's own parts, without QEMU: a harness must be able to fail. */
class JudgeSelfTest {
    private static final long SEED = 77;
    private final KnownDifferences known = new KnownDifferences();

    @Test
    void shouldGenerateTheSameImageFromTheSameSeed() {
        byte[] image = Batch.of(SEED, 40, known).image();
        assertArrayEquals(image, Batch.of(SEED, 40, known).image());
        assertFalse(Arrays.equals(image, Batch.of(SEED + 40, 40, known).image()));
    }

    @Test
    void shouldGenerateEveryTheme() {
        List<Sequence> sequences = Batch.of(SEED, 200, known).sequences();
        for (SequencePlan.Theme theme : SequencePlan.Theme.values()) {
            assertTrue(sequences.stream().anyMatch(s -> s.plan.theme == theme), theme.name());
        }
    }

    @Test
    void shouldLeaveAValidImageWhenItemsAreLeftOut() {
        for (Sequence sequence : Batch.of(SEED, 20, known).sequences()) {
            for (int i = 0; i < sequence.itemCount(); i += 2) {
                sequence.left()[i] = true;
            }
            byte[] image = Batch.only(sequence).image();
            assertFalse(Comparison.listing(sequence, image).isEmpty());
        }
    }

    @Test
    void shouldNameWhatDiffers() {
        Batch batch = Batch.of(SEED, 2, known);
        Sequence second = batch.sequences().get(1);
        byte[] judge = batch.image();
        byte[] ours = judge.clone();
        int state = (int) (second.plan.slot.state() - Slot.RAM);
        ours[state + 8 * 10] ^= 1;
        ours[state + Slot.CSRDUMP + 8] ^= 1;
        ours[state + Slot.LOG + Slot.LOG_ENTRY + 16] ^= 1;
        assertTrue(Comparison.equal(batch.sequences().get(0), judge, ours));
        assertFalse(Comparison.equal(second, judge, ours));
        List<String> lines = Comparison.differences(second, judge, ours);
        assertEquals(3, lines.size());
        assertTrue(lines.get(0).startsWith("trap 1 mtval "), lines.get(0));
        assertTrue(lines.get(1).startsWith("a0 "), lines.get(1));
        assertTrue(lines.get(2).startsWith("sstatus "), lines.get(2));
    }

    @Test
    void shouldShrinkToTheItemThatMatters() throws InterruptedException {
        Sequence sequence = Batch.of(SEED, 1, known).sequences().get(0);
        int planted = sequence.itemCount() / 2;
        Shrinker.Machine faulty = image -> {
            byte[] memory = image.clone();
            memory[sequence.plan.slot.offset()] += (byte) (sequence.left()[planted] ? 0 : 1);
            return memory;
        };
        new Shrinker(image -> image, faulty).shrink(sequence);
        for (int i = 0; i < sequence.itemCount(); i++) {
            assertEquals(i != planted, sequence.left()[i]);
        }
    }

    @Test
    void shouldReportHolesInCoverage() {
        List<String> holes = new Coverage().holes();
        assertTrue(holes.contains("c.addi16sp: 0 of 50"));
        assertTrue(holes.contains("fmadd.d dynamic 4: 0 of 5"));
        assertTrue(holes.contains("M exception 12: 0 of 5"));
    }

    @Test
    void shouldGiveAReasonAndASectionForEveryKnownDifference() {
        assertFalse(known.lines().isEmpty());
        assertEquals(0, known.writable(0x344, 0x444));
        assertEquals(0x600, known.writable(0x3b3, 0xffc0_0000_0000_0600L));
        assertTrue(known.isVolatile(0xc01) && !known.isVolatile(0x300));
    }

    @Test
    void shouldSayInTheGeneratorWhereEachRuleIsKept() throws IOException {
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> files = Files.list(Path.of("src/test/java/dev/reprise/cpu/judge"))) {
            for (Path file : files.filter(f -> !f.endsWith("JudgeSelfTest.java")).sorted().toList()) {
                sources.append(Files.readString(file));
            }
        }
        for (String line : known.lines()) {
            String[] columns = line.split(" *\\| *");
            assertTrue(!columns[0].equals("rule") || sources.indexOf(columns[1]) >= 0, line);
        }
    }
}
