package dev.reprise.chardev.host;

import java.io.InputStream;
import java.util.concurrent.LinkedBlockingQueue;

/** A host on which a test types: a read waits for what is typed, as one of a terminal does. */
final class TypedInput extends InputStream {

    private static final int END = -1;

    private final LinkedBlockingQueue<Integer> keys = new LinkedBlockingQueue<>();
    private volatile boolean ended;

    void type(byte... bytes) {
        for (byte b : bytes) {
            keys.add(b & 0xff);
        }
    }

    void end() {
        keys.add(END);
    }

    @Override
    public int available() {
        return keys.contains(END) ? Math.max(0, keys.size() - 1) : keys.size();
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? END : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (ended) {
            return END;
        }
        int count = 0;
        try {
            int key = keys.take();
            while (key != END) {
                into[offset + count++] = (byte) key;
                if (count == length || keys.isEmpty()) {
                    return count;
                }
                key = keys.take();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        ended = true;
        return count == 0 ? END : count;
    }
}
