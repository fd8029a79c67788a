package dev.reprise.machine.cli;

import dev.reprise.chardev.host.Backend;
import dev.reprise.chardev.host.BackendCounters;
import dev.reprise.chardev.host.BackendSpec;
import dev.reprise.engine.NoReplayPort;
import dev.reprise.engine.Session;
import dev.reprise.machine.board.Board;
import dev.reprise.machine.board.MachineGuest;
import dev.reprise.machine.config.ConfigException;
import dev.reprise.machine.monitor.Monitor;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * The host's side of a machine's consoles: where the UART leads, and the monitor, which has a backend of its own, shares
 * that of the UART, or is not there.
 */
final class Consoles {

    /** How long the monitor's peer may still take the last answers. */
    private static final long LAST_WORDS_NS = 200_000_000;

    private final Backend serial;
    private final Backend monitor;
    private final boolean shared;
    private boolean stopped;

    private Consoles(Backend serial, Backend monitor, boolean shared) {
        this.serial = serial;
        this.monitor = monitor;
        this.shared = shared;
    }

    /** @throws ConfigException if one cannot be opened; none is left open then */
    static Consoles open(RunOptions run) throws ConfigException {
        return open(run, false);
    }

    /** As {@link #open(RunOptions)}; the UART's input is not looked at, unless a monitor's stands among it. */
    static Consoles openForReplay(RunOptions run) throws ConfigException {
        return open(run, true);
    }

    private static Consoles open(RunOptions run, boolean replay) throws ConfigException {
        BackendSpec spec = run.serial();
        boolean shared = run.serialIsShared();
        try {
            BackendSpec.requireFilesOfTheirOwn(run.monitor() == null ? List.of(spec) : List.of(spec, run.monitor()));
        } catch (IOException e) {
            throw new ConfigException((run.monitor() == null ? "--serial: " : "--serial and --monitor: ") + e.getMessage());
        }
        Backend serial = open("--serial", () -> replay ? spec.openForReplay(shared) : spec.open());
        try {
            // A monitor is live in a replay too.
            BackendSpec own = run.monitor();
            Backend monitor = own == null ? null : open("--monitor", own::open);
            return new Consoles(serial, monitor, shared);
        } catch (ConfigException e) {
            serial.stop();
            throw e;
        }
    }

    private interface Opening {
        Backend open() throws IOException;
    }

    private static Backend open(String option, Opening opening) throws ConfigException {
        Signals signals = Signals.install();
        signals.opening(true);
        try {
            return opening.open();
        } catch (IOException e) {
            throw new ConfigException(option + ": " + e.getMessage());
        } finally {
            signals.opening(false);
        }
    }

    /** Whether the guest's input comes from somebody who lives in the host's time. */
    boolean isLive() {
        return serial.isLive();
    }

    /** Says what a user must know to connect. */
    void announce(PrintStream messages) {
        if (serial.announcement() != null) {
            messages.println("reprise: " + serial.announcement());
        } else if (serial.hasOperator()) {
            messages.println("reprise: Ctrl-A x ends, Ctrl-A h helps");
        }
        if (monitor != null && monitor.announcement() != null) {
            messages.println("reprise: monitor: " + monitor.announcement());
        }
    }

    void start(Session session, MachineGuest guest) {
        if (shared || monitor != null) {
            NoReplayPort port = session.noReplay(Monitor.NAME, new Monitor(session, guest, this::describe));
            if (shared) {
                serial.share(port);
            } else {
                monitor.start(session, port);
            }
        }
        serial.start(session, session.deviceId(Board.UART_NAME));
    }

    private String describe() {
        BackendCounters c = serial.counters();
        return String.format(Locale.ROOT, "uart: %s; %d bytes in, %d out, %d held, %d refused, %d lost, %d waits for room%s%s\r\n",
                serial.announcement() == null ? "no peers" : serial.announcement(), c.bytesIn(), c.bytesOut(),
                c.heldBytes(), c.refusedBytes(), c.lostBytes(), c.roomWaits(), c.failure() == null ? "" : "; " + c.failure(),
                c.logFailure() == null ? "" : "; log file: " + c.logFailure());
    }

    /** Whether the console's host has taken everything, or is gone, within that time. */
    boolean drain(long timeoutNs) {
        return serial.drain(timeoutNs);
    }

    /** What the hosts have taken that {@link #drain} waits for. */
    long takenBytes() {
        BackendCounters ofMonitor = serial.sharedCounters();
        return serial.counters().bytesOut() + (ofMonitor == null ? 0 : ofMonitor.bytesOut());
    }

    /** Ends them; what has not been taken by then is lost. Idempotent. */
    void stop() {
        try {
            serial.stop();
        } finally {
            if (monitor != null) {
                if (!stopped) {
                    monitor.drain(LAST_WORDS_NS);
                }
                monitor.stop();
            }
            stopped = true;
        }
    }

    BackendCounters counters() {
        return serial.counters();
    }

    /** Of the monitor, wherever it is; null if there is none. */
    BackendCounters monitorCounters() {
        return monitor != null ? monitor.counters() : serial.sharedCounters();
    }
}
