package dev.reprise.chardev.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;

/** A host that takes as many writes as a test permits, and can go away. */
final class HeldOutput extends OutputStream {

    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final Semaphore permits = new Semaphore(0);
    private volatile boolean gone;

    void permit(int writes) {
        permits.release(writes);
    }

    void permitAll() {
        permits.release(Integer.MAX_VALUE / 2);
    }

    void goAway() {
        gone = true;
        permitAll();
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        permits.acquireUninterruptibly();
        if (gone) {
            throw new IOException("Broken pipe");
        }
        synchronized (taken) {
            taken.write(bytes, offset, length);
        }
    }

    byte[] taken() {
        synchronized (taken) {
            return taken.toByteArray();
        }
    }
}
