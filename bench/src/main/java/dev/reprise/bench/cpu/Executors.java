package dev.reprise.bench.cpu;

import dev.reprise.cpu.interpret.Execution;

/** The values of the parameter {@code executor}. */
public final class Executors {

    public static final String INTERPRETER = "interpreter";
    public static final String TRANSLATOR = "translator";

    private Executors() {}

    /** Eager: what there is to translate is translated before the measurement, on the guest's thread. */
    public static Execution of(String name) {
        return switch (name) {
            case INTERPRETER -> Execution.INTERPRETED;
            case TRANSLATOR -> Execution.EAGER;
            default -> throw new IllegalArgumentException("no such executor: " + name);
        };
    }
}
