package dev.reprise.machine.demo;

import dev.reprise.chardev.host.Backend;
import dev.reprise.chardev.host.BackendCounters;
import dev.reprise.engine.Session;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.OutputRing;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A backend that types by itself: a thread presses the script's keys in the host's time, once the guest has shown its
 * first prompt; another collects what the guest prints.
 */
final class TypingBackend implements Backend {

    private static final long TAKE_NS = 20_000_000;
    private static final long CREDIT_NS = 50_000_000;
    private static final String PROMPT = "\n> ";

    private final TypingScript script;
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final CountDownLatch prompted = new CountDownLatch(1);
    private volatile boolean stopped;
    private volatile int typed;
    private Thread typist;
    private Thread collector;

    TypingBackend(TypingScript script) {
        this.script = script;
    }

    @Override
    public void start(Session session, int device) {
        InputPort port = session.inputPort(device);
        OutputRing ring = session.outputRing(device);
        typist = new Thread(() -> type(port), "demo-typist");
        collector = new Thread(() -> collect(ring), "demo-collector");
        typist.setDaemon(true);
        collector.setDaemon(true);
        typist.start();
        collector.start();
    }

    private void type(InputPort port) {
        try {
            prompted.await();
        } catch (InterruptedException e) {
            return;
        }
        byte[] one = new byte[1];
        for (TypingScript.Key key : script.keys()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(key.pauseMs()));
            one[0] = (byte) key.character();
            int published = port.publishBytes(one, 0, 1);
            while (published == 0 && !stopped) {
                port.awaitCredit(CREDIT_NS);
                published = port.publishBytes(one, 0, 1);
            }
            if (published < 0 || stopped) {
                return;
            }
            typed++;
        }
    }

    private void collect(OutputRing ring) {
        byte[] buffer = new byte[4096];
        int count = ring.take(buffer, 0, buffer.length, TAKE_NS);
        while (count >= 0 && !stopped) {
            synchronized (console) {
                console.write(buffer, 0, count);
                if (prompted.getCount() > 0 && text().contains(PROMPT)) {
                    prompted.countDown();
                }
            }
            count = ring.take(buffer, 0, buffer.length, TAKE_NS);
        }
    }

    private String text() {
        return console.toString(StandardCharsets.ISO_8859_1);
    }

    byte[] consoleBytes() {
        synchronized (console) {
            return console.toByteArray();
        }
    }

    int typedKeys() {
        return typed;
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public boolean drain(long timeoutNs) {
        try {
            collector.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(timeoutNs)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !collector.isAlive();
    }

    @Override
    public void stop() {
        stopped = true;
        prompted.countDown();
    }

    @Override
    public BackendCounters counters() {
        return BackendCounters.of(typed, consoleBytes().length);
    }
}
