package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;
import dev.reprise.engine.ring.PoisonedException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The journal while more comes than one thread can write. */
class GroupPipelineTest {

    private static final int EVENTS = 120_000;
    private static final int PAYLOAD_BYTES = 100;
    private static final long SLOW_NS = 200_000;

    private final MemoryFiles files = new MemoryFiles();
    private final Poison poison = new Poison();
    private final JournalRing ring = new JournalRing(1 << 20, poison);
    private final Set<String> writers = ConcurrentHashMap.newKeySet();
    private volatile int writesLeft = Integer.MAX_VALUE;
    private volatile Throwable failure = new IOException("No space left on device");

    /** Files whose writes take long enough for the ring to fill, and fail at last. */
    private FileLayer slow() {
        return (FileLayer) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {FileLayer.class},
                (proxy, method, args) -> {
                    Object result = invoke(method, files, args);
                    return result instanceof LogFile file ? slow(file) : result;
                });
    }

    private LogFile slow(LogFile file) {
        return (LogFile) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {LogFile.class},
                (proxy, method, args) -> {
                    if (method.isDefault()) {
                        return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, args);
                    }
                    if (method.getName().equals("write") && Thread.currentThread().getName().startsWith("journal")) {
                        writers.add(Thread.currentThread().getName());
                        if (writesLeft-- <= 0) {
                            throw failure;
                        }
                        LockSupport.parkNanos(SLOW_NS);
                    }
                    return invoke(method, file, args);
                });
    }

    private static Object invoke(java.lang.reflect.Method method, Object on, Object[] args) throws Throwable {
        try {
            return method.invoke(on, args);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private Journaler start(int durability) throws IOException {
        Journaler journaler =
                new Journaler(new JournalWriter(slow(), SampleLogs.MANIFEST, false), ring, poison, durability);
        journaler.start();
        return journaler;
    }

    private long publish(int position) {
        byte[] payload = new byte[PAYLOAD_BYTES];
        payload[0] = (byte) position;
        return ring.publish(EventKind.CHAR_INPUT, 1, position, 0, 0, payload, 0, PAYLOAD_BYTES);
    }

    private void assertWholeUpTo(long events) throws IOException {
        try (JournalReader reader = new JournalReader(files, SampleLogs.MANIFEST)) {
            Event event = Event.slot();
            for (long i = 0; i < events; i++) {
                assertTrue(reader.next(event), "event " + i + " is missing");
                assertEquals(i, event.position());
                assertEquals((byte) i, event.payload()[0]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldKeepOrderAndPositionsWhileTwoThreadsWrite(int durability) throws Exception {
        Journaler journaler = start(durability);
        for (int i = 0; i < EVENTS; i++) {
            long sequence = publish(i);
            if (i % 30_011 == 30_010) {
                journaler.requestSeal();
                long hang = System.nanoTime() + 30_000_000_000L;
                while ((durability == 2 ? journaler.durableSequence() : journaler.writtenSequence()) < sequence) {
                    assertTrue(System.nanoTime() < hang, "not written, though it was asked for");
                    LockSupport.parkNanos(20_000);
                }
                assertWholeUpTo(i + 1);
            }
        }
        journaler.close();
        assertEquals(Set.of("journaler", "journal-writer"), writers);
        assertEquals(EVENTS, journaler.writer().sealedEvents());
        assertEquals(ring.cursor(), journaler.writtenSequence());
        assertEquals(durability == 0 ? -1 : ring.cursor(), journaler.durableSequence());
        assertWholeUpTo(EVENTS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPoisonTheRunWithTheFirstFailureOfTheSecondThread(boolean error) throws Exception {
        failure = error ? new OutOfMemoryError("the writer is killed") : failure;
        writesLeft = 40;
        Journaler journaler = start(0);
        PoisonedException seen = null;
        try {
            for (int i = 0; i < EVENTS; i++) {
                publish(i);
            }
            journaler.close();
        } catch (PoisonedException expected) {
            seen = expected;
        }
        assertTrue(seen != null, "nobody was told");
        JournalFailedException cause = assertInstanceOf(JournalFailedException.class, poison.cause());
        assertEquals(5, cause.exitStatus());
        assertTrue(cause.getMessage().contains(failure.getMessage() + "; durable: 0 groups"), cause.getMessage());
        assertTrue(writers.contains("journal-writer"));
        long acknowledged = journaler.writer().sealedEvents();
        assertTrue(acknowledged > 0);
        assertWholeUpTo(acknowledged);
    }

    @Test
    void shouldNeedNoSecondThreadForALogThatIsNeverBehind() throws Exception {
        Journaler journaler = start(1);
        for (int i = 0; i < 20_000; i++) {
            long sequence = publish(i);
            while (journaler.writtenSequence() < sequence - 2 * JournalRing.BLOCK_BYTES) {
                LockSupport.parkNanos(20_000);
            }
        }
        journaler.close();
        assertFalse(writers.contains("journal-writer"));
        assertWholeUpTo(20_000);
    }
}
