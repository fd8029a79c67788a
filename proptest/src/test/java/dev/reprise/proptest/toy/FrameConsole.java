package dev.reprise.proptest.toy;

import dev.reprise.engine.ClockKind;
import dev.reprise.engine.Guest;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.Session;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import java.nio.charset.StandardCharsets;

/** A toy that counts cycles and stops only at the ends of frames, which are not all of one length. */
public class FrameConsole implements Guest {

    private final Session session;
    private final byte[] vram = new byte[256];
    private long cycles;
    private long frames;
    private long joypad;

    public FrameConsole(Session session) {
        this.session = session;
    }

    @Override
    public Status runUntil(long limit) {
        while (cycles < limit) {
            frame();
        }
        return Status.RAN;
    }

    private void frame() {
        frames++;
        int length = 400 + (int) ((joypad ^ frames) & 31);
        for (int i = 0; i < length / 8; i++) {
            int at = (int) ((frames * 31 + i * 7 + joypad) & 255);
            vram[at] += (byte) (i ^ joypad);
        }
        if (frames % 8 == 0) {
            byte[] line = (frames + ":" + vram[(int) (frames & 255)] + "\n").getBytes(StandardCharsets.US_ASCII);
            int accepted = session.output(1, line, 0, line.length);
            vram[0] += (byte) accepted;
        }
        if (frames % 16 == 0) {
            long seconds = session.readClock(ClockKind.HOST) / 1_000_000_000;
            vram[1] += (byte) seconds;
        }
        cycles += length;
    }

    @Override
    public long position() {
        return cycles;
    }

    @Override
    public void apply(Event input) {
        if (input.kind() == EventKind.EMBEDDER_INPUT) {
            joypad = input.a() & 0xff;
        }
    }

    @Override
    public void digest(StateSink sink) {
        save(sink);
    }

    @Override
    public void reset(ResetCause cause) {
        joypad = 0;
        frames = 0;
    }

    @Override
    public boolean canSave() {
        return true;
    }

    @Override
    public void save(StateSink sink) {
        sink.putLong(cycles);
        sink.putLong(frames);
        sink.putLong(joypad);
        sink.putBytes(vram, 0, vram.length);
    }

    @Override
    public void load(StateSource source) {
        cycles = source.getLong();
        frames = source.getLong();
        joypad = source.getLong();
        source.getBytes(vram, 0, vram.length);
    }
}
