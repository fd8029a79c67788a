package dev.reprise.engine.character;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.CheckpointKind;
import dev.reprise.engine.ClockKind;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.StepGuest;
import dev.reprise.engine.WitnessMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * The model: random sequences of all calls against a back end that answers with every outcome at random. What the guest
 * is told in replay is what it was told in record, call by call. 25 sequences of 5,000 calls.
 */
class CharModelTest {

    private static final int TRIES = 25;
    private static final int CALLS = 5_000;
    private static final int CALLS_PER_STEP = 3;

    private static long totalCalls;
    private static final Map<CharStatus.Kind, Long> MET = new EnumMap<>(CharStatus.Kind.class);
    private static long partialWithError;
    private static long shortWrites;

    /** Calls at random, from a seed; keeps what it was told of each. */
    private static final class Caller {

        private final SplittableRandom random;
        private final long[] views = new long[CALLS];
        private final byte[] bytes = new byte[400];
        private final byte[] into = new byte[400];
        private final CharAnswer answer = new CharAnswer();
        private int calls;

        Caller(long seed) {
            random = new SplittableRandom(seed);
        }

        void step(StepGuest guest, long position) {
            for (int i = 0; i < CALLS_PER_STEP && calls < CALLS; i++) {
                long view = call(guest.session(), random.nextInt(2) + 1);
                guest.learn(view);
                views[calls++] = view;
            }
            if (calls == CALLS) {
                guest.end(0);
            }
        }

        private long call(Session session, int device) {
            CharFrontEnd front = CharFrontEnd.of(session, device);
            int length = 1 + random.nextInt(bytes.length - 1);
            random.nextBytes(bytes);
            Arrays.fill(into, (byte) 0x55);
            switch (random.nextInt(12)) {
                case 0, 1, 2:
                    return write(front.write(bytes, 0, length), length);
                case 3, 4:
                    return write(front.write(bytes[0]), 1);
                case 5:
                    front.writeAll(bytes, 0, length, new WritePolicy(1 + random.nextInt(4), 0), answer);
                    return view();
                case 6, 7:
                    front.readAll(into, 0, length, answer);
                    if (answer.count() > 0 && answer.status() != CharStatus.OK) {
                        partialWithError++;
                    }
                    return view();
                case 8:
                    front.control(random.nextInt(5), bytes, random.nextInt(20), into, answer);
                    return view();
                case 9:
                    return front.descriptors(random.nextInt(3));
                case 10:
                    front.canReceive(random.nextInt(300));
                    return 0;
                default:
                    return session.readClock(ClockKind.HOST) + (session.checkpoint(CheckpointKind.CLOCK_VIRTUAL) ? 1 : 0);
            }
        }

        private static long write(int count, int length) {
            MET.merge(CharStatus.kind(count), 1L, Long::sum);
            if (count > 0 && count < length) {
                shortWrites++;
            }
            return count;
        }

        private long view() {
            MET.merge(CharStatus.kind(answer.status()), 1L, Long::sum);
            return (Arrays.hashCode(into) * 31L + answer.count()) * 31 + answer.status();
        }
    }

    private static SessionConfig config(long seed) {
        SessionConfig config = SessionConfig.of("caller").device("one", "character").device("two", "character")
                .digestEvery(500).durability(0).outputBytes(2048)
                .witness(WitnessMode.values()[(int) Math.floorMod(seed, 3L)]);
        return seed % 2 == 0 ? config.ledgerBytes("two") : config;
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
    void shouldTellTheGuestInReplayWhatItWasToldInRecordCallByCall(@ForAll long seed) throws IOException {
        Path directory = Files.createTempDirectory("reprise-model");
        try {
            Caller recorded = new Caller(seed);
            RunResult result;
            try (Session session = Sessions.record(directory.resolve("r"), config(seed).quantum(1 + Math.floorMod(seed, 50L)))) {
                AnsweringBackEnd one = new AnsweringBackEnd(session, 1, seed);
                session.attach(1, one);
                session.attach(2, new AnsweringBackEnd(session, 2, ~seed));
                result = session.run(new StepGuest(session, recorded::step));
                assertTrue(one.calls() > 100);
            }
            // Nobody there, and then somebody who would answer otherwise and whose ring is closed.
            requireSame(recorded, result, seed, directory.resolve("r"), false);
            requireSame(recorded, result, seed, directory.resolve("r"), true);
            totalCalls += recorded.calls;
        } finally {
            remove(directory);
        }
    }

    private static void requireSame(Caller recorded, RunResult result, long seed, Path log, boolean attached) {
        Caller replayed = new Caller(seed);
        try (Session session = Sessions.replay(log, config(seed))) {
            AnsweringBackEnd other = attached ? new AnsweringBackEnd(session, 1, seed + 1) : null;
            if (attached) {
                session.attach(1, other);
                session.outputRing(2).close(CharStatus.NO_SPACE);
            }
            Thread taker = attached ? takeAll(session) : null;
            assertEquals(result, session.run(new StepGuest(session, replayed::step)));
            assertArrayEquals(recorded.views, replayed.views);
            assertEquals(0, attached ? other.calls() : 0, "live answers are ignored");
            join(taker);
        }
    }

    private static Thread takeAll(Session session) {
        Thread taker = new Thread(() -> {
            byte[] into = new byte[1000];
            while (session.outputRing(1).take(into, 0, into.length, 1_000_000) >= 0) {
                Thread.onSpinWait();
            }
        });
        taker.start();
        return taker;
    }

    private static void join(Thread thread) {
        try {
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The harness can fail: another sequence of calls does not follow the log. */
    @Property(tries = 3, edgeCases = EdgeCasesMode.NONE)
    void shouldSeeAnotherSequenceOfCalls(@ForAll long seed) throws IOException {
        Path directory = Files.createTempDirectory("reprise-model");
        try {
            Caller recorded = new Caller(seed);
            try (Session session = Sessions.record(directory.resolve("r"), config(seed))) {
                session.attach(1, new AnsweringBackEnd(session, 1, seed));
                session.run(new StepGuest(session, recorded::step));
            }
            Caller other = new Caller(seed + 6);
            try (Session session = Sessions.replay(directory.resolve("r"), config(seed))) {
                org.junit.jupiter.api.Assertions.assertThrows(
                        dev.reprise.engine.replay.DivergenceException.class,
                        () -> session.run(new StepGuest(session, other::step)));
            }
            assertNotEquals(Arrays.hashCode(recorded.views), Arrays.hashCode(other.views));
        } finally {
            remove(directory);
        }
    }

    @AfterContainer
    static void shouldHaveMadeEnoughCallsAndMetEveryOutcome() {
        System.out.println("character calls recorded and replayed twice: " + totalCalls + ", outcomes " + MET
                + ", short writes " + shortWrites + ", partial data with an error " + partialWithError);
        assertTrue(totalCalls >= 100_000, "calls: " + totalCalls);
        assertEquals(CharStatus.Kind.values().length, MET.size(), "outcomes met: " + MET);
        assertTrue(shortWrites > 1_000 && partialWithError > 1_000);
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }
}
