package dev.reprise.machine.cli;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Standard error for a program that has to end: whoever has it (a stalled terminal, a pipe that nobody reads) may take nothing.
 * Another thread writes. Callers wait for it, so that messages stand where they were said among what others write, but not
 * for longer than a moment; from then on not at all until everything has been taken. What finds no room is dropped.
 *
 * <p>Any thread may write.
 */
final class MessageStream extends OutputStream {

    private static final int CAPACITY = 1 << 20;

    private final OutputStream to;
    private final long patienceMs;
    private final byte[] waiting = new byte[CAPACITY];
    private int size;
    private boolean isWriting;
    private boolean stalled;
    private boolean gone;
    private Thread writer;

    /** @param patienceMs how long a caller waits for a reader that takes nothing, milliseconds */
    MessageStream(OutputStream to, long patienceMs) {
        this.to = to;
        this.patienceMs = patienceMs;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        if (gone) {
            return;
        }
        if (writer == null) {
            writer = new Thread(this::run, "messages");
            writer.setDaemon(true);
            writer.start();
        }
        int count = Math.min(length, CAPACITY - size);
        System.arraycopy(bytes, offset, waiting, size, count);
        size += count;
        notifyAll();
        await();
    }

    @Override
    public synchronized void flush() {
        await();
    }

    private void await() {
        long until = System.nanoTime() + patienceMs * 1_000_000;
        while ((size > 0 || isWriting) && !stalled && !gone) {
            long leftMs = (until - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                stalled = true;
                return;
            }
            try {
                wait(leftMs);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void run() {
        byte[] chunk = new byte[CAPACITY];
        try {
            while (true) {
                int count = take(chunk);
                to.write(chunk, 0, count);
                to.flush();
                written();
            }
        } catch (IOException closed) {
            giveUp();
        } catch (InterruptedException interrupted) {
            giveUp();
            Thread.currentThread().interrupt();
        }
    }

    private synchronized int take(byte[] into) throws InterruptedException {
        while (size == 0) {
            wait();
        }
        int count = size;
        System.arraycopy(waiting, 0, into, 0, count);
        size = 0;
        isWriting = true;
        return count;
    }

    private synchronized void written() {
        isWriting = false;
        stalled &= size > 0;
        notifyAll();
    }

    /** Nobody has standard error any more: what is said is said to nobody. */
    private synchronized void giveUp() {
        gone = true;
        notifyAll();
    }
}
