package dev.reprise.machine.cli;

import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.record.LiveSession;
import dev.reprise.machine.board.MemoryMap;
import dev.reprise.machine.config.ConfigException;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.load.BootImages;
import dev.reprise.machine.load.BootPlan;
import dev.reprise.machine.load.LoadException;
import dev.reprise.machine.run.ImagePaths;
import dev.reprise.machine.run.MachineFactory;
import dev.reprise.machine.run.Signature;
import java.io.PrintStream;
import java.util.function.LongSupplier;

/** A machine driven by the host, recorded or not: what run and record share. */
final class LiveMachine {

    /** What the JVM needs beside the guest's RAM. */
    private static final long JVM_BYTES = 96L << 20;

    /** Makes the recording of a run. */
    interface Recorder {
        /** Throws if the recording cannot be made where it is wanted; changes nothing. */
        void check(SessionConfig description);

        Recording create(SessionConfig description);
    }

    private LiveMachine() {}

    /**
     * Runs a machine to its end.
     *
     * @param recorder makes the recording when everything else is known to be good; null for none
     */
    static Ending run(String command, MachineOptions machine, RunOptions run, PrintStream messages,
            Recorder recorder) throws ConfigException, LoadException {
        run.check();
        Signals.install();
        // Everything that can be wrong is looked at before the terminal changes its mode and the console's file is made.
        MachineConfig draft = machine.config(false);
        requireMemory(draft.ramBytes(), run);
        ImagePaths images = machine.images();
        BootImages loaded = images.read(draft.ramBytes());
        BootPlan plan = MachineFactory.plan(draft, loaded);
        Signature signature = run.signature(plan, draft.ramBytes());
        if (recorder != null) {
            SessionConfig description = MachineFactory.describe(draft, images);
            run.apply(description);
            Sessions.requireRecordable(description);
            recorder.check(description);
        }
        Consoles consoles = Consoles.open(run);
        Recording recording;
        Session session;
        MachineConfig config;
        try {
            config = machine.config(consoles.isLive());
            SessionConfig description = recorder == null ? MachineFactory.describe(config, images)
                    : MachineFactory.describe(config, images, loaded);
            run.apply(description);
            if (recorder != null) {
                Sessions.requireRecordable(description);
            }
            recording = recorder == null ? null : recorder.create(description);
            session = new LiveSession(description, recording);
        } catch (RuntimeException | ConfigException e) {
            consoles.stop();
            throw e;
        }
        consoles.announce(messages);
        LongSupplier logBytes = recording == null ? () -> 0 : recording::logBytes;
        return new GuestRun(command, run, messages, logBytes).run(config, plan, session, consoles, signature);
    }

    /** A guest that touches all its RAM must not run into a limit: what lies outside of the heap may be as much as the heap. */
    static void requireMemory(long ramBytes, RunOptions run) throws ConfigException {
        long heap = Runtime.getRuntime().maxMemory();
        if (run.ramBytes(ramBytes) > heap - JVM_BYTES) {
            throw new ConfigException("--memory " + (ramBytes >> 20) + "M"
                    + (run.inLockstep() ? ", twice for --executor both" : "") + ": this JVM has " + (heap >> 20)
                    + "M of heap, at most " + (Math.max(0, heap - JVM_BYTES) >> 20) + "M of it for a guest (see -Xmx)");
        }
        assert ramBytes >= MemoryMap.MIN_RAM_BYTES;
    }
}
