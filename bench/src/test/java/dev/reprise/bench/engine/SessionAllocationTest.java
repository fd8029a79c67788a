package dev.reprise.bench.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.reprise.engine.Mode;
import dev.reprise.engine.Session;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A session's events allocate nothing on any thread: guest, journaler or reader. Counted between two points of one run,
 * because opening a session allocates its rings.
 */
class SessionAllocationTest {

    private static final int WARM_EVENTS = 60_000;
    private static final int EVENTS = 600_000;
    private static final int PER_BOUNDARY = 64;
    private static final double LIMIT_BYTES_PER_EVENT = 0.01;
    private static final int ATTEMPTS = 3;

    @TempDir
    private Path folder;

    private static Stream<Arguments> everyModeAndQuestion() {
        return Stream.of(Mode.values()).flatMap(mode -> Stream.of(Question.values())
                .map(question -> Arguments.of(mode, question)));
    }

    @ParameterizedTest
    @MethodSource("everyModeAndQuestion")
    void shouldAllocateNothingPerEvent(Mode mode, Question question) throws IOException {
        Path recording = folder.resolve("recording");
        if (mode == Mode.REPLAY) {
            try (Session session = Sessions.record(recording, SessionBenchmark.config())) {
                allocatedBytes(session, question);
            }
        }
        double least = Double.MAX_VALUE;
        // The rest of the JVM allocates too; what an event allocates is in every attempt.
        for (int i = 0; i < ATTEMPTS && least >= LIMIT_BYTES_PER_EVENT; i++) {
            try (Session session = switch (mode) {
                case OFF -> Sessions.off(SessionBenchmark.config());
                case RECORD -> Sessions.record(recording, SessionBenchmark.config(), true);
                case REPLAY -> Sessions.replay(recording, SessionBenchmark.config());
            }) {
                least = Math.min(least, (double) allocatedBytes(session, question) / EVENTS);
            }
        }
        double bytes = least;
        assertTrue(bytes < LIMIT_BYTES_PER_EVENT, () -> bytes + " bytes per event");
    }

    private static long allocatedBytes(Session session, Question question) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        CountingGuest guest = new CountingGuest();
        Question.Asker asker = new Question.Asker(session);
        session.boundary(guest);
        ask(session, guest, asker, question, WARM_EVENTS);
        long before = threads.getTotalThreadAllocatedBytes();
        ask(session, guest, asker, question, EVENTS);
        long allocated = threads.getTotalThreadAllocatedBytes() - before;
        session.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, 0);
        session.boundary(guest);
        return allocated;
    }

    private static void ask(Session session, CountingGuest guest, Question.Asker asker, Question question, int events) {
        for (int i = 1; i <= events; i++) {
            guest.advance(1_000);
            question.ask(asker);
            if (i % PER_BOUNDARY == 0) {
                session.boundary(guest);
            }
        }
    }
}
