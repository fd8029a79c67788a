package dev.reprise.bench.engine;

import dev.reprise.bench.AllocatesNothing;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.InboxRing;
import dev.reprise.engine.ring.JournalPoller;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Messages longer than a slot: cut into consecutive slots, and in the inbox put together again. On one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChunkedMessageBenchmark {

    private static final int SLOTS = 1024;

    /** Bytes of payload: 2 slots, a network packet's 12, the longest message's 512. */
    @Param({"200", "1500", "65536"})
    public int bytes;

    private final Poison poison = new Poison();
    private final JournalRing journal = new JournalRing(JournalRing.DEFAULT_BYTES, poison);
    private final JournalPoller poller = journal.newPoller();
    private final InboxRing inbox = new InboxRing(SLOTS, poison);
    private final InboxRing.Handler onInput = this::onInput;
    private final byte[] payload = new byte[Event.MAX_MESSAGE_BYTES];
    private long position;
    private long taken;

    private void onInput(Event input) {
        taken += input.length();
    }

    @Benchmark
    @AllocatesNothing(with = {"bytes=200", "bytes=1500"})
    public long journal() {
        journal.publish(EventKind.NET_PACKET, 1, position++, 0, 0, payload, 0, bytes);
        while (poller.next()) {
            taken += poller.event().length();
        }
        poller.release();
        return taken;
    }

    @Benchmark
    @AllocatesNothing(with = {"bytes=200", "bytes=1500"})
    public long inbox() {
        inbox.publish(EventKind.NET_PACKET, 1, 0, 0, payload, 0, bytes);
        inbox.poll(onInput);
        return taken;
    }
}
