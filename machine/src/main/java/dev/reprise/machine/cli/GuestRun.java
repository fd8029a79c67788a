package dev.reprise.machine.cli;

import dev.reprise.engine.Mode;
import dev.reprise.engine.RepriseException;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionStats;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.replay.DivergenceException;
import dev.reprise.engine.replay.ReplaySession;
import dev.reprise.machine.board.MachineGuest;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.load.BootPlan;
import dev.reprise.machine.lockstep.ExecutorsDifferException;
import dev.reprise.machine.lockstep.Lockstep;
import dev.reprise.machine.run.GuestThread;
import dev.reprise.machine.run.MachineFactory;
import dev.reprise.machine.run.Signature;
import dev.reprise.machine.stats.RunStats;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * One guest from switch-on to its end, with everything around it: consoles, signals, guest thread, signature,
 * statistics. The same for run, record and replay; the session makes the difference.
 */
final class GuestRun {

    private static final long DRAIN_SLICE_NS = 100_000_000;
    /**
     * After a signal: how long the console may still take what the guest has written. With the 0.1 s that reader and writer
     * are then given each, a console that stalls delays the end by half a second (a peer behind a socket by 0.2 s more).
     */
    private static final long DRAIN_AFTER_SIGNAL_NS = 300_000_000;
    /** A console that takes a little now and then is waited for so many times as long as one that takes nothing. */
    private static final int WHOLE_GRACE = 10;

    private final String command;
    private final RunOptions options;
    private final PrintStream messages;
    private final LongSupplier logBytes;
    private final Signals signals = Signals.install();

    /** @param logBytes asked at the end: bytes of manifest, segments and mark */
    GuestRun(String command, RunOptions options, PrintStream messages, LongSupplier logBytes) {
        this.command = command;
        this.options = options;
        this.messages = messages;
        this.logBytes = logBytes;
    }

    /** Figures and ending of a run. */
    private record Finished(RunStats stats, Ending ending) {}

    /**
     * Runs to the end; closes session and consoles, whatever happens.
     *
     * @param signature what to write at the end, or null
     * @return how it ended; statistics are written
     */
    Ending run(MachineConfig config, BootPlan plan, Session session, Consoles consoles, Signature signature) {
        Finished finished;
        try {
            Lockstep both = options.inLockstep() ? new Lockstep(session, options.compareEvery(),
                    (ofBoard, execution) -> MachineFactory.create(config, plan, ofBoard, execution)) : null;
            MachineGuest guest = both != null ? both.primary()
                    : MachineFactory.create(config, plan, session, options.execution());
            GuestThread thread = new GuestThread(session, both != null ? both : guest);
            signals.attach(number -> session.publishShutdown(ShutdownCause.HOST_SIGNAL, number));
            consoles.start(session, guest);
            thread.runToEnd();
            signals.detach();
            session.close();
            int hurry = drain(consoles, thread.failure() != null);
            if (both != null && thread.failure() == null) {
                messages.println("reprise: the states of both executors were equal at " + both.comparisons() + " comparisons");
            }
            Ending unwritten = signature == null || thread.result() == null ? null : write(signature, guest);
            // What they have not delivered by now is lost: only then is it known how much.
            consoles.stop();
            finished = finish(session, guest, thread, consoles, unwritten, hurry);
        } catch (InterruptedException e) {
            throw new IllegalStateException("the main thread was interrupted", e);
        } finally {
            signals.detach();
            session.close();
            consoles.stop();
        }
        return options.writeStats(finished.stats, finished.ending);
    }

    /** Null if it is written. */
    private Ending write(Signature signature, MachineGuest guest) {
        try {
            signature.write(guest.board().bus(), options.signature());
            return null;
        } catch (IOException e) {
            return Ending.failure(ExitStatus.FAILED.code(), "cannot write " + options.signature() + ": " + e.getMessage());
        }
    }

    /**
     * Waits for the console's host: as long as it takes something, but not for ever, and hardly at all after a signal or a
     * failure. Who has no patience has signals, and on a terminal Ctrl-A x.
     *
     * @return the signal that has ended the wait, or 0
     */
    private int drain(Consoles consoles, boolean failed) {
        long start = System.nanoTime();
        long stalledSince = start;
        long taken = -1;
        while (!consoles.drain(DRAIN_SLICE_NS)) {
            long now = System.nanoTime();
            if (consoles.takenBytes() != taken) {
                taken = consoles.takenBytes();
                stalledSince = now;
            }
            boolean hurried = failed || signals.received() != 0;
            if (hurried && now - start > DRAIN_AFTER_SIGNAL_NS) {
                return signals.received();
            }
            if (now - stalledSince > options.graceNs() || now - start > WHOLE_GRACE * options.graceNs()) {
                return 0;
            }
        }
        return 0;
    }

    /**
     * @param unwritten what else went wrong although the run did not, or null
     * @param hurry the signal that has cut short the wait for the console's host, or 0
     */
    private Finished finish(Session session, MachineGuest guest, GuestThread thread, Consoles consoles, Ending unwritten,
            int hurry) {
        RunStats stats = new RunStats();
        RunResult result = thread.result();
        Ending ending;
        if (result == null) {
            ending = failed(thread.failure());
        } else if (session.mode() == Mode.REPLAY) {
            ending = session instanceof ReplaySession replay && replay.interrupted()
                    ? Ending.ofRun(result) : Ending.ofReplay(result);
            stats.digest = result.digest().toHex();
        } else {
            ending = Ending.ofRun(result);
            stats.digest = result.digest().toHex();
        }
        if (unwritten != null) {
            ending = unwritten;
        }
        if (hurry != 0 && result != null && !isEndedBySignal(session, result)) {
            ending = ending.hurriedBy(hurry);
        }
        stats.command = command;
        stats.steps = guest.position();
        stats.instructions = guest.instructions();
        stats.wallNs = thread.wallNs();
        stats.guestCpuNs = thread.cpuNs();
        stats.processCpuNs = ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(-1L);
        stats.allocatedBytes = thread.allocatedBytes();
        stats.guestNs = session.clock().ns(guest.position());
        SessionStats engine = session.stats();
        engine.events().forEach((kind, count) -> stats.events.put(kind.toLowerCase(Locale.ROOT), count));
        stats.logBytes = logBytes.getAsLong();
        stats.headHash = engine.headHash();
        if (session.mode() == Mode.RECORD && result != null) {
            messages.println("reprise: head " + engine.headHash());
        }
        stats.hostCalls = engine.hostCalls();
        stats.waits.put("boundaries", engine.boundaries());
        stats.waits.put("inboxFull", engine.inboxWaits());
        stats.waits.put("inboxFullNs", engine.inboxWaitNs());
        stats.waits.put("journalFull", engine.journalWaits());
        stats.waits.put("journalFullNs", engine.journalWaitNs());
        stats.waits.put("idleNs", engine.idleNs());
        stats.waits.put("groups", engine.groups());
        stats.witnessed.putAll(engine.witnessed());
        DeviceReport devices = new DeviceReport(consoles, guest);
        devices.fill(stats);
        devices.say(messages);
        stats.digests.putAll(engine.digests());
        for (long step : options.digestAt()) {
            String digest = stats.digests.get(step);
            messages.println(digest == null ? "no digest at step " + step + ": the run ended at step " + stats.steps
                    : "digest at step " + step + ": " + digest);
        }
        stats.stop = ending.stop();
        stats.guestCode = ending.guestCode();
        stats.exitStatus = ending.exitStatus();
        stats.message = ending.message();
        return new Finished(stats, ending);
    }

    /** A replay tells of the recorded run's end, which may have been a signal, unless it was ended itself. */
    private static boolean isEndedBySignal(Session session, RunResult result) {
        return session instanceof ReplaySession replay ? replay.interrupted() : result.cause() == ShutdownCause.HOST_SIGNAL;
    }

    private Ending failed(Throwable failure) {
        if (failure instanceof DivergenceException divergence) {
            messages.print(divergence.report());
        }
        if (failure instanceof ExecutorsDifferException difference) {
            messages.print(difference.report());
        }
        if (failure instanceof RepriseException expected) {
            return Ending.failure(expected.exitStatus(), expected.getMessage());
        }
        if (failure instanceof OutOfMemoryError) {
            return Ending.failure(ExitStatus.FAILED.code(), "the JVM has no memory left for the guest: " + failure.getMessage());
        }
        failure.printStackTrace(messages);
        return Ending.failure(ExitStatus.FAILED.code(), "internal error: " + failure);
    }
}
