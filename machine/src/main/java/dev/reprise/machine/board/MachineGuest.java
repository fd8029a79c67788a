package dev.reprise.machine.board;

import dev.reprise.cpu.interpret.Hart;
import dev.reprise.cpu.interpret.StopReason;
import dev.reprise.engine.CheckpointKind;
import dev.reprise.engine.Guest;
import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import dev.reprise.engine.event.Event;

/**
 * The machine as the engine drives it: positions are steps of the hart, and it stops at any step exactly. Everything
 * belongs to the guest thread.
 */
public final class MachineGuest implements Guest {

    private final Board board;
    private final Hart hart;
    private boolean started;

    public MachineGuest(Board board) {
        this.board = board;
        this.hart = board.hart();
    }

    public Board board() {
        return board;
    }

    /** What comes before the first step; {@link #runUntil} does it too. */
    public void start() {
        if (!started) {
            started = true;
            if (hart.step() == 0) {
                board.checkpoint(CheckpointKind.INIT);
            }
            board.start();
        }
    }

    @Override
    public Status runUntil(long limit) {
        start();
        // A clock event or an idle jump of the session may have moved guest time since the last run.
        hart.timeChanged();
        while (true) {
            StopReason reason = hart.runUntil(limit);
            if (reason == StopReason.STOP_REQUESTED) {
                board.serveStop();
                return Status.STOPPED;
            } else if (reason == StopReason.IDLE) {
                if (!board.deadlinesServedNow()) {
                    return Status.IDLE;
                }
                // The idle step that BoardPlatform.servedAt speaks of.
                hart.idleStep();
            }
            if (hart.step() >= limit) {
                return Status.RAN;
            }
        }
    }

    @Override
    public long position() {
        return hart.step();
    }

    @Override
    public void apply(Event input) {
        switch (input.kind()) {
            case CHAR_INPUT, CHAR_LINK -> {
                if (input.source() != board.uartId()) {
                    throw new IllegalStateException("not a character device: " + input);
                }
                board.applyToConsole(input);
            }
            case INTERRUPT_LINE -> board.setLine(externalSource(input.a()), input.b() != 0);
            case CLOCK_ADJUST -> {
                board.checkpoint(CheckpointKind.CLOCK_VIRTUAL_REALTIME);
                hart.timeChanged();
            }
            default -> throw new IllegalStateException("not an input of this machine: " + input);
        }
    }

    /** External lines 0 to 52 of the board are the PLIC's sources from 44 on, which no device of the board uses. */
    private static int externalSource(long line) {
        if (line < 0 || line > Plic.SOURCES - MemoryMap.FIRST_EXTERNAL_IRQ) {
            throw new IllegalStateException("no such external interrupt line: line=" + line);
        }
        return MemoryMap.FIRST_EXTERNAL_IRQ + (int) line;
    }

    @Override
    public void digest(StateSink sink) {
        board.saveWithoutRam(sink);
        board.bus().digestRam(CpuState.sink(sink));
    }

    @Override
    public void reset(ResetCause cause) {
        board.reset();
    }

    @Override
    public long idleDeadlineNs() {
        return board.idleDeadlineNs();
    }

    @Override
    public boolean canSave() {
        return true;
    }

    /** Hart, devices, then the pages of RAM that are not zero. The clock is the session's and comes before. */
    @Override
    public void save(StateSink sink) {
        board.saveWithoutRam(sink);
        board.bus().saveRam(CpuState.sink(sink));
    }

    @Override
    public void load(StateSource source) {
        try {
            board.loadWithoutRam(source);
            board.bus().loadRam(CpuState.source(source));
        } catch (IllegalArgumentException e) {
            throw new MalformedStateException("machine: " + e.getMessage());
        }
        hart.flushCaches();
    }

    /** Instructions that have retired since the machine was made or loaded, whatever the guest makes of minstret. */
    public long instructions() {
        return hart.instructionsRetired();
    }
}
