package dev.reprise.engine.replay;

import dev.reprise.engine.IncompatibleRecordingException;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.journal.DamagedLogException;
import dev.reprise.engine.journal.Manifest;
import java.util.List;
import java.util.stream.Collectors;

/** What a replay does not take on trust: that the recording is of this guest, and that its events can be events. */
final class LogChecks {

    private LogChecks() {}

    /** @throws IncompatibleRecordingException if it is another's; the message lists both */
    static void requireSame(SessionConfig config, Manifest m) {
        require("guest", m.guest(), config.guest());
        require("unit", m.unit(), config.unit());
        require("devices", names(m.devices()), names(config.devices()));
        require("model revisions", m.revisions(), config.revisions());
        require("settings", SessionConfig.guestSettings(m.settings()), SessionConfig.guestSettings(config.settings()));
    }

    private static String names(List<SessionConfig.Device> devices) {
        return devices.isEmpty() ? "none" : devices.stream().map(d -> d.name() + " (" + d.kind() + ", revision " + d.revision() + ")")
                .collect(Collectors.joining(", "));
    }

    private static void require(String what, Object recorded, Object present) {
        if (!recorded.equals(present)) {
            throw new IncompatibleRecordingException(what + " differ: recorded " + recorded + "; here " + present);
        }
    }

    static ShutdownCause cause(Event event) {
        try {
            return ShutdownCause.ofCode(event.a());
        } catch (IllegalArgumentException unknown) {
            throw new DamagedLogException(event.kind() + " at " + event.position() + ": " + unknown.getMessage());
        }
    }

    static int code(Event event) {
        if (event.b() != (int) event.b()) {
            throw malformed(event, "a code of 32 bits");
        }
        return (int) event.b();
    }

    static ResetCause resetCause(Event event) {
        try {
            return ResetCause.ofCode(event.a());
        } catch (IllegalArgumentException unknown) {
            throw new DamagedLogException(event.kind() + " at " + event.position() + ": " + unknown.getMessage());
        }
    }

    /** An event that no recorder writes. */
    static DamagedLogException malformed(Event event, String wanted) {
        return new DamagedLogException("the log has no event that can be replayed at " + event.position() + ": wanted "
                + wanted + ", found " + event);
    }
}
