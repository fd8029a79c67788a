package dev.reprise.bench.peer;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.InboxRing;
import dev.reprise.engine.ring.Poison;

/** The engine's inbox, which many may publish to; the stamp goes as a field. */
final class InboxRingUnderTest implements HandOffRing {

    private final InboxRing ring = new InboxRing(SLOTS, new Poison());
    private final InboxRing.Handler onInput = this::onInput;
    private long sum;

    @Override
    public void publish(long stamp, byte[] payload, int length) {
        ring.publish(EventKind.EMBEDDER_INPUT, 1, stamp, 1, payload, 0, length);
    }

    @Override
    public int poll() {
        return ring.poll(onInput);
    }

    private void onInput(Event input) {
        sum += input.a() + input.payload()[input.length() - 1];
    }

    @Override
    public long sum() {
        return sum;
    }
}
