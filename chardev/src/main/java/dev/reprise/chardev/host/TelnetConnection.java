package dev.reprise.chardev.host;

import dev.reprise.engine.event.LinkEvent;
import java.io.IOException;
import java.io.InputStream;

/**
 * A peer that speaks telnet (RFC 854): data bytes of 255 are doubled, commands are taken out of the input, the peer's
 * BREAK is the guest's and the guest's is the peer's. As QEMU does, we announce that we echo (RFC 857), that neither side
 * sends go-ahead (RFC 858) and that both send binary (RFC 856), and leave it at that: a peer that refuses is served
 * all the same, and a carriage return's padding zero is dropped unless it has agreed to send binary.
 */
final class TelnetConnection implements Connection, InputFilter {

    private static final byte IAC = (byte) 255;
    private static final int DONT = 254;
    private static final int DO = 253;
    private static final int WONT = 252;
    private static final int WILL = 251;
    private static final int SUBNEGOTIATION = 250;
    private static final int BREAK = 243;
    private static final int SUBNEGOTIATION_END = 240;
    private static final int BINARY = 0;
    private static final int ECHO = 1;
    private static final int NO_GO_AHEAD = 3;

    private static final byte[] HELLO = {
        IAC, (byte) WILL, ECHO, IAC, (byte) WILL, NO_GO_AHEAD, IAC, (byte) DO, NO_GO_AHEAD,
        IAC, (byte) WILL, BINARY, IAC, (byte) DO, BINARY};
    private static final byte[] SEND_BREAK = {IAC, (byte) BREAK};

    /** What the next byte of the input is. */
    private enum Expect { DATA, COMMAND, OPTION, IN_SUBNEGOTIATION, COMMAND_IN_SUBNEGOTIATION, AFTER_RETURN }

    private final Connection peer;

    // Reader thread.
    private Expect expect = Expect.DATA;
    private int command;
    private boolean binary;

    // Writer thread: what of a doubled byte or a command is still to be sent.
    private final byte[] escaped = new byte[1 << 12];
    private final byte[] pending = new byte[64];
    private int pendingLength;

    TelnetConnection(Connection peer) throws IOException {
        this.peer = peer;
        addPending(HELLO);
        flushPending(false);
    }

    @Override
    public InputStream input() {
        return peer.input();
    }

    @Override
    public InputFilter filter() {
        return this;
    }

    @Override
    public int filter(byte[] bytes, int offset, int length, Marks marks) {
        int left = offset;
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            switch (expect) {
                case COMMAND -> {
                    if (b == IAC) {
                        bytes[left++] = b;
                    } else if ((b & 0xff) == BREAK) {
                        marks.mark(left, LinkEvent.BREAK);
                    }
                    command = b & 0xff;
                    expect = command == SUBNEGOTIATION ? Expect.IN_SUBNEGOTIATION
                            : command >= WILL && command <= DONT ? Expect.OPTION : Expect.DATA;
                }
                case OPTION -> {
                    if (b == BINARY && (command == WILL || command == WONT)) {
                        binary = command == WILL;
                    }
                    expect = Expect.DATA;
                }
                case IN_SUBNEGOTIATION -> expect = b == IAC ? Expect.COMMAND_IN_SUBNEGOTIATION : expect;
                case COMMAND_IN_SUBNEGOTIATION ->
                    expect = (b & 0xff) == SUBNEGOTIATION_END ? Expect.DATA : Expect.IN_SUBNEGOTIATION;
                default -> {
                    boolean padding = expect == Expect.AFTER_RETURN && b == 0;
                    expect = b == IAC ? Expect.COMMAND : b == '\r' && !binary ? Expect.AFTER_RETURN : Expect.DATA;
                    if (b != IAC && !padding) {
                        bytes[left++] = b;
                    }
                }
            }
        }
        return left - offset;
    }

    @Override
    public synchronized int write(byte[] bytes, int offset, int length) throws IOException {
        return flushPending(true) ? send(bytes, offset, length, true) : 0;
    }

    @Override
    public synchronized int offer(byte[] bytes, int offset, int length) throws IOException {
        return flushPending(false) ? send(bytes, offset, length, false) : 0;
    }

    /** @return how many of the bytes are on their way; the second half of a doubled one may still be pending */
    private int send(byte[] bytes, int offset, int length, boolean wait) throws IOException {
        int put = 0;
        int from = 0;
        while (from < length && put + 2 <= escaped.length) {
            byte b = bytes[offset + from++];
            escaped[put++] = b;
            if (b == IAC) {
                escaped[put++] = b;
            }
        }
        int sent = wait ? peer.write(escaped, 0, put) : peer.offer(escaped, 0, put);
        int done = 0;
        int at = 0;
        while (at < sent) {
            at += bytes[offset + done++] == IAC ? 2 : 1;
        }
        if (at > sent) {
            addPending(new byte[] {IAC});
        }
        return done;
    }

    @Override
    public synchronized boolean flush() throws IOException {
        return flushPending(true);
    }

    @Override
    public synchronized boolean sendBreak() throws IOException {
        if (pendingLength + SEND_BREAK.length > pending.length) {
            return false;
        }
        addPending(SEND_BREAK);
        flushPending(false);
        return true;
    }

    private void addPending(byte[] bytes) {
        System.arraycopy(bytes, 0, pending, pendingLength, bytes.length);
        pendingLength += bytes.length;
    }

    /** @return whether nothing is pending any more */
    private boolean flushPending(boolean wait) throws IOException {
        if (pendingLength > 0) {
            int sent = wait ? peer.write(pending, 0, pendingLength) : peer.offer(pending, 0, pendingLength);
            System.arraycopy(pending, sent, pending, 0, pendingLength - sent);
            pendingLength -= sent;
        }
        return pendingLength == 0;
    }

    @Override
    public void end() throws IOException {
        peer.end();
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }
}
