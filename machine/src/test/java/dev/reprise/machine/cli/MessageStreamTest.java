package dev.reprise.machine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessageStreamTest {

    private static final long FOREVER_MS = 1_000_000;

    /** Takes nothing before it is let, and then everything. */
    private static final class Stalled extends OutputStream {
        final CountDownLatch let = new CountDownLatch(1);
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                let.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            synchronized (taken) {
                taken.write(bytes, offset, length);
            }
        }

        int size() {
            synchronized (taken) {
                return taken.size();
            }
        }
    }

    @Test
    void shouldHaveWrittenWhatItIsGivenWhereSomebodyReads() {
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        PrintStream messages = new PrintStream(new MessageStream(taken, FOREVER_MS), true, StandardCharsets.UTF_8);
        for (int i = 0; i < 100; i++) {
            messages.println("line " + i);
            assertTrue(taken.toString(StandardCharsets.UTF_8).endsWith("line " + i + System.lineSeparator()));
        }
    }

    @Test
    void shouldReturnThoughNobodyReadsAndWriteOnceSomebodyDoes() {
        Stalled stalled = new Stalled();
        MessageStream messages = new MessageStream(stalled, 1);
        byte[] line = new byte[100];
        // More than there is room for.
        for (int i = 0; i < 40_000; i++) {
            messages.write(line, 0, line.length);
        }
        messages.flush();
        assertEquals(0, stalled.size());
        stalled.let.countDown();
        while (stalled.size() < 1 << 20) {
            Thread.onSpinWait();
        }
        assertTrue(stalled.size() < 40_000 * line.length, "the rest was dropped");
    }

    @Test
    void shouldSayNothingMoreToAReaderThatHasGone() {
        int[] writes = {0};
        MessageStream messages = new MessageStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                writes[0]++;
                throw new IOException("gone");
            }
        }, FOREVER_MS);
        for (int i = 0; i < 10; i++) {
            messages.write('a');
            messages.flush();
        }
        assertEquals(1, writes[0]);
    }
}
