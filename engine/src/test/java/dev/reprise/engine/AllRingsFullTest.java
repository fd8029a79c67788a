package dev.reprise.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.journal.DiskFiles;
import dev.reprise.engine.journal.FileLayer;
import dev.reprise.engine.journal.JournalFailedException;
import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.LogFile;
import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.record.LiveSession;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.OutputRing;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every ring is full at once, everybody waits, and the journaler dies in the middle of a write. */
class AllRingsFullTest {

    /** Bounds a hang; nothing is concluded from the time but that there was none. */
    private static final long HANG_MS = 200_000;

    @TempDir
    Path temp;

    private final CountDownLatch diskStuck = new CountDownLatch(1);
    private final CountDownLatch kill = new CountDownLatch(1);
    private final AtomicBoolean armed = new AtomicBoolean();

    /** Asks at every step, and puts out as much as is taken. */
    private static final class Flood implements Guest {

        private final Session session;
        private final AtomicBoolean armed;
        private final byte[] bytes = new byte[64];
        private long position;
        private volatile boolean outputFull;

        Flood(Session session, AtomicBoolean armed) {
            this.session = session;
            this.armed = armed;
        }

        @Override
        public Status runUntil(long limit) {
            while (position < limit) {
                session.ask(1, () -> 5);
                if (session.output(1, bytes, 0, bytes.length) < bytes.length) {
                    outputFull = true;
                }
                position++;
                if (position == 3_000) {
                    armed.set(true);
                }
            }
            return Status.RAN;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void apply(Event input) {
            // What comes is of no meaning.
        }

        @Override
        public void reset(ResetCause cause) {
            throw new IllegalStateException("nobody asked for it");
        }

        @Override
        public void digest(StateSink sink) {
            sink.putLong(position);
        }
    }

    private FileLayer dying(FileLayer files) {
        return (FileLayer) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {FileLayer.class},
                (proxy, method, args) -> {
                    Object result = method.invoke(files, args);
                    return result instanceof LogFile file ? dying(file) : result;
                });
    }

    private LogFile dying(LogFile file) {
        return new LogFile() {
            @Override
            public int write(ByteBuffer from, long position) throws IOException {
                if (!armed.get()) {
                    return file.write(from, position);
                }
                diskStuck.countDown();
                try {
                    kill.await();
                } catch (InterruptedException interrupted) {
                    throw new IOException(interrupted);
                }
                throw new OutOfMemoryError("the journaler is killed");
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

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldStopEverybodyWithTheDurablePosition(int durability) throws Exception {
        Path directory = temp.resolve("run");
        SessionConfig config = SessionConfig.of("flood").device("out", "text").device("in", "pad")
                .durability(durability).inboxSlots(512).outputBytes(1 << 12).digestEvery(0).quantum(50);
        Recording recording = Recording.create(directory, config, false).decorate(this::dying);
        LiveSession session = new LiveSession(config, recording);
        Flood guest = new Flood(session, armed);
        OutputRing output = session.outputRing(1);
        InputPort port = session.inputPort(2);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(new Thread(() -> publishWhileItGoesOn(port), "publisher-" + i));
        }
        threads.add(new Thread(() -> takeHardlyAnything(output, kill), "backend"));
        threads.add(new Thread(() -> {
            try {
                session.run(guest);
            } catch (Throwable expected) {
                failure.set(expected);
            } finally {
                session.close();
            }
        }, "guest"));
        threads.forEach(Thread::start);
        assertTrue(diskStuck.await(HANG_MS, TimeUnit.MILLISECONDS), "the journaler never wrote");
        // The guest comes to wait for the journal ring, and the publishers for the inbox, which nobody polls then.
        long deadline = System.nanoTime() + HANG_MS * 1_000_000;
        while (session.stats().journalWaits() == 0 || session.stats().inboxWaits() == 0 || !guest.outputFull) {
            assertTrue(System.nanoTime() < deadline, () -> "not all rings are full: " + session.stats());
            Thread.sleep(1);
        }
        long from = System.nanoTime();
        kill.countDown();
        for (Thread thread : threads) {
            thread.join(HANG_MS);
            assertTrue(!thread.isAlive(), () -> thread.getName() + " waits for ever");
        }
        System.out.println("journal: all rings full, the journaler killed, level " + durability + ": stopped after "
                + (System.nanoTime() - from) / 1_000 + " us");
        JournalFailedException reported = assertInstanceOf(JournalFailedException.class, failure.get());
        assertEquals(5, reported.exitStatus());
        String message = reported.getMessage();
        assertTrue(message.matches(".*the journaler is killed; durable: [0-9]+ groups, [0-9]+ events.*"), message);
        long durable = Long.parseLong(message.replaceAll(".*durable: ([0-9]+) groups.*", "$1"));
        LogCheck.Report report = LogCheck.check(new DiskFiles(directory), recording.manifestBytes());
        assertEquals(LogCheck.Verdict.TORN, report.verdict(), report.reason());
        assertTrue(report.groups() >= durable, () -> durable + " groups were said to be durable, found " + report);
    }

    private static void publishWhileItGoesOn(InputPort port) {
        while (port.publish(EventKind.EMBEDDER_INPUT, 1, 2, new byte[100], 0, 100)) {
            // The inbox is full nearly at once.
        }
    }

    /** A slow host, until the journaler is killed: how long it takes for what it may still have is not looked at. */
    private static void takeHardlyAnything(OutputRing output, CountDownLatch kill) {
        byte[] chunk = new byte[16];
        while (output.take(chunk, 0, chunk.length, 1_000_000_000) >= 0) {
            try {
                kill.await(5, TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                return;
            }
        }
    }
}
