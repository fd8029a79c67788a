package dev.reprise.machine.demo;

import dev.reprise.engine.ClockMode;
import dev.reprise.engine.RepriseException;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.SessionStats;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.journal.Recording;
import dev.reprise.engine.record.LiveSession;
import dev.reprise.machine.board.Board;
import dev.reprise.machine.board.MachineGuest;
import dev.reprise.machine.config.ConfigException;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.load.LoadException;
import dev.reprise.machine.run.GuestThread;
import dev.reprise.machine.run.ImagePaths;
import dev.reprise.machine.run.MachineFactory;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One recording of the built-in guest under live typing.
 *
 * @param result how the run ended
 * @param stats the engine's figures
 * @param console what the guest printed
 * @param typedKeys keys that were pressed
 * @param wallNs time that it took
 * @param logBytes manifest, segments and mark
 */
record DemoRecording(
        RunResult result, SessionStats stats, byte[] console, int typedKeys, long wallNs, long logBytes) {

    private static final long RAM_BYTES = 16L << 20;
    private static final long DIGEST_INTERVAL = 1_000_000;
    private static final long LIMIT_SECONDS = 60;
    private static final long DRAIN_NS = 5_000_000_000L;

    /** Records into the directory, which is made. */
    static DemoRecording make(Path directory, Path elf, TypingScript script)
            throws LoadException, ConfigException, InterruptedException {
        MachineConfig config = new MachineConfig(RAM_BYTES, MachineConfig.DEFAULT_MMU, null, ClockMode.HOST,
                MachineConfig.DEFAULT_RTC_EPOCH_SECONDS, null).checked();
        ImagePaths images = new ImagePaths(null, elf, null);
        var plan = MachineFactory.plan(config, images.read(RAM_BYTES));
        SessionConfig description = MachineFactory.describe(config, images).digestEvery(DIGEST_INTERVAL);
        TypingBackend backend = new TypingBackend(script);
        Recording recording = Recording.create(directory, description, false);
        ScheduledExecutorService limit = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
        Session session = new LiveSession(description, recording);
        GuestThread thread;
        try {
            MachineGuest guest = MachineFactory.create(config, plan, session);
            backend.start(session, session.deviceId(Board.UART_NAME));
            limit.schedule(() -> session.publishShutdown(ShutdownCause.HOST_QUIT, 0), LIMIT_SECONDS, TimeUnit.SECONDS);
            thread = new GuestThread(session, guest);
            thread.runToEnd();
        } finally {
            limit.shutdownNow();
            session.close();
            backend.drain(DRAIN_NS);
            backend.stop();
        }
        if (thread.failure() instanceof RepriseException expected) {
            throw expected;
        }
        if (thread.result() == null) {
            throw new IllegalStateException("the recording failed: " + thread.failure(), thread.failure());
        }
        return new DemoRecording(thread.result(), session.stats(), backend.consoleBytes(), backend.typedKeys(),
                thread.wallNs(), recording.logBytes());
    }
}
