package dev.reprise.cpu.interpret;

/** The interpreter alone. */
final class InterpretingExecutor implements Executor {
    private final Interpreter interpreter;

    InterpretingExecutor(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    @Override
    public void run(long limitStep) {
        // True is said of a block that was met two billion times: the caller may as well look around.
        interpreter.run(limitStep);
    }
}
