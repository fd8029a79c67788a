package dev.reprise.chardev.guest;

import dev.reprise.engine.Session;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;

/**
 * A session of which a test decides what a backend has room for. The two calls that a register model makes; any other
 * fails the test.
 */
final class StubLine {

    static final int DEVICE = 3;

    final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    final Session session;

    /** Bytes that the backend still takes. */
    int room = Integer.MAX_VALUE;
    boolean closed;
    int granted;
    int offers;

    StubLine() {
        session = (Session) Proxy.newProxyInstance(Session.class.getClassLoader(), new Class<?>[] {Session.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "grant":
                            granted += (int) arguments[1];
                            return null;
                        case "output":
                            if (arguments.length == 2) {
                                return take(new byte[] {(byte) arguments[1]}, 0, 1);
                            }
                            return take((byte[]) arguments[1], (int) arguments[2], (int) arguments[3]);
                        default:
                            throw new UnsupportedOperationException(method.toString());
                    }
                });
    }

    private int take(byte[] bytes, int offset, int length) {
        offers++;
        if (closed) {
            return Session.OUTPUT_CLOSED;
        }
        int count = Math.min(room, length);
        if (count == 0) {
            return Session.WOULD_BLOCK;
        }
        room -= count;
        sent.write(bytes, offset, count);
        return count;
    }
}
