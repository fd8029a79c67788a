package dev.reprise.cpu.judge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The judge's programs on the translator, against the interpreter: what needs no QEMU. */
class TranslatedSequencesTest {
    private static final long SEED = Long.getLong("judge.seed", 4_711);

    @Test
    void shouldLeaveTheStateOfTheInterpreterAfterEveryRandomProgram() throws IOException {
        System.out.println("translated sequences: seed " + SEED);
        Batch batch = Batch.of(SEED, 256, new KnownDifferences());
        byte[] image = batch.image();
        byte[] interpreted = HartRunner.run(image);
        byte[] translated = HartRunner.runTranslated(image);
        for (Sequence sequence : batch.sequences()) {
            assertTrue(Comparison.equal(sequence, interpreted, translated),
                    () -> sequence.plan + " " + Comparison.differences(sequence, interpreted, translated));
        }
    }
}
