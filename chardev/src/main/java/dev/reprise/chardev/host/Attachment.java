package dev.reprise.chardev.host;

import dev.reprise.engine.Mode;
import dev.reprise.engine.NoReplayPort;
import dev.reprise.engine.Session;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.character.CharBackEnd;
import dev.reprise.engine.event.LinkEvent;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.engine.ring.OutputRing;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * What a backend stands behind: a device of the guest's, or a port that no log knows. A backend's threads call it and
 * know no more of the session.
 */
interface Attachment {

    /** Reader thread: publishes as many of the bytes as there is room for; -1 if the run has ended. */
    int publishBytes(byte[] bytes, int offset, int length);

    /** Reader thread: waits for room, at most that long; whether there is some. */
    boolean awaitCredit(long timeoutNs);

    /** Reader thread: publishes a change of the link; false if the run has ended. */
    boolean publishLink(int linkEvent);

    /** Reader thread: nothing more will come. */
    void detach();

    /** What the writer takes from. */
    OutputRing output();

    /** Writer thread: whether what nobody is there to take may be dropped now. */
    boolean dropsUnheard();

    /** Who answers what is asked of the back end. */
    void attach(CharBackEnd backEnd);

    /** The operator, or an error, ends the run. */
    void endRun(ShutdownCause cause);

    static Attachment of(Session session, int device) {
        return new OfDevice(session, session.inputPort(device), session.outputRing(device), device);
    }

    /** Of a backend without input: the device's port stays as it is, and an idle guest does not wait for it. */
    static Attachment outputOf(Session session, int device) {
        return new OfDevice(session, null, session.outputRing(device), device);
    }

    static Attachment of(Session session, NoReplayPort port) {
        return new OfPort(session, port);
    }

    /** @param input of the device; null for a backend without input */
    record OfDevice(Session session, InputPort input, OutputRing output, int device) implements Attachment {

        @Override
        public int publishBytes(byte[] bytes, int offset, int length) {
            return input.publishBytes(bytes, offset, length);
        }

        @Override
        public boolean awaitCredit(long timeoutNs) {
            return input.awaitCredit(timeoutNs);
        }

        @Override
        public boolean publishLink(int linkEvent) {
            return input.publishLink(linkEvent);
        }

        @Override
        public void detach() {
            input.detach();
        }

        /** A replay is held up by nobody who stays away. */
        @Override
        public boolean dropsUnheard() {
            return session.mode() == Mode.REPLAY && output.refused();
        }

        @Override
        public void attach(CharBackEnd backEnd) {
            session.attach(device, backEnd);
        }

        @Override
        public void endRun(ShutdownCause cause) {
            session.publishShutdown(cause, cause == ShutdownCause.HOST_ERROR ? 1 : 0);
        }
    }

    /** A port takes messages of a bounded size, as many as it has room for. */
    record OfPort(Session session, NoReplayPort port) implements Attachment {

        private static final int MESSAGE_BYTES = 512;

        @Override
        public int publishBytes(byte[] bytes, int offset, int length) {
            int count = Math.min(length, MESSAGE_BYTES);
            return port.ended() ? -1 : port.send(Arrays.copyOfRange(bytes, offset, offset + count), 0) ? count : 0;
        }

        @Override
        public boolean awaitCredit(long timeoutNs) {
            LockSupport.parkNanos(timeoutNs);
            return false;
        }

        @Override
        public boolean publishLink(int linkEvent) {
            port.sendLink(LinkEvent.change(linkEvent), 0);
            return !port.ended();
        }

        @Override
        public void detach() {
            // No guest waits for a port.
        }

        @Override
        public OutputRing output() {
            return port.output();
        }

        @Override
        public boolean dropsUnheard() {
            return true;
        }

        @Override
        public void attach(CharBackEnd backEnd) {
            // A port asks nothing.
        }

        /** What goes wrong with a port is no error of the run. */
        @Override
        public void endRun(ShutdownCause cause) {
            if (cause != ShutdownCause.HOST_ERROR) {
                session.publishShutdown(cause, 0);
            }
        }
    }
}
