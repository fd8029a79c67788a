package dev.reprise.bench.cpu;

/**
 * An endless program in which something happens at even distances.
 *
 * @param code the program
 * @param steps of one round, exactly
 * @param events in one round; divides {@link #EVENTS}
 */
record Rounds(byte[] code, int steps, int events) {

    /** How many events make one invocation of a benchmark. */
    static final int EVENTS = 1 << 10;

    Rounds {
        if (events < 1 || EVENTS % events != 0) {
            throw new IllegalArgumentException("must divide " + EVENTS + ": events=" + events);
        }
    }

    /** Steps in which {@link #EVENTS} of them happen. */
    int stepsOfAll() {
        return EVENTS / events * steps;
    }
}
