package dev.reprise.chardev.host;

import dev.reprise.engine.NoReplayPort;
import dev.reprise.engine.Session;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.character.CharAnswer;
import dev.reprise.engine.character.CharBackEnd;
import dev.reprise.engine.character.CharControl;
import dev.reprise.engine.character.CharStatus;
import dev.reprise.engine.event.LinkEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;

/**
 * A backend with peers: a socket's, a pty's. One thread takes peers as they come and reads from the one there is; another
 * writes to it, and a third where a monitor shares the backend. Each coming is an <em>opened</em> event and each going a
 * <em>closed</em> one, in turn with what the peers send; where output is refused without a peer, a coming is told at once
 * too. What a peer has not taken is kept for the next, up to the output ring and one chunk, and what happens beyond is
 * {@link WhenFull}. Only the writer's thread writes to a peer: what the reader has for it, an echo or help, goes by way of
 * {@link Aside}.
 *
 * <p>A peer that ends its own side is still written to, until it fails or another comes. In a replay the same backend may
 * stand here: what peers send is read and dropped. Output that nobody is there to take is dropped when the ring is full, so
 * that no peer can hold a replay up by staying away; one that is there and stalls (behind a pty also one that is still to
 * come) is waited for as long as {@link dev.reprise.engine.SessionConfig#outputPatience} says.
 */
public final class LinkBackend implements Backend, CharBackEnd {

    /** For a writer that has lost its peer. */
    private static final long JOIN_MS = 200;
    private static final int MAX_EARLY = 64;
    private static final long FIRST_PEER_NS = 100_000;
    private static final long AGAIN_NS = 100_000_000;

    private final HostLink link;
    private final boolean echo;
    private final boolean breaks;
    private final WhenFull whenFull;
    private final TrafficLog log;
    private final InputReader reader;
    private final Aside aside = new Aside();
    /** Reader thread only: peers that are written to before their turn to be read has come. */
    private final ArrayDeque<Connection> early = new ArrayDeque<>();
    private NoReplayPort shared;
    private EscapeKeys keys;
    private LinkWriter writer;
    /** Of the port that shares this backend, or null. */
    private LinkWriter sharedWriter;

    private volatile boolean draining;
    /** The operator has asked for the end while the end was waited for. */
    private volatile boolean hurried;
    /** Of the peer that there is: it is set by the reader, and taken away by whoever sees it go. */
    private final Object swap = new Object();
    private volatile Connection peer;
    private volatile boolean noMorePeers;
    private volatile boolean stopped;
    /** The first: what follows from it says less. */
    private volatile String failure;
    /** What keeps peers from coming just now, or null. */
    private volatile String trouble;

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
    public void share(NoReplayPort port) {
        shared = port;
    }

    @Override
    public void start(Session session, int device) {
        session.attach(device, this);
        if (shared != null) {
            keys = new EscapeKeys(command -> obey(session, command), shared);
            sharedWriter = new LinkWriter(this, Attachment.of(session, shared), "chardev-" + link.name() + "-monitor",
                    WhenFull.WAIT, null, null);
            sharedWriter.start();
        }
        start(Attachment.of(session, device));
    }

    @Override
    public void start(Session session, NoReplayPort port) {
        start(Attachment.of(session, port));
    }

    private void start(Attachment guest) {
        writer = new LinkWriter(this, guest, "chardev-" + link.name() + "-out", whenFull, aside, log);
        writer.start();
        reader.start(guest, this::read);
    }

    /** Reader thread. */
    private void obey(Session session, EscapeKeys.Command command) {
        if (command == EscapeKeys.Command.HELP) {
            byte[] help = EscapeKeys.HELP_TEXT.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
            tell(peer, help, 0, help.length);
        } else if (draining) {
            hurried = true;
        } else {
            session.publishShutdown(ShutdownCause.HOST_QUIT, 0);
        }
    }

    private void tell(Connection to, byte[] bytes, int offset, int length) {
        aside.put(to, bytes, offset, length);
        writer.nudge();
    }

    // ---- Guest thread.

    @Override
    public void control(int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
        if (request == CharControl.SET_BREAK && breaks && argumentLength == 1) {
            // The writer sends it when it comes to that place; the guest thread waits for nobody.
            if (argument[0] != 0 && writer != null) {
                writer.askBreak();
            }
            answer.set(0, CharStatus.OK);
        } else {
            answer.set(0, CharStatus.NOT_SUPPORTED);
        }
    }

    // ---- Reader thread.

    private void read(Attachment guest) throws IOException {
        try {
            Connection arrived = next();
            while (arrived != null && !stopped) {
                if (keys != null) {
                    keys.reset();
                }
                if (!guest.publishLink(LinkEvent.OPENED)
                        || !reader.pump(guest, arrived.input(), InputFilter.chain(arrived.filter(), keys), echoTo(arrived),
                                () -> lookForNext(guest))
                        || !guest.publishLink(LinkEvent.CLOSED)) {
                    return;
                }
                arrived = next();
            }
        } finally {
            noMorePeers = true;
            early.forEach(LinkBackend::closeQuietly);
        }
    }

    private InputReader.Echo echoTo(Connection sender) {
        return echo ? (bytes, offset, length) -> tell(sender, bytes, offset, length) : InputReader.Echo.NONE;
    }

    private Connection next() throws IOException {
        Connection arrived = early.poll();
        if (arrived == null) {
            arrived = nextOfLink();
            if (arrived != null) {
                takeOver(arrived);
            }
        }
        return arrived;
    }

    /** A host that cannot take a peer now (it has no descriptors left) is asked again: that is no reason to end a run. */
    private Connection nextOfLink() throws IOException {
        while (true) {
            try {
                Connection arrived = link.next();
                trouble = null;
                return arrived;
            } catch (IOException refused) {
                if (stopped || !link.mayReturn()) {
                    fail(textOf(refused));
                    throw refused;
                }
                trouble = textOf(refused);
                LockSupport.parkNanos(this, AGAIN_NS);
            }
        }
    }

    private void takeOver(Connection arrived) {
        Connection before;
        synchronized (swap) {
            before = peer;
            peer = arrived;
            writer.reopen();
            if (sharedWriter != null) {
                sharedWriter.reopen();
            }
        }
        writer.peerCame();
        if (sharedWriter != null) {
            sharedWriter.peerCame();
        }
        if (before != null) {
            closeQuietly(before);
        }
    }

    /**
     * What a peer that is gone has sent is still held, and the guest takes nothing: perhaps because nobody takes what it
     * puts out. So the next peer is written to already; what it sends comes when its turn has come.
     *
     * <p>Where output is refused without a peer, the device has been told so and asks again only when the link opens: it is
     * told that now, and not behind what is held, which it may never take.
     */
    private void lookForNext(Attachment guest) {
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
            if (whenFull == WhenFull.REFUSE) {
                guest.publishLink(LinkEvent.OPENED);
            }
        } catch (IOException refused) {
            // Whoever came has gone; link.next() says so if it is more than that.
        }
    }

    // ---- The writers.

    Connection peer() {
        return peer;
    }

    /** As long as nobody is there nobody comes: what is done then is not undone behind the back of a peer that has come. */
    void whileNobodyIsThere(Runnable action) {
        synchronized (swap) {
            if (peer == null) {
                action.run();
            }
        }
    }

    boolean noMorePeers() {
        return noMorePeers;
    }

    boolean mayReturn() {
        return link.mayReturn();
    }

    boolean stopped() {
        return stopped;
    }

    /** After the end nothing fails: what is closed then was to be closed. */
    void fail(String why) {
        synchronized (swap) {
            if (failure == null && !stopped) {
                failure = why;
            }
        }
    }

    private String failure() {
        String first = failure;
        return first == null ? trouble : first;
    }

    void lose(Connection gone, IOException why) {
        synchronized (swap) {
            if (peer == gone) {
                peer = null;
            }
        }
        if (!link.mayReturn()) {
            fail(textOf(why));
        }
        closeQuietly(gone);
    }

    private static String textOf(IOException why) {
        return why.getMessage() == null ? why.toString() : why.getMessage();
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (IOException gone) {
            // It was to be given up.
        }
    }

    /** Any thread: how many BREAKs of the guest's have not had their turn. */
    int breaksHeld() {
        return writer.breaksHeld();
    }

    // ---- The thread that owns the session.

    /** Where no peer is, what is left is given up at once; where one stalls, by {@link #stop}. */
    @Override
    public boolean drain(long timeoutNs) {
        if (writer == null) {
            return true;
        }
        long until = System.nanoTime() + timeoutNs;
        // A short guest may have ended before the reader's thread has begun: that is no peer who has not come.
        while (link.hasPeerAtOnce() && peer == null && !noMorePeers && !stopped && System.nanoTime() < until) {
            LockSupport.parkNanos(this, FIRST_PEER_NS);
        }
        draining = true;
        boolean drained = drained(writer, until) & (sharedWriter == null || drained(sharedWriter, until));
        return drained || hurried;
    }

    private static boolean drained(LinkWriter writer, long untilNs) {
        writer.drain();
        if (writer.givenUp()) {
            return true;
        }
        writer.join((untilNs - System.nanoTime()) / 1_000_000);
        return !writer.running();
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
            // Nobody comes any more, which was the purpose.
        }
        Connection last = peer;
        if (last != null) {
            closeQuietly(last);
        }
        settle(writer);
        settle(sharedWriter);
        if (last != null) {
            takeBack(last.untakenBytes());
        }
        reader.stop();
        aside.forget();
        if (log != null) {
            log.close();
        }
    }

    /** Whose bytes they were is not known where several shared a peer: first the guest's. */
    private void takeBack(long untaken) {
        long left = untaken;
        if (writer != null) {
            left -= writer.takeBack(left);
        }
        if (sharedWriter != null) {
            left -= sharedWriter.takeBack(left);
        }
        aside.lose(left);
    }

    private static void settle(LinkWriter writer) {
        if (writer != null) {
            writer.join(JOIN_MS);
            writer.settle();
        }
    }

    @Override
    public BackendCounters counters() {
        LinkWriter w = writer;
        return BackendCounters.of(reader.counters(), w == null ? BackendCounters.Output.of(null, 0, 0, 0) : w.counters(),
                TrafficLog.countersOf(log), aside.lostBytes(), failure());
    }

    @Override
    public BackendCounters sharedCounters() {
        LinkWriter w = sharedWriter;
        return w == null ? null : BackendCounters.of(keys.monitorCounters(), w.counters(),
                BackendCounters.Log.NONE, 0, failure());
    }
}
