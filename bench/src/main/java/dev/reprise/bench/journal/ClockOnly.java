package dev.reprise.bench.journal;

/**
 * No log, and no work: the publisher keeps its schedule and looks at the clock. How late it is, is what the machine, the JVM
 * and the measurement cost; no log can be late less often.
 */
final class ClockOnly implements EventLog {

    @Override
    public void publish(byte[] payload) {
        // Nothing is what it is there for.
    }

    @Override
    public void await() {
        // There is nobody to wait for.
    }

    @Override
    public void close() {
        // Nothing was opened.
    }
}
