package dev.reprise.engine.character;

import dev.reprise.engine.Mode;
import dev.reprise.engine.Session;
import java.util.concurrent.locks.LockSupport;

/** A device's front end: the device's number, and the policy of {@code writeAll}. Guest thread only. */
final class SessionFrontEnd implements CharFrontEnd {

    private final Session session;
    private final int device;

    SessionFrontEnd(Session session, int device) {
        this.session = session;
        this.device = device;
    }

    @Override
    public int write(byte[] bytes, int offset, int length) {
        return session.output(device, bytes, offset, length);
    }

    @Override
    public int write(byte value) {
        return session.output(device, value);
    }

    @Override
    public void writeAll(byte[] bytes, int offset, int length, WritePolicy policy, CharAnswer answer) {
        writeAll(this, session.mode() == Mode.REPLAY ? 0 : policy.pauseNs(), bytes, offset, length, policy.tries(), answer);
    }

    static void writeAll(CharFrontEnd to, long pauseNs, byte[] bytes, int offset, int length, int tries,
            CharAnswer answer) {
        int done = 0;
        int status = CharStatus.OK;
        for (int i = 0; i < tries && done < length; i++) {
            if (i > 0 && pauseNs > 0) {
                LockSupport.parkNanos(pauseNs);
            }
            int count = to.write(bytes, offset + done, length - done);
            done += Math.max(0, count);
            status = count < 0 ? count : CharStatus.WOULD_BLOCK;
            if (status != CharStatus.WOULD_BLOCK) {
                break;
            }
        }
        answer.set(done, done == length ? CharStatus.OK : status);
    }

    @Override
    public void readAll(byte[] into, int offset, int length, CharAnswer answer) {
        session.readAll(device, into, offset, length, answer);
    }

    @Override
    public void control(int request, byte[] argument, int argumentLength, byte[] into, CharAnswer answer) {
        session.control(device, request, argument, argumentLength, into, answer);
    }

    @Override
    public int descriptors(int request) {
        return session.descriptors(device, request);
    }

    @Override
    public void canReceive(int bytes) {
        session.grant(device, bytes);
    }
}
