package dev.reprise.machine.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is typed at the built-in guest, and with which pauses: drawn from a seed, so that the same typing can be done
 * twice. When each key really arrives is up to the host, which is the point.
 */
final class TypingScript {

    private static final int MAX_PAUSE_MS = 70;
    private static final String[] WORDS = {"tide", "lantern", "quartz", "meadow", "ember", "harbour", "violin"};

    /**
     * One key.
     *
     * @param pauseMs before it
     */
    record Key(char character, int pauseMs) {}

    private final List<Key> keys = new ArrayList<>();
    private final String probe;

    TypingScript(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        probe = WORDS[random.nextInt(WORDS.length)];
        line(random, "help");
        line(random, probe);
        line(random, "sum " + (200_000 + random.nextInt(200_000)));
        // Typed while the guest is still adding: these keys arrive in the middle of a computation.
        line(random, "time");
        line(random, "peek 0x80000000");
        line(random, "sum " + (100_000 + random.nextInt(100_000)));
        line(random, WORDS[random.nextInt(WORDS.length)] + " " + random.nextInt(1_000));
        line(random, "mem");
        line(random, "quit");
    }

    private void line(SplittableRandom random, String text) {
        for (char c : (text + "\n").toCharArray()) {
            keys.add(new Key(c, 1 + random.nextInt(MAX_PAUSE_MS)));
        }
    }

    List<Key> keys() {
        return keys;
    }

    /** A line that the guest answers with nothing but the moments at which its keys arrived. */
    String probe() {
        return probe;
    }
}
