package dev.reprise.engine.character;

import dev.reprise.engine.Session;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.OutputRing;
import java.util.SplittableRandom;

/** A host that answers with every outcome at random, and does to the link whatever a host can do. From one seed. */
final class AnsweringBackEnd implements CharBackEnd {

    static final int[] ERRORS = {CharStatus.INTERRUPTED, CharStatus.IO_ERROR, CharStatus.NO_DEVICE, CharStatus.INVALID,
        CharStatus.NO_SPACE, CharStatus.CLOSED, CharStatus.NOT_SUPPORTED, CharStatus.CONNECTION_RESET,
        CharStatus.TIMED_OUT, -1, CharStatus.LAST_ERROR};
    private static final int MAX_PUBLICATIONS = 300;

    private final SplittableRandom random;
    private final InputPort port;
    private final OutputRing ring;
    private final byte[] buffer = new byte[4096];
    private int publications;
    private int calls;

    AnsweringBackEnd(Session session, int device, long seed) {
        random = new SplittableRandom(seed);
        port = session.inputPort(device);
        ring = session.outputRing(device);
    }

    int calls() {
        return calls;
    }

    @Override
    public int offer(int length) {
        calls++;
        actOnTheLink();
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> CharStatus.WOULD_BLOCK;
            case 2 -> error();
            case 3, 4 -> random.nextInt(length + 1);
            default -> length;
        };
    }

    @Override
    public void readAll(byte[] into, int offset, int length, CharAnswer answer) {
        calls++;
        int count = random.nextInt(3) == 0 ? length : random.nextInt(length);
        for (int i = 0; i < count; i++) {
            into[offset + i] = (byte) random.nextInt();
        }
        int status = switch (random.nextInt(3)) {
            case 0 -> CharStatus.END_OF_FILE;
            case 1 -> CharStatus.WOULD_BLOCK;
            default -> error();
        };
        answer.set(count, count == length ? CharStatus.OK : status);
    }

    @Override
    public void control(int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
        calls++;
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            into[i] = (byte) random.nextInt();
        }
        answer.set(count, random.nextBoolean() ? CharStatus.OK : error());
    }

    private int error() {
        return ERRORS[random.nextInt(ERRORS.length)];
    }

    private void actOnTheLink() {
        switch (random.nextInt(24)) {
            case 0 -> ring.close(error());
            case 1, 2, 3 -> ring.reopen();
            case 4 -> ring.take(buffer, 0, random.nextInt(buffer.length), 0);
            case 5 -> publish(LinkEvent.OPENED, 0);
            case 6 -> publish(LinkEvent.CLOSED, 0);
            case 7 -> publish(LinkEvent.BREAK, 0);
            case 8 -> publish(LinkEvent.MUX_IN, random.nextInt(4));
            case 9 -> publish(LinkEvent.MUX_OUT, random.nextInt(4));
            case 10 -> publish(LinkEvent.REFUSED, random.nextInt(1 << 20));
            case 11 -> port.publishBytes(buffer, 0, random.nextInt(200));
            default -> { }
        }
    }

    /** The caller is the guest thread, so what it publishes must fit into the inbox. */
    private void publish(int change, int argument) {
        if (publications++ < MAX_PUBLICATIONS) {
            port.publishLink(LinkEvent.of(change, argument));
        }
    }
}
