package dev.reprise.engine.ring;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The first failure of a run, seen by every thread. Every wait of a ring looks here, so that a dead consumer ends the
 * run and never leaves a producer waiting.
 */
public final class Poison {

    private final AtomicReference<Throwable> cause = new AtomicReference<>();
    private volatile boolean stopped;

    /** Records the failure; the first one stays. */
    public void poison(Throwable failure) {
        cause.compareAndSet(null, failure);
    }

    /** Ends waits without a failure: the run is being closed. */
    public void stop() {
        stopped = true;
    }

    public boolean stopped() {
        return stopped || cause.get() != null;
    }

    /** The first failure, or null. */
    public Throwable cause() {
        return cause.get();
    }

    /** @throws PoisonedException if the run has failed */
    public void check() {
        Throwable failure = cause.get();
        if (failure != null) {
            throw new PoisonedException(failure);
        }
    }
}
