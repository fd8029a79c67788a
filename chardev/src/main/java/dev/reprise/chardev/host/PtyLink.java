package dev.reprise.chardev.host;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
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
 * What nobody has read by the end can be seen there, and is counted, whether or not somebody has ever opened it.
 *
 * <p>Isolates the one native library of this module (JLine's jni provider, which works on JDK 17 and newer).
 */
final class PtyLink implements HostLink {

    private static final int CHUNK_BYTES = 1 << 14;
    /** Small, so that a reader who takes a little is seen to. */
    private static final int PIECE_BYTES = 1 << 10;
    /** What was written to one side comes to the other by a thread of the kernel's: empty is what has been empty for so long. */
    private static final long SETTLE_NS = 20_000_000;
    private static final long LOOK_NS = 1_000_000;
    private static final long FLUSH_NS = 50_000_000;
    private static final long FAREWELL_NS = 100_000_000;
    /** For a write that has stalled to go on once there is room: that is at once. */
    private static final long TAKE_BACK_NS = 1_000_000_000;

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
    public boolean hasPeerAtOnce() {
        return true;
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
        /** The side that a peer opens: only there can be asked what nobody has read. */
        private final FileInputStream unread = new FileInputStream(pty.getSlaveFD());
        /** Held in a write, which waits without a bound where nobody reads. */
        private final ReentrantLock writing = new ReentrantLock();
        private volatile boolean closed;
        private volatile long untakenBytes;

        @Override
        public InputStream input() {
            return input;
        }

        /** May wait longer than it should: the terminal's own buffer is small, and nobody may be reading it. */
        @Override
        public int write(byte[] bytes, int offset, int length) throws IOException {
            writing.lock();
            try {
                if (closed) {
                    throw new IOException("closed");
                }
                int count = Math.min(length, PIECE_BYTES);
                output.write(bytes, offset, count);
                return count;
            } finally {
                writing.unlock();
            }
        }

        @Override
        public int offer(byte[] bytes, int offset, int length) {
            return 0;
        }

        /** What is in the terminal's buffer has been taken by nobody. */
        @Override
        public boolean flush() throws IOException {
            return awaitReader(FLUSH_NS);
        }

        private boolean awaitReader(long timeoutNs) throws IOException {
            long until = System.nanoTime() + timeoutNs;
            long emptySince = System.nanoTime();
            while (System.nanoTime() - emptySince < SETTLE_NS) {
                if (unread.available() > 0) {
                    if (System.nanoTime() > until) {
                        return false;
                    }
                    emptySince = System.nanoTime();
                }
                LockSupport.parkNanos(LOOK_NS);
            }
            return true;
        }

        @Override
        public void close() throws IOException {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
                try {
                    // What is in the terminal's buffer goes with it: the peer is given a moment.
                    awaitReader(FAREWELL_NS);
                    takeBackInTime();
                } finally {
                    pty.close();
                }
            }
        }

        /** By a thread of its own: a peer that changes the terminal's modes meanwhile may leave it waiting for a line. */
        private void takeBackInTime() throws IOException {
            Attributes waitForNothing = pty.getAttr();
            waitForNothing.setLocalFlags(EnumSet.noneOf(LocalFlag.class));
            waitForNothing.setControlChar(ControlChar.VMIN, 0);
            waitForNothing.setControlChar(ControlChar.VTIME, 0);
            pty.setAttr(waitForNothing);
            Thread reader = new Thread(this::takeBack, "chardev-pty-end");
            reader.setDaemon(true);
            reader.start();
            try {
                reader.join(2 * TAKE_BACK_NS / 1_000_000);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        /** Reads what nobody has read, also what a write puts there that has waited for that room; none begins any more. */
        private void takeBack() {
            byte[] chunk = new byte[CHUNK_BYTES];
            long until = System.nanoTime() + TAKE_BACK_NS;
            long emptySince = System.nanoTime();
            try {
                while (System.nanoTime() < until && System.nanoTime() - emptySince < SETTLE_NS) {
                    boolean more = writing.isLocked();
                    for (int count = unread.read(chunk); count > 0; count = unread.read(chunk)) {
                        untakenBytes += count;
                        more = true;
                    }
                    emptySince = more ? System.nanoTime() : emptySince;
                    LockSupport.parkNanos(LOOK_NS);
                }
            } catch (IOException gone) {
                // Closed already: there is nothing left to be read.
            }
        }

        @Override
        public long untakenBytes() {
            return untakenBytes;
        }
    }
}
