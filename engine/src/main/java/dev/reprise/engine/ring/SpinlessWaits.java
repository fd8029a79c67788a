package dev.reprise.engine.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;

/**
 * The wait strategy of rings that are polled: nobody waits in the Disruptor, so signalling costs nothing. Waits are the
 * pollers' own, bounded, with a look for stop and poison.
 */
final class SpinlessWaits implements WaitStrategy {

    static final SpinlessWaits INSTANCE = new SpinlessWaits();

    private SpinlessWaits() {}

    @Override
    public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier barrier)
            throws AlertException {
        long available;
        while ((available = dependent.get()) < sequence) {
            barrier.checkAlert();
            Thread.onSpinWait();
        }
        return available;
    }

    @Override
    public void signalAllWhenBlocking() {
        // Nobody blocks.
    }
}
