package dev.reprise.chardev.host;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.LockSupport;

/**
 * Shows on a terminal what is typed there for the guest, by a thread of its own: a terminal that takes nothing holds up
 * neither the keys nor the guest's output, which goes elsewhere, to standard output. What it does not take is counted.
 *
 * <p>Why not by the terminal itself, which can echo too: it would show the operator's keys, and at a monitor, which shows
 * what is typed there, everything twice.
 */
final class TerminalEcho implements InputReader.Echo {

    private static final int CHUNK_BYTES = 1 << 12;
    private static final long PARK_NS = 50_000_000;
    private static final long STOP_MS = 100;

    private final OutputStream terminal;
    /** There is one peer, which needs no name. */
    private final Aside typed = new Aside();
    private final Thread thread;
    private volatile boolean stopped;

    /** @param terminal is closed with it */
    TerminalEcho(OutputStream terminal) {
        this.terminal = terminal;
        thread = new Thread(this::run, "chardev-stdio-echo");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void show(byte[] bytes, int offset, int length) {
        typed.put(null, bytes, offset, length);
        LockSupport.unpark(thread);
    }

    private void run() {
        byte[] chunk = new byte[CHUNK_BYTES];
        try (terminal) {
            while (true) {
                // Asked first: what was typed before the end is still shown.
                boolean last = stopped;
                int count = typed.peek(null, chunk);
                if (count > 0) {
                    terminal.write(chunk, 0, count);
                    terminal.flush();
                    typed.taken(null, count);
                } else if (last) {
                    return;
                } else {
                    LockSupport.parkNanos(this, PARK_NS);
                }
            }
        } catch (IOException gone) {
            // It has hung up, which the reader sees too; from here on everything counts as not taken.
        }
    }

    /** What has not been shown a moment later is given up. Idempotent. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        typed.forget();
    }

    long lostBytes() {
        return typed.lostBytes();
    }
}
