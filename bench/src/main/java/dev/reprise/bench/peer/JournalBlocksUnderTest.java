package dev.reprise.bench.peer;

import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.JournalPoller;
import dev.reprise.engine.ring.JournalRing;
import dev.reprise.engine.ring.Poison;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The engine's journal ring as the journaler takes from it: blocks that are full, every byte of them read, and at the end
 * single events. Stamps are counted from 1 on.
 */
final class JournalBlocksUnderTest implements HandOffRing {

    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LOOKS = 20_000;

    private final JournalRing ring = new JournalRing(JournalRing.DEFAULT_BYTES, new Poison());
    private final JournalPoller poller = ring.newPoller();
    private long events;
    private long lastStamp;
    private long words;
    private int looks;

    @Override
    public void publish(long stamp, byte[] payload, int length) {
        ring.publish(EventKind.EMBEDDER_INPUT, 1, stamp, 7, 1, payload, 0, length);
    }

    @Override
    public int poll() {
        if (poller.atClosedBlock()) {
            int at = poller.blockOffset() + JournalRing.RECORDS_OFFSET;
            words += sumOfWords(poller.bytes(), at, at + poller.blockRecordBytes());
            int polled = poller.blockEvents();
            events += polled;
            lastStamp = poller.blockLastPosition();
            poller.takeBlock();
            poller.release();
            looks = 0;
            return polled;
        }
        // As the journaler leaves a block until it is full, or nothing has come for long.
        if (++looks < LOOKS && poller.isAtBlock()) {
            return poller.isBehind() ? 1 : 0;
        }
        if (!poller.next()) {
            return 0;
        }
        events++;
        lastStamp = poller.event().position();
        poller.release();
        return 1;
    }

    private static long sumOfWords(byte[] bytes, int from, int to) {
        long sum = 0;
        for (int at = from; at < to; at += Long.BYTES) {
            sum += (long) WORD.get(bytes, at);
        }
        return sum;
    }

    /** What the events' stamps and last bytes come to, if none was lost. */
    @Override
    public long sum() {
        if (lastStamp != events) {
            throw new IllegalStateException("lost events: " + events + " came, the last with stamp " + lastStamp + ", words " + words);
        }
        long sum = 0;
        for (long stamp = 1; stamp <= events; stamp++) {
            sum += stamp + (byte) stamp;
        }
        return sum;
    }
}
