package dev.reprise.cpu.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Random programs on this hart and on QEMU. Run it with {@code -Djudge=true}, and with {@code -Djudge.seed=N} and
 * {@code -Djudge.batches=N} for others than the usual; it needs qemu-system-riscv64 and fails without.
 */
class JudgeTest {
    private static final int SEQUENCES_PER_BATCH = 512;
    private static final long SEED = Long.getLong("judge.seed", 20_251_121L);
    private static final int BATCHES = Integer.getInteger("judge.batches", 14);
    private static final int MAX_REPORTS = Integer.getInteger("judge.reports", 3);
    private static final long MIN_INSTRUCTIONS = 200_000;

    @Test
    @EnabledIfSystemProperty(named = "judge", matches = "true")
    void shouldLeaveTheSameStateAsTheJudgeAfterEveryRandomProgram() throws IOException, InterruptedException {
        KnownDifferences known = new KnownDifferences();
        Coverage coverage = new Coverage();
        List<String> reports = new ArrayList<>();
        int different = 0;
        System.out.println("judge: seed " + SEED + ", " + BATCHES + " batches of " + SEQUENCES_PER_BATCH + " sequences");
        for (int i = 0; i < BATCHES; i++) {
            Batch batch = Batch.of(SEED + (long) i * SEQUENCES_PER_BATCH, SEQUENCES_PER_BATCH, known);
            byte[] image = batch.image();
            byte[] judge = judge(image, i);
            byte[] ours = HartRunner.run(image, coverage);
            byte[] inOnePiece = HartRunner.run(image);
            byte[] inSlices = HartRunner.runInSlices(image, SEED + i);
            byte[] translated = HartRunner.runTranslated(image);
            for (Sequence sequence : batch.sequences()) {
                assertTrue(Comparison.equal(sequence, ours, inOnePiece), () -> "step by step and at once: "
                        + sequence.plan + Comparison.differences(sequence, ours, inOnePiece));
                assertTrue(Comparison.equal(sequence, ours, inSlices), () -> "step by step and in slices: "
                        + sequence.plan + Comparison.differences(sequence, ours, inSlices));
                assertTrue(Comparison.equal(sequence, ours, translated), () -> "interpreted and translated: "
                        + sequence.plan + Comparison.differences(sequence, ours, translated));
                coverage.addLog(sequence, ours);
                if (!Comparison.equal(sequence, judge, ours)) {
                    different++;
                    if (reports.size() < MAX_REPORTS) {
                        reports.add(report(sequence, judge, ours));
                        System.out.println(reports.getLast());
                    }
                }
            }
        }
        System.out.println(coverage.table());
        System.out.println("known differences:\n" + String.join("\n", known.lines()));
        assertEquals(0, different, () -> "sequences that differ; the first:\n" + String.join("\n", reports));
        assertEquals(List.of(), coverage.holes(), "coverage, seed " + SEED);
        assertTrue(coverage.instructions() >= MIN_INSTRUCTIONS, "instructions compared: " + coverage.instructions());
    }

    private static byte[] judge(byte[] image, int batch) throws IOException, InterruptedException {
        try {
            return new QemuRunner().run(image);
        } catch (IOException e) {
            throw new IOException("batch " + batch + " of seed " + SEED + ": " + e.getMessage(), e);
        }
    }

    private static String report(Sequence sequence, byte[] judge, byte[] ours) throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder(sequence.plan + "\n");
        Comparison.differences(sequence, judge, ours).forEach(line -> text.append("  ").append(line).append('\n'));
        Shrinker shrinker = new Shrinker(new QemuRunner(3)::run, HartRunner::run);
        if (!shrinker.differs(sequence)) {
            return text + "  (alone in an image it does not differ)\n";
        }
        shrinker.shrink(sequence);
        byte[] image = Batch.only(sequence).image();
        byte[] judgeShrunk = new QemuRunner().run(image);
        byte[] oursShrunk = HartRunner.run(image);
        text.append("  shrunk:\n");
        Comparison.differences(sequence, judgeShrunk, oursShrunk)
                .forEach(line -> text.append("  ").append(line).append('\n'));
        Comparison.listing(sequence, image).forEach(line -> text.append("    ").append(line).append('\n'));
        return text.toString();
    }
}
