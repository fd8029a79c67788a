package dev.reprise.cpu.interpret;

import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.mmu.Mmu;

/** The interpreter alone. */
final class InterpretingExecutor implements Executor {
    private final CpuState state;
    private final Mmu mmu;
    private final BlockCache blocks;
    private final SlowPath slowPath;
    private final Interpreter interpreter;

    InterpretingExecutor(CpuState state, Mmu mmu, BlockCache blocks, SlowPath slowPath, Interpreter interpreter) {
        this.state = state;
        this.mmu = mmu;
        this.blocks = blocks;
        this.slowPath = slowPath;
        this.interpreter = interpreter;
    }

    @Override
    public void run(long limitStep) {
        Block first = blocks.find(state.pc, mmu);
        if (first == null) {
            slowPath.takeFault();
        } else {
            Block met = interpreter.run(first, limitStep);
            if (met != null) {
                // After two billion visits.
                blocks.store.setPatience(met, Integer.MAX_VALUE);
            }
        }
    }
}
