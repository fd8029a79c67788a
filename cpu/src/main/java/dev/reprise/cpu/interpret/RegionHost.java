package dev.reprise.cpu.interpret;

import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.translate.RegionContext;

/** Does for regions what {@link SlowPath} does for the interpreter. */
final class RegionHost extends RegionContext {
    private final SlowPath slowPath;
    private final TranslatingExecutor executor;
    /** What ended the run within a region: regions put their registers back first. */
    private Throwable thrown;

    RegionHost(CpuState state, SlowPath slowPath, TranslatingExecutor executor) {
        super(state);
        this.slowPath = slowPath;
        this.executor = executor;
    }

    /** Throws what was thrown within the region that was left. */
    void rethrow() {
        Throwable toThrow = thrown;
        thrown = null;
        if (toThrow instanceof RuntimeException exception) {
            throw exception;
        }
        if (toThrow instanceof Error error) {
            throw error;
        }
    }

    private void endBy(Throwable end) {
        thrown = end;
        stop();
    }

    private void stop() {
        stopped = true;
        pc = NOWHERE;
    }

    @Override
    public int call(long target, long returnTo, int left) {
        return executor.call(target, returnTo, left);
    }

    @Override
    public void execute(long word, int left, int packed) {
        locate(left, packed);
        try {
            if (!slowPath.compute(word) && !slowPath.execute(word, nextPc(packed))) {
                stop();
            }
        } catch (RuntimeException | Error e) {
            endBy(e);
        }
    }
}
