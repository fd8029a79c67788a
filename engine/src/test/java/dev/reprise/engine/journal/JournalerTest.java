package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;
import dev.reprise.engine.ring.PoisonedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class JournalerTest {

    private static final byte[] MANIFEST = "{}\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    /** The memory layer, whose k-th write or force fails; short of a device, the real path runs. */
    private static final class Failing implements FileLayer {
        private final MemoryFiles files = new MemoryFiles();
        private final int failAt;
        private int calls;

        Failing(int failAt) {
            this.failAt = failAt;
        }

        private void call() throws IOException {
            if (++calls >= failAt) {
                throw new IOException("No space left on device");
            }
        }

        private LogFile wrap(LogFile file) {
            return new LogFile() {
                @Override
                public int write(ByteBuffer from, long position) throws IOException {
                    call();
                    return file.write(from, position);
                }

                @Override
                public int read(ByteBuffer into, long position) throws IOException {
                    return file.read(into, position);
                }

                @Override
                public long size() throws IOException {
                    return file.size();
                }

                @Override
                public void force() throws IOException {
                    call();
                    file.force();
                }

                @Override
                public void truncate(long size) throws IOException {
                    file.truncate(size);
                }

                @Override
                public void close() throws IOException {
                    file.close();
                }
            };
        }

        @Override
        public LogFile create(String name) throws IOException {
            return wrap(files.create(name));
        }

        @Override
        public LogFile open(String name) throws IOException {
            return files.open(name);
        }

        @Override
        public LogFile openForWrite(String name) throws IOException {
            return wrap(files.openForWrite(name));
        }

        @Override
        public boolean exists(String name) {
            return files.exists(name);
        }

        @Override
        public void createFolder(String name) {
            files.createFolder(name);
        }

        @Override
        public List<String> list(String folder) {
            return files.list(folder);
        }

        @Override
        public void forceFolder(String name) {
            files.forceFolder(name);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            files.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            files.delete(name);
        }
    }

    @Test
    void shouldAcknowledgeNothingAfterTheFirstFailureAndKeepWhatItAcknowledged() throws Exception {
        int failed = 0;
        for (int failAt = 1; failAt < 60; failAt++) {
            Failing files = new Failing(failAt);
            JournalWriter writer;
            try {
                writer = new JournalWriter(files, MANIFEST, false);
            } catch (IOException atCreation) {
                continue;
            }
            Poison poison = new Poison();
            JournalRing ring = new JournalRing(JournalRing.MIN_BYTES, poison);
            Journaler journaler = new Journaler(writer, ring, poison, 2);
            journaler.start();
            byte[] payload = new byte[100];
            int published = 0;
            try {
                for (int i = 0; i < 20_000; i++) {
                    ring.publish(EventKind.CHAR_INPUT, 1, i, 0, 0, payload, 0, payload.length);
                    published++;
                    if (i % 997 == 0) {
                        journaler.requestSeal();
                    }
                }
                journaler.close();
            } catch (PoisonedException expected) {
                failed++;
                JournalFailedException cause = assertInstanceOf(JournalFailedException.class, poison.cause());
                assertEquals(5, cause.exitStatus());
                assertTrue(cause.getMessage().contains("No space left on device"), cause.getMessage());
                assertThrows(PoisonedException.class, poison::check);
            }
            long durable = journaler.writer().durableEvents();
            assertTrue(durable <= published);
            try (JournalReader reader = new JournalReader(files.files, MANIFEST)) {
                Event event = Event.slot();
                long count = 0;
                while (reader.next(event)) {
                    assertEquals(count++, event.position());
                }
                assertTrue(count >= durable, "durable " + durable + ", found " + count + ", failing call " + failAt);
            }
        }
        assertTrue(failed > 30, "failing runs: " + failed);
    }

    @Test
    void shouldForceByTheClockAtLevelTwoToo() throws Exception {
        AtomicLong now = new AtomicLong(1);
        Poison poison = new Poison();
        JournalRing ring = new JournalRing(JournalRing.MIN_BYTES, poison);
        Journaler journaler =
                new Journaler(new JournalWriter(new MemoryFiles(), MANIFEST, true), ring, poison, 2, now::get);
        journaler.start();
        ring.publish(EventKind.CLOCK_READ, 0, 1, 0, 1);
        long hang = System.nanoTime() + 30_000_000_000L;
        while (journaler.durableSequence() < 0) {
            assertTrue(System.nanoTime() < hang, "not forced, though nobody waits for a release");
            now.addAndGet(Journaler.FORCE_NS);
            LockSupport.parkNanos(1_000_000);
        }
        journaler.close();
    }

    /** As if there were no memory for the words either: once, as it is with memory. */
    @Test
    void shouldTellTheRunOfAFailureThatItCannotPutIntoWords() throws Exception {
        AtomicBoolean asked = new AtomicBoolean();
        AtomicBoolean broken = new AtomicBoolean();
        Error wordless = new Error() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                if (!asked.getAndSet(true)) {
                    throw new OutOfMemoryError("no room for words");
                }
                return "wordless";
            }
        };
        FileLayer files = HookedFiles.of(new MemoryFiles(), call -> {
            if (broken.get() && call.equals("force")) {
                throw wordless;
            }
        });
        Poison poison = new Poison();
        JournalRing ring = new JournalRing(JournalRing.MIN_BYTES, poison);
        Journaler journaler = new Journaler(new JournalWriter(files, MANIFEST, false), ring, poison, 1);
        journaler.start();
        ring.publish(EventKind.CLOCK_READ, 0, 1, 0, 1);
        broken.set(true);
        assertThrows(PoisonedException.class, journaler::close);
        assertSame(wordless, poison.cause());
        assertEquals(-1, journaler.durableSequence());
    }

    /** Who closes gives the recording's lock back next. */
    @Test
    void shouldNotLeaveAnInterruptedCallerAloneWithALogThatIsStillWritten() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean held = new AtomicBoolean();
        MemoryFiles memory = new MemoryFiles();
        FileLayer files = HookedFiles.of(memory, call -> {
            if (held.get()) {
                release.await();
            }
        });
        Poison poison = new Poison();
        JournalRing ring = new JournalRing(JournalRing.MIN_BYTES, poison);
        Journaler journaler = new Journaler(new JournalWriter(files, MANIFEST, false), ring, poison, 1);
        held.set(true);
        journaler.start();
        long sequence = ring.publish(EventKind.CLOCK_READ, 0, 1, 0, 1);
        AtomicLong durable = new AtomicLong(-2);
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread closing = new Thread(() -> {
            Thread.currentThread().interrupt();
            try {
                journaler.close();
            } finally {
                durable.set(journaler.durableSequence());
                interrupted.set(Thread.interrupted());
            }
        }, "closing");
        closing.start();
        while (closing.getState() != Thread.State.TIMED_WAITING && closing.isAlive()) {
            LockSupport.parkNanos(100_000);
        }
        release.countDown();
        closing.join();
        assertEquals(sequence, durable.get());
        assertTrue(interrupted.get());
    }

    /** Else a crash after a close could leave a mark that is torn. */
    @Test
    void shouldForceTheMarkThatSaysThatTheLogHasEnded() throws IOException {
        List<String> calls = new ArrayList<>();
        JournalWriter writer = new JournalWriter(HookedFiles.of(new MemoryFiles(), calls::add), MANIFEST, false);
        SampleLogs.append(writer, 0, 10, 10);
        writer.finish(true);
        assertEquals(List.of("force", "write", "force", "close", "close"), calls.subList(calls.size() - 5, calls.size()));
    }

    private static void requireUnusable(JournalWriter writer) {
        assertThrows(IOException.class, () -> SampleLogs.append(writer, 20, 10, 10));
        assertThrows(IOException.class, writer::force);
        assertThrows(IOException.class, () -> writer.finish(true));
    }

    /** An error is none that the writer makes, but what comes behind it would stand on a chain that the file has not. */
    @Test
    void shouldWriteNothingBehindAnErrorEither() throws Exception {
        for (String failing : List.of("write", "force")) {
            AtomicBoolean once = new AtomicBoolean();
            MemoryFiles memory = new MemoryFiles();
            FileLayer files = HookedFiles.of(memory, call -> {
                if (call.equals(failing) && once.getAndSet(false)) {
                    throw new OutOfMemoryError("once");
                }
            });
            JournalWriter writer = new JournalWriter(files, MANIFEST, false);
            SampleLogs.append(writer, 0, 10, 10);
            once.set(true);
            assertThrows(OutOfMemoryError.class, () -> {
                SampleLogs.append(writer, 10, 10, 10);
                writer.force();
            });
            requireUnusable(writer);
            assertEquals(0, writer.durableEvents());
            writer.close();
            assertEquals(LogCheck.Verdict.TORN, LogCheck.check(memory, MANIFEST).verdict());
            JournalWriter finishing = new JournalWriter(HookedFiles.of(new MemoryFiles(), call -> {
                if (call.equals(failing) && once.getAndSet(false)) {
                    throw new OutOfMemoryError("once");
                }
            }), MANIFEST, false);
            SampleLogs.append(finishing, 0, 10, 10);
            once.set(true);
            assertThrows(OutOfMemoryError.class, () -> finishing.finish(true));
            requireUnusable(finishing);
        }
    }

    @Test
    void shouldLoseNothingWhenStartedAndClosedAtOnce() throws Exception {
        for (int round = 0; round < 300; round++) {
            MemoryFiles files = new MemoryFiles();
            Poison poison = new Poison();
            JournalRing ring = new JournalRing(JournalRing.MIN_BYTES, poison);
            Journaler journaler = new Journaler(new JournalWriter(files, MANIFEST, true), ring, poison, 1);
            journaler.start();
            int events = round % 7;
            for (int i = 0; i < events; i++) {
                ring.publish(EventKind.CLOCK_READ, 0, i, 0, round);
            }
            journaler.close();
            assertEquals(events, journaler.writer().durableEvents());
            try (JournalReader reader = new JournalReader(files, MANIFEST)) {
                Event event = Event.slot();
                for (int i = 0; i < events; i++) {
                    assertTrue(reader.next(event));
                }
            }
        }
    }
}
