package dev.reprise.chardev.guest;

import dev.reprise.engine.Session;
import dev.reprise.engine.character.CharAnswer;
import dev.reprise.engine.character.CharStatus;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A session of which a test decides what a backend has room for. The calls that a register model makes; any other
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
    /** Control requests: number and argument in hex. */
    final List<String> requests = new ArrayList<>();

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
                        case "control":
                            requests.add(arguments[1] + " " + HexFormat.of().formatHex((byte[]) arguments[2], 0,
                                    (int) arguments[3]));
                            ((CharAnswer) arguments[5]).set(0, CharStatus.OK);
                            return null;
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
