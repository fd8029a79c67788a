package dev.reprise.chardev.host;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.impl.jni.JniNativePty;
import org.jline.terminal.impl.jni.JniTerminalProvider;

/**
 * A pseudo-terminal, raw, whose name is announced: its one peer is whoever opens it. The other side is kept open here too,
 * so a peer that goes and comes again is not seen, as on a cable without modem lines; nor can a BREAK be seen on this side.
 *
 * <p>Isolates the one native library of this module (JLine's jni provider, which works on JDK 17 and newer).
 */
final class PtyLink implements HostLink {

    private static final long FAREWELL_MS = 100;

    private final JniNativePty pty;
    private Peer peer;

    private PtyLink(JniNativePty pty) {
        this.pty = pty;
        peer = new Peer();
    }

    /** @throws IOException if the host has no pseudo-terminal to give, or the library cannot be loaded */
    static PtyLink open() throws IOException {
        try {
            JniNativePty pty = (JniNativePty) new JniTerminalProvider().open(null, null);
            Attributes raw = pty.getAttr();
            raw.setInputFlags(EnumSet.noneOf(InputFlag.class));
            raw.setOutputFlags(EnumSet.noneOf(OutputFlag.class));
            raw.setLocalFlags(EnumSet.noneOf(LocalFlag.class));
            raw.setControlChar(ControlChar.VMIN, 1);
            raw.setControlChar(ControlChar.VTIME, 0);
            pty.setAttr(raw);
            return new PtyLink(pty);
        } catch (IOException | RuntimeException | LinkageError refused) {
            throw new IOException("cannot open a pty: " + refused.getMessage(), refused);
        }
    }

    @Override
    public String name() {
        return "pty";
    }

    @Override
    public String announcement() {
        return "pty is " + pty.getName();
    }

    /** Of the side that a peer opens. */
    String path() {
        return pty.getName();
    }

    @Override
    public synchronized Connection next() {
        Peer only = peer;
        peer = null;
        return only;
    }

    @Override
    public Connection poll() {
        return next();
    }

    @Override
    public boolean mayReturn() {
        return false;
    }

    @Override
    public void close() {
        // The one connection closes the descriptors, after the last byte has been written.
    }

    private final class Peer implements Connection {

        private final FileInputStream input = new FileInputStream(pty.getMasterFD());
        private final FileOutputStream output = new FileOutputStream(pty.getMasterFD());
        private boolean closed;

        @Override
        public InputStream input() {
            return input;
        }

        /** May wait longer than it should: the terminal's own buffer is small, and nobody may be reading it. */
        @Override
        public int write(byte[] bytes, int offset, int length) throws IOException {
            output.write(bytes, offset, length);
            return length;
        }

        @Override
        public int offer(byte[] bytes, int offset, int length) {
            return 0;
        }

        @Override
        public void close() throws IOException {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            try {
                // What is in the terminal's buffer goes with it: the peer is given a moment.
                Thread.sleep(FAREWELL_MS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            pty.close();
        }
    }
}
