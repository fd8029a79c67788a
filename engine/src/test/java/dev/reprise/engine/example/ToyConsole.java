package dev.reprise.engine.example;

import dev.reprise.engine.ClockKind;
import dev.reprise.engine.Guest;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import dev.reprise.engine.event.Event;

/** A console that runs whole frames of 29,780 cycles, with a joypad and a save state of its own. */
class ToyConsole implements Guest {
    private final Session session;
    private long cycles;
    private int pad, luck, score;

    ToyConsole(Session session) { this.session = session; }

    static SessionConfig config() {
        return SessionConfig.of("toy-console").unit("cycles").digestEvery(29_780 * 60)
                .device("pad", "joypad").device("screen", "text");
    }

    @Override public Status runUntil(long limit) {                  // stops at its own stop points: whole frames
        for (; cycles < limit; cycles += 29_780) draw();
        return Status.RAN;
    }

    void draw() {
        if ((pad & 1) != 0) luck = (int) session.ask(7, System::nanoTime);            // an outcome
        score = score * 31 + pad + luck;
        if (pad != 0) {
            String line = "score " + score + " at " + session.readClock(ClockKind.HOST) + "\n";  // a clock
            session.output(2, line.getBytes(), 0, line.length());                     // output
        }
    }

    int score() { return score; }
    void scoreTo(int newScore) { score = newScore; }

    @Override public long position() { return cycles; }
    @Override public void apply(Event input) { pad = (int) input.a(); }               // an input
    @Override public void reset(ResetCause cause) { pad = luck = score = 0; }
    @Override public void digest(StateSink sink) { save(sink); }
    @Override public boolean canSave() { return true; }
    @Override public void save(StateSink to) { to.putLong(cycles); to.putInt(pad); to.putInt(luck); to.putInt(score); }
    @Override public void load(StateSource from) {
        cycles = from.getLong(); pad = from.getInt(); luck = from.getInt(); score = from.getInt();
    }
}
