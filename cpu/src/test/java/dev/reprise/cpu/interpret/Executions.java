package dev.reprise.cpu.interpret;

/** The executor that a test of harts runs on: the build runs the same tests on each. */
final class Executions {
    private static final String NAME = System.getProperty("reprise.test.execution", "interpreter");

    private Executions() {
    }

    static Execution underTest() {
        return switch (NAME) {
            case "interpreter" -> Execution.INTERPRETED;
            case "eager" -> Execution.EAGER;
            case "at-first-sight" -> Execution.AT_FIRST_SIGHT;
            default -> throw new IllegalStateException("no such execution: " + NAME);
        };
    }
}
