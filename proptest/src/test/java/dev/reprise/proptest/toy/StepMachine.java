package dev.reprise.proptest.toy;

import dev.reprise.engine.ClockKind;
import dev.reprise.engine.Guest;
import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.Session;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import dev.reprise.engine.event.Event;
import dev.reprise.proptest.toy.world.World;

/**
 * A toy that stops exactly where it is told to and uses all that a session offers: a receive queue with credit, output
 * that it retries, clocks, entropy, questions, idle with and without a deadline, resets and shutdowns of its own.
 */
public class StepMachine implements Guest {

    private static final int QUEUE = 64;
    private static final long SEED = 0x5eed;
    private static final long NEVER = Long.MAX_VALUE;

    protected final Session session;
    protected long state = SEED;
    private final byte[] queue = new byte[QUEUE];
    private final byte[] scratch = new byte[200];
    private long position;
    private int queueStart;
    private int queued;
    private int owed;
    private boolean waiting;
    private boolean stopped;
    private long deadline = NEVER;
    private long sum;
    private int link;
    private int lines;

    public StepMachine(Session session) {
        this.session = session;
        session.grant(1, QUEUE);
    }

    // ---- The guest's program.

    @Override
    public Status runUntil(long limit) {
        stopped = false;
        while (position < limit) {
            if (waiting && session.clock().ns(position) < deadline) {
                return Status.IDLE;
            }
            waiting = false;
            step();
            position++;
            if (stopped) {
                return Status.STOPPED;
            }
        }
        return Status.RAN;
    }

    protected void step() {
        state = state * 6364136223846793005L + 1442695040888963407L;
        int choice = (int) (state >>> 54);
        switch (choice) {
            case 0, 1, 2 -> learn(session.readClock(ClockKind.HOST));
            case 3 -> learn(session.readClock(ClockKind.HOST) + session.readClock(ClockKind.FIRST_EMBEDDER_KIND));
            case 4, 5 -> learn(session.ask(7, World::answer));
            case 6, 7 -> {
                int status = session.askBytes(8, World::answer, scratch, 3, 150);
                learn(status);
                learn(scratch, 3, Math.max(0, status));
            }
            case 8, 9 -> {
                session.random(scratch, 0, 20);
                learn(scratch, 0, 20);
            }
            case 10, 11, 12, 13, 14, 15 -> say();
            case 16 -> waitFor(NEVER);
            case 17 -> waitFor(session.clock().ns(position) + (state & 0xfffff));
            default -> {
                if ((choice & 63) == 20) {
                    receive();
                }
            }
        }
    }

    private void say() {
        int length = 1 + (int) (state & 63);
        for (int i = 0; i < length; i++) {
            scratch[i] = (byte) (state >>> (i & 31));
        }
        learn(session.output(1, scratch, 0, length));
    }

    private void receive() {
        if (queued == 0) {
            return;
        }
        byte next = queue[queueStart];
        queueStart = (queueStart + 1) % QUEUE;
        queued--;
        learn(next);
        learn(session.output(1, next));
        owed++;
        if (owed == 8) {
            owed = 0;
            session.grant(1, 8);
        }
        if (next == 0x1b) {
            session.requestReset(ResetCause.GUEST);
            stopped = true;
        } else if (next == 0x04) {
            session.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, (int) (state & 0xff));
            stopped = true;
        }
    }

    private void waitFor(long ns) {
        waiting = queued == 0;
        deadline = ns;
    }

    private void learn(long value) {
        sum = (sum ^ value) * 0x9e3779b97f4a7c15L + 1;
        state ^= sum >>> 32;
    }

    private void learn(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            learn(bytes[i]);
        }
    }

    // ---- What a session asks of it.

    @Override
    public long position() {
        return position;
    }

    @Override
    public void apply(Event input) {
        waiting = false;
        switch (input.kind()) {
            case CHAR_INPUT -> {
                if (queued + input.length() > QUEUE) {
                    throw new IllegalStateException("more than there was credit for: " + input.length());
                }
                for (int i = 0; i < input.length(); i++) {
                    // An echo while the input is applied: an answer must not change what is being applied.
                    if (i == 2) {
                        learn(session.output(1, input.payload()[i]));
                    }
                    queue[(queueStart + queued++) % QUEUE] = input.payload()[i];
                }
            }
            case CHAR_LINK -> link = (int) input.a();
            case INTERRUPT_LINE -> {
                if (input.a() >= 0 && input.a() < 32) {
                    lines = input.b() != 0 ? lines | 1 << input.a() : lines & ~(1 << input.a());
                }
            }
            case EMBEDDER_INPUT, USER_INPUT, NET_PACKET -> {
                learn(session.readClock(ClockKind.HOST));
                learn(input.a() + 3 * input.b());
                learn(input.payload(), 0, input.length());
            }
            default -> {
                // Guest time has moved; nothing else is for this machine.
            }
        }
    }

    @Override
    public long idleDeadlineNs() {
        return deadline;
    }

    @Override
    public void reset(ResetCause cause) {
        state = SEED + cause.code();
        sum = 0;
        waiting = false;
        deadline = NEVER;
        link = 0;
        lines = 0;
    }

    @Override
    public void digest(StateSink sink) {
        save(sink);
    }

    @Override
    public boolean canSave() {
        return true;
    }

    @Override
    public void save(StateSink sink) {
        sink.putLong(position);
        sink.putLong(state);
        sink.putLong(sum);
        sink.putLong(deadline);
        sink.putInt(link);
        sink.putInt(lines);
        sink.putByte(waiting ? 1 : 0);
        sink.putByte(owed);
        sink.putByte(queued);
        for (int i = 0; i < queued; i++) {
            sink.putByte(queue[(queueStart + i) % QUEUE]);
        }
        sink.putBytes(scratch, 0, scratch.length);
    }

    @Override
    public void load(StateSource source) {
        position = source.getLong();
        state = source.getLong();
        sum = source.getLong();
        deadline = source.getLong();
        link = source.getInt();
        lines = source.getInt();
        waiting = source.getByte() != 0;
        owed = source.getByte();
        queueStart = 0;
        queued = source.getByte();
        if (queued > QUEUE) {
            throw new MalformedStateException("queue: " + queued);
        }
        source.getBytes(queue, 0, queued);
        source.getBytes(scratch, 0, scratch.length);
    }
}
