package dev.reprise.chardev.host;

import dev.reprise.engine.Mode;
import dev.reprise.engine.Session;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.character.CharAnswer;
import dev.reprise.engine.character.CharBackEnd;
import dev.reprise.engine.character.CharControl;
import dev.reprise.engine.character.CharStatus;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.OutputRing;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;

/**
 * A backend with peers: a socket's, a pty's. One thread takes peers as they come and reads from the one there is; another
 * writes to it. Each coming is an <em>opened</em> event and each going a <em>closed</em> one; what a peer has not taken is
 * kept for the next, up to the output ring and one chunk, and what happens beyond is {@link WhenFull}.
 *
 * <p>A peer that ends its own side is still written to, until it fails or another comes. In a replay the same backend may
 * stand here: what peers send is read and dropped, and output that nobody is there to take is dropped when the ring is
 * full, so that no peer can hold a replay up by staying away.
 */
public final class LinkBackend implements Backend, CharBackEnd {

    private static final int CHUNK_BYTES = 1 << 14;
    private static final long TAKE_NS = 50_000_000;
    private static final long PEER_NS = 50_000_000;
    private static final long STALLED_NS = 5_000_000_000L;
    private static final long JOIN_MS = 1_000;
    private static final int MAX_EARLY = 64;

    private final HostLink link;
    private final boolean echo;
    private final boolean breaks;
    private final WhenFull whenFull;
    private final TrafficLog log;
    private final InputReader reader;
    /** Reader thread only: peers that are written to before their turn to be read has come. */
    private final ArrayDeque<Connection> early = new ArrayDeque<>();
    private Thread writer;
    private OutputRing ring;
    private boolean replay;
    private long stalledAtBytes = -1;
    private long stalledSinceNs;

    private volatile Connection peer;
    private volatile boolean noMorePeers;
    private volatile boolean draining;
    private volatile boolean stopped;
    private volatile boolean breakAsked;
    private volatile long bytesOut;
    private volatile long lostBytes;
    private volatile long hostWaitedNs;
    private volatile String failure;

    /**
     * @param echo whether what a peer sends is sent back to it
     * @param breaks whether its peers can be told of a BREAK
     * @param log null for none
     */
    LinkBackend(HostLink link, boolean echo, boolean breaks, WhenFull whenFull, TrafficLog log) {
        this.link = link;
        this.echo = echo;
        this.breaks = breaks;
        this.whenFull = whenFull;
        this.log = log;
        reader = new InputReader("chardev-" + link.name() + "-in", whenFull, log);
    }

    /** What a user must know to connect, or null. */
    @Override
    public String announcement() {
        return link.announcement();
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public void start(Session session, int device) {
        ring = session.outputRing(device);
        replay = session.mode() == Mode.REPLAY;
        session.attach(device, this);
        writer = new Thread(() -> write(session), "chardev-" + link.name() + "-out");
        writer.setDaemon(true);
        writer.start();
        reader.start(session, device, this::read);
    }

    // ---- Guest thread.

    @Override
    public void control(int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
        if (request == CharControl.SET_BREAK && breaks && argumentLength == 1) {
            // The writer sends it when it comes round; the guest thread waits for nobody.
            breakAsked |= argument[0] != 0;
            answer.set(0, CharStatus.OK);
        } else {
            answer.set(0, CharStatus.NOT_SUPPORTED);
        }
    }

    // ---- Reader thread.

    private void read(InputPort port) throws IOException {
        try {
            Connection arrived = next();
            while (arrived != null && !stopped) {
                if (!port.publishLink(LinkEvent.OPENED)
                        || !reader.pump(port, echo ? new Echo(arrived) : arrived.input(), arrived.filter(), this::lookForNext)
                        || !port.publishLink(LinkEvent.CLOSED)) {
                    return;
                }
                arrived = next();
            }
        } finally {
            noMorePeers = true;
            early.forEach(LinkBackend::closeQuietly);
        }
    }

    private Connection next() throws IOException {
        Connection arrived = early.poll();
        if (arrived == null) {
            arrived = link.next();
            if (arrived != null) {
                takeOver(arrived);
            }
        }
        return arrived;
    }

    private void takeOver(Connection arrived) {
        Connection before = peer;
        peer = arrived;
        ring.reopen();
        LockSupport.unpark(writer);
        if (before != null) {
            closeQuietly(before);
        }
    }

    /**
     * What a peer that is gone has sent is still held, and the guest takes nothing: perhaps because nobody takes what it
     * puts out. So the next peer is written to already; what it sends comes when its turn has come.
     */
    private void lookForNext() {
        if (peer != null) {
            return;
        }
        try {
            Connection arrived = link.poll();
            if (arrived == null) {
                return;
            }
            if (early.size() == MAX_EARLY) {
                // Visitors that came and went without the guest having taken anything: the first was never announced.
                closeQuietly(early.poll());
            }
            early.add(arrived);
            takeOver(arrived);
        } catch (IOException refused) {
            // Whoever came has gone; link.next() says so if it is more than that.
        }
    }

    /** What a peer sends is sent back as far as it takes it at once. */
    private static final class Echo extends InputStream {

        private final Connection peer;

        Echo(Connection peer) {
            this.peer = peer;
        }

        @Override
        public int available() throws IOException {
            return peer.input().available();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = peer.input().read(into, offset, length);
            if (count > 0) {
                peer.offer(into, offset, count);
            }
            return count;
        }
    }

    // ---- Writer thread.

    private void write(Session session) {
        try {
            writeAll();
        } catch (RuntimeException | Error bug) {
            failure = bug.toString();
            ring.close();
            session.publishShutdown(ShutdownCause.HOST_ERROR, 1);
        }
    }

    private void writeAll() {
        byte[] chunk = new byte[CHUNK_BYTES];
        int first = 0;
        int end = 0;
        while (!stopped) {
            if (first == end) {
                first = 0;
                end = ring.take(chunk, 0, chunk.length, TAKE_NS);
                if (end < 0) {
                    return;
                }
            }
            Connection to = peer;
            if (to == null) {
                if (first < end && (noMorePeers || draining || whenFull == WhenFull.REFUSE || replay && ring.refused())) {
                    lostBytes += end - first;
                    first = end;
                }
                if (whenFull == WhenFull.REFUSE || noMorePeers && !link.mayReturn()) {
                    closeRing();
                }
                if (first < end) {
                    LockSupport.parkNanos(this, PEER_NS);
                }
                continue;
            }
            try {
                if (breakAsked) {
                    breakAsked = !to.sendBreak();
                }
                if (first < end) {
                    long start = System.nanoTime();
                    int count = to.write(chunk, first, end - first);
                    hostWaitedNs += System.nanoTime() - start;
                    if (log != null) {
                        log.out(chunk, first, count);
                    }
                    first += count;
                    bytesOut += count;
                }
            } catch (IOException gone) {
                lose(to, gone);
            }
        }
        lostBytes += end - first;
    }

    /** A peer may have come since: then the ring stays open. */
    private void closeRing() {
        ring.close();
        if (peer != null) {
            ring.reopen();
        }
    }

    private void lose(Connection gone, IOException why) {
        if (peer == gone) {
            peer = null;
        }
        if (!link.mayReturn() && !stopped) {
            failure = why.getMessage() == null ? why.toString() : why.getMessage();
        }
        closeQuietly(gone);
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (IOException gone) {
            // It was to be given up.
        }
    }

    // ---- The thread that owns the session.

    /** Output that a peer does not take within five seconds is given up here; it is counted as lost. */
    @Override
    public boolean drain(long timeoutNs) {
        draining = true;
        long until = System.nanoTime() + timeoutNs;
        while (writer != null && writer.isAlive() && peer != null) {
            long now = System.nanoTime();
            if (bytesOut != stalledAtBytes) {
                stalledAtBytes = bytesOut;
                stalledSinceNs = now;
            }
            if (now - stalledSinceNs > STALLED_NS) {
                return true;
            }
            if (now > until) {
                return false;
            }
            join(writer, 1);
        }
        if (writer != null) {
            join(writer, JOIN_MS);
        }
        return true;
    }

    private static void join(Thread thread, long ms) {
        try {
            thread.join(ms);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        try {
            link.close();
        } catch (IOException late) {
            failure = late.getMessage();
        }
        Connection last = peer;
        if (last != null) {
            closeQuietly(last);
        }
        if (writer != null) {
            LockSupport.unpark(writer);
            join(writer, JOIN_MS);
        }
        reader.stop();
        if (log != null) {
            log.close();
        }
    }

    @Override
    public BackendCounters counters() {
        return new BackendCounters(reader.bytes(), bytesOut, reader.heldBytes(), reader.refusedBytes(), lostBytes,
                reader.creditWaits(), reader.creditWaitedNs(), hostWaitedNs,
                failure == null && log != null ? log.failure() : failure);
    }
}
