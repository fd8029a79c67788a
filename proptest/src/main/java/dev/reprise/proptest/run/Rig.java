package dev.reprise.proptest.run;

import dev.reprise.engine.ClockMode;
import dev.reprise.engine.Guest;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.proptest.arbitrary.HostAction;
import dev.reprise.proptest.arbitrary.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Records and replays one guest, in temporary directories that go with it. Single-threaded: the caller's thread is the
 * guest thread of every run.
 */
public final class Rig implements AutoCloseable {

    private static final long MAX_PARK_NS = 50_000;
    private static final String PREFIX = "reprise-property-";
    /** Where Linux keeps files in memory: thousands of small recordings need not wait for a disk. */
    private static final Path IN_MEMORY = Path.of("/dev/shm");

    private final Function<Session, Guest> factory;
    private final Supplier<SessionConfig> configs;
    private final Coverage coverage;
    private final int devices;
    private final Path root;
    private int directories;

    /**
     * @param configs describes the guest; a new one at each call, because a rig adds to it
     */
    public Rig(Function<Session, Guest> factory, Supplier<SessionConfig> configs, Coverage coverage) {
        this.factory = factory;
        this.configs = configs;
        this.coverage = coverage;
        devices = configs.get().devices().size();
        try {
            root = Files.isWritable(IN_MEMORY) ? Files.createTempDirectory(IN_MEMORY, PREFIX)
                    : Files.createTempDirectory(PREFIX);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A path for a recording; nothing is there yet. */
    public Path newDirectory() {
        return root.resolve("recording-" + directories++);
    }

    /** Puts the directories where a person can look at them, and says where. */
    public Path keep() {
        try (Stream<Path> all = Files.walk(root)) {
            Path kept = Files.createTempDirectory(PREFIX);
            for (Path path : (Iterable<Path>) all.sorted()::iterator) {
                if (!path.equals(root)) {
                    Files.copy(path, kept.resolve(root.relativize(path).toString()));
                }
            }
            return kept;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    // ---- Recording.

    /**
     * Records a run whose host acts at positions of the guest.
     *
     * @param answers empty, or those of an earlier recording of the scenario
     * @param waitsForDeadlines whether an idle guest may wake by itself, at a time of the host: two such recordings differ
     */
    public Trace record(Path directory, Scenario scenario, long quantum, Answers answers, boolean waitsForDeadlines) {
        SeededHost host = new SeededHost(scenario.answersSeed());
        answers.rewind();
        try (Session session = Sessions.record(directory, recordingConfig(scenario, quantum, host))) {
            WatchedSession watched = new WatchedSession(session, devices, answers, coverage);
            Guest guest = factory.apply(watched);
            HostActor actor = new HostActor(session, devices);
            RunResult result = session.run(
                    new ActingGuest(guest, scenario, actor, coverage, waitsForDeadlines,
                            configs.get().clockMode() == ClockMode.INSTRUCTIONS).begin());
            return recorded(session, watched, actor, result);
        }
    }

    /** Records a run whose host is a thread of its own, which acts when it likes. */
    public Trace recordLive(Path directory, Scenario scenario, long quantum) {
        SeededHost host = new SeededHost(scenario.answersSeed());
        try (Session session = Sessions.record(directory, recordingConfig(scenario, quantum, host))) {
            WatchedSession watched = new WatchedSession(session, devices, new Answers(), coverage);
            Guest guest = factory.apply(watched);
            HostActor actor = new HostActor(session, devices);
            Thread thread = new Thread(() -> act(actor, scenario), "host");
            thread.start();
            RunResult result;
            try {
                result = session.run(guest);
            } finally {
                join(thread);
            }
            return recorded(session, watched, actor, result);
        }
    }

    private static void act(HostActor actor, Scenario scenario) {
        long seed = scenario.answersSeed();
        for (HostAction action : scenario.actions()) {
            seed = seed * 6364136223846793005L + 1442695040888963407L;
            LockSupport.parkNanos((seed >>> 33) % MAX_PARK_NS);
            actor.perform(action);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private SessionConfig recordingConfig(Scenario scenario, long quantum, SeededHost host) {
        SessionConfig config = configs.get().quantum(quantum).durability(0).host(host)
                .outputBytes(scenario.outputBytes());
        scenario.digestsAt().forEach(config::digestAt);
        return config;
    }

    private Trace recorded(Session session, WatchedSession watched, HostActor actor, RunResult result) {
        Trace trace = trace(session, watched, result);
        for (int device = 1; device <= devices; device++) {
            byte[] released = actor.releasedOutput(device);
            if (released != null && !Arrays.equals(released, trace.outputs().get(device))) {
                throw new AssertionError("device " + device + " accepted " + trace.outputs().get(device).length
                        + " bytes, its backend was given " + released.length + ", or others");
            }
        }
        coverage.addAll(trace.events());
        coverage.add("recordings");
        return trace;
    }

    // ---- Replay.

    /** Replays in slices of that many position units. */
    public Trace replay(Path directory, Scenario scenario, long slice) {
        return replay(directory, scenario, slice, (guest, watched) -> guest);
    }

    /**
     * Replays with extra stops, digests and saves at stop points of no meaning.
     *
     * @param loads whether a loaded guest takes over now and then, if the guest can save
     */
    public Trace replayPerturbed(Path directory, Scenario scenario, long seed, int meanSlice, boolean loads) {
        return replay(directory, scenario, 0, (guest, watched) -> new PerturbedGuest(guest, seed, meanSlice,
                loads ? () -> factory.apply(watched) : null, undisturbed -> { }, coverage));
    }

    /**
     * Replays with extra stops and something else that must not be visible, such as dropping caches.
     *
     * @param disturbance called by this thread at some of the extra stops, with the guest that the factory made
     */
    public Trace replayDisturbed(Path directory, Scenario scenario, long seed, int meanSlice,
            Consumer<Guest> disturbance) {
        return replay(directory, scenario, 0, (guest, watched) ->
                new PerturbedGuest(guest, seed, meanSlice, null, disturbance, coverage));
    }

    private interface Wrap {
        Guest around(Guest guest, WatchedSession watched);
    }

    private Trace replay(Path directory, Scenario scenario, long slice, Wrap wrap) {
        SeededHost host = new SeededHost(~scenario.answersSeed());
        Answers answers = new Answers();
        SessionConfig config = configs.get().quantum(slice).host(host);
        scenario.digestsAt().forEach(config::digestAt);
        try (Session session = Sessions.replay(directory, config)) {
            WatchedSession watched = new WatchedSession(session, devices, answers, coverage);
            Guest guest = wrap.around(factory.apply(watched), watched);
            RunResult result = session.run(guest);
            if (host.calls() + answers.liveCalls() > 0) {
                throw new AssertionError("the host was asked in replay: " + host.calls() + " clocks and entropy, "
                        + answers.liveCalls() + " questions");
            }
            coverage.add("replays");
            return trace(session, watched, result);
        }
    }

    private Trace trace(Session session, WatchedSession watched, RunResult result) {
        List<byte[]> outputs = new ArrayList<>();
        for (int device = 0; device <= devices; device++) {
            outputs.add(watched.output(device));
        }
        return new Trace(result, new TreeMap<>(session.stats().digests()), outputs,
                new TreeMap<>(session.stats().events()));
    }

    /** Removes the directories. */
    @Override
    public void close() {
        remove(root);
    }

    /** Removes a directory with all that is in it. */
    public static void remove(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
