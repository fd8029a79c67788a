package dev.reprise.proptest.run;

import dev.reprise.engine.ResetCause;
import dev.reprise.engine.Session;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.proptest.arbitrary.HostAction;
import java.io.ByteArrayOutputStream;

/** Does to a session what a host's backends would: each action by the public interface of the session. */
final class HostActor {

    private final Session session;
    private final InputPort[] ports;
    private final ByteArrayOutputStream[] taken;
    private final boolean[] closed;
    private final byte[] buffer = new byte[4096];

    HostActor(Session session, int devices) {
        this.session = session;
        ports = new InputPort[devices + 1];
        taken = new ByteArrayOutputStream[devices + 1];
        closed = new boolean[devices + 1];
        for (int device = 1; device <= devices; device++) {
            ports[device] = session.inputPort(device);
            session.outputRing(device);
            taken[device] = new ByteArrayOutputStream();
        }
    }

    /** Whether the action is one that a run without the host's thread must delay to after the boundary. */
    static boolean takesOutput(HostAction action) {
        return action.what() == HostAction.What.TAKE;
    }

    /** @return whether something was published that an idle guest is given */
    boolean perform(HostAction action) {
        return switch (action.what()) {
            case BYTES -> publishBytes(action);
            case LINK -> ports[action.device()].publishLink((int) action.a());
            case LINE -> {
                session.publishInterruptLine(action.device(), (int) action.a(), action.b() != 0);
                yield true;
            }
            case EMBEDDER -> publish(EventKind.EMBEDDER_INPUT, action);
            case USER -> publish(EventKind.USER_INPUT, action);
            case PACKET -> publish(EventKind.NET_PACKET, action);
            case RESET -> {
                session.publishReset(ResetCause.ofCode(action.a()));
                yield true;
            }
            case TAKE -> {
                take(action.device(), (int) action.a());
                yield false;
            }
            case CLOSE -> {
                closed[action.device()] = true;
                session.outputRing(action.device()).close();
                yield false;
            }
            case QUIT -> {
                session.publishShutdown(ShutdownCause.HOST_QUIT, (int) action.a());
                yield true;
            }
        };
    }

    private boolean publish(EventKind kind, HostAction action) {
        return ports[action.device()].publish(kind, action.a(), action.b(), action.bytes(), 0, action.bytes().length);
    }

    private boolean publishBytes(HostAction action) {
        int done = 0;
        int count;
        do {
            count = ports[action.device()].publishBytes(action.bytes(), done, action.bytes().length - done);
            done += Math.max(0, count);
        } while (count > 0 && done < action.bytes().length);
        return done > 0;
    }

    private void take(int device, int max) {
        int left = max;
        while (left > 0) {
            int count = session.outputRing(device).take(buffer, 0, Math.min(left, buffer.length), 0);
            if (count <= 0) {
                return;
            }
            taken[device].write(buffer, 0, count);
            left -= count;
        }
    }

    /** The guest is the only one left that could end the run. */
    void detachAll() {
        for (InputPort port : ports) {
            if (port != null) {
                port.detach();
            }
        }
    }

    /** Whether a device was refused and has not been told of room: an idle guest is then waited for. */
    boolean owesRoom() {
        for (int device = 1; device < ports.length; device++) {
            if (session.outputRing(device).refused()) {
                return true;
            }
        }
        return false;
    }

    /** After the run: what the device's backend has been given, or null if it was closed on the way. */
    byte[] releasedOutput(int device) {
        take(device, Integer.MAX_VALUE);
        return closed[device] ? null : taken[device].toByteArray();
    }
}
