package dev.reprise.bench.peer;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;

/**
 * The Disruptor bare: the engine's slot, its own claim without bound, a poller, and the wait strategy that signals
 * nobody, as the engine's rings have it.
 */
final class DisruptorUnderTest implements HandOffRing {

    private final RingBuffer<Event> ring;
    private final EventPoller<Event> poller;
    private final EventPoller.Handler<Event> onSlot = this::onSlot;
    private long sum;
    private int polled;

    DisruptorUnderTest(boolean manyProducers) {
        ring = manyProducers ? RingBuffer.createMultiProducer(Event::slot, SLOTS, new BusySpinWaitStrategy())
                : RingBuffer.createSingleProducer(Event::slot, SLOTS, new BusySpinWaitStrategy());
        poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
    }

    @Override
    public void publish(long stamp, byte[] payload, int length) {
        long sequence = ring.next();
        ring.get(sequence).set(EventKind.EMBEDDER_INPUT, 1, stamp, 7, 1).payload(payload, 0, length);
        ring.publish(sequence);
    }

    @Override
    public int poll() {
        polled = 0;
        try {
            poller.poll(onSlot);
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
        return polled;
    }

    private boolean onSlot(Event slot, long sequence, boolean endOfBatch) {
        polled++;
        sum += slot.position() + slot.payload()[slot.length() - 1];
        return true;
    }

    @Override
    public long sum() {
        return sum;
    }
}
