package dev.reprise.proptest;

import dev.reprise.engine.ClockMode;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.proptest.arbitrary.EventRecord;
import dev.reprise.proptest.arbitrary.HostAction.What;
import dev.reprise.proptest.arbitrary.Scenario;
import dev.reprise.proptest.arbitrary.Scenarios;
import dev.reprise.proptest.log.LogChange;
import dev.reprise.proptest.log.LogEditor;
import dev.reprise.proptest.run.Answers;
import dev.reprise.proptest.run.Coverage;
import dev.reprise.proptest.run.Rig;
import dev.reprise.proptest.run.Trace;
import dev.reprise.proptest.scan.ForbiddenCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * What determinism means for a guest, as properties: extend it, say how the guest is made, and run it as a test.
 *
 * <pre>{@code
 * class MyGuestIsDeterministicTest extends DeterminismContract {
 *     protected GuestFactory guest() { return MyGuest::new; }
 * }
 * }</pre>
 *
 * <p>Each property draws a {@link Scenario}: inputs at positions of the guest, a backend that takes its output now and
 * then, answers from a seed. A failure prints jqwik's shrunk scenario and seed, and where the recording was kept.
 *
 * <p>No change of a log goes unnoticed, with no kind excepted: where an input or an answer changes nothing that the guest
 * shows, and where a digest or an output event is gone, the hash of all events in the end event says so. What cannot be
 * noticed is a change of a log together with its end event: a log has checksums and a chain, but no key.
 *
 * <p>The guest must take any input: a kind that it does not know it ignores, and what it does not expect in a field is
 * its own to check, because a recording is not to be trusted. Its constructor asks the session nothing.
 */
@AddLifecycleHook(CoverageReport.class)
public abstract class DeterminismContract {

    /** Quanta of recordings, and lengths of replays' slices, in position units. */
    private static final long[] QUANTA = {1, 997, 1_000_000};
    private static final Map<String, Path> KEPT = new ConcurrentHashMap<>();

    private final Coverage coverage = CoverageReport.of(getClass());

    /** How the guest is made. */
    protected abstract GuestFactory guest();

    /** As {@link #guest()}, for a guest whose program is drawn with the scenario, from its seed. */
    protected GuestFactory guest(Scenario scenario) {
        return guest();
    }

    /**
     * Describes the guest: its name, unit, devices and settings. A new object at each call. By default there is one
     * character device, {@code console}.
     */
    protected SessionConfig config() {
        return SessionConfig.of(getClass().getSimpleName()).device("console", "character");
    }

    /** How far a run goes, in position units: enough for whatever the guest does to happen a few times. */
    protected long positions() {
        return 20_000;
    }

    /** What the host does to the guest; by default all but interrupt lines, users' inputs and packets. */
    protected Set<What> actions() {
        return EnumSet.complementOf(EnumSet.of(What.LINE, What.USER, What.PACKET));
    }

    /** The scenarios that the properties draw; for inputs of one's own shape. */
    protected Arbitrary<Scenario> drawn() {
        return Scenarios.of(actions(), config().devices().size(), positions());
    }

    /** Where to look for what a guest must not call: by default the package of the guest's class. */
    protected ForbiddenCalls forbiddenCalls(Class<?> guestClass) {
        return ForbiddenCalls.inPackageOf(guestClass);
    }

    @Provide
    final Arbitrary<Scenario> scenarios() {
        return drawn();
    }

    // ---- Properties.

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(40)
    void shouldReplayAlikeWhateverTheQuantaAndSlices(@ForAll("scenarios") Scenario scenario) {
        inRig(scenario, "whatever the quanta and slices", rig -> {
            for (long quantum : QUANTA) {
                Path recording = rig.newDirectory();
                Trace recorded = rig.record(recording, scenario, quantum, new Answers(), true);
                for (long slice : QUANTA) {
                    if (slice != quantum) {
                        recorded.requireSame(rig.replay(recording, scenario, slice),
                                "recorded with a quantum of " + quantum + ", replayed in slices of " + slice);
                    }
                }
            }
        });
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(40)
    void shouldRecordTheSameRunWhateverTheQuantum(@ForAll("scenarios") Scenario scenario) {
        if (config().clockMode() == ClockMode.HOST) {
            // Guest time follows the host's then, and no two recordings are alike.
            return;
        }
        inRig(scenario, "whatever the quantum", rig -> {
            Answers answers = new Answers();
            Trace first = rig.record(rig.newDirectory(), scenario, QUANTA[0], answers, false);
            for (int i = 1; i < QUANTA.length; i++) {
                first.requireSameView(rig.record(rig.newDirectory(), scenario, QUANTA[i], answers, false),
                        "recorded with a quantum of " + QUANTA[0] + ", then of " + QUANTA[i]);
            }
        });
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(40)
    void shouldNotNoticeWhereItIsStoppedAndDigested(@ForAll("scenarios") Scenario scenario, @ForAll long seed) {
        inRig(scenario, "stopped and digested anywhere", rig -> {
            Path recording = rig.newDirectory();
            Trace recorded = rig.record(recording, scenario, 0, new Answers(), true);
            recorded.requireSame(rig.replayPerturbed(recording, scenario, seed, meanSlice(seed), false), "with extra stops");
        });
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(40)
    void shouldGoOnFromASavedStateAsIfNothingHadHappened(@ForAll("scenarios") Scenario scenario, @ForAll long seed) {
        inRig(scenario, "saved, loaded and gone on", rig -> {
            Path recording = rig.newDirectory();
            Trace recorded = rig.record(recording, scenario, 0, new Answers(), true);
            recorded.requireSame(rig.replayPerturbed(recording, scenario, seed, meanSlice(seed), true), "saved and loaded");
        });
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(20)
    void shouldReplayWhatAThreadOfTheHostPublishedWhenItLiked(@ForAll("scenarios") Scenario scenario) {
        inRig(scenario, "inputs from another thread", rig -> {
            Path recording = rig.newDirectory();
            Trace recorded = rig.recordLive(recording, scenario, QUANTA[1]);
            coverage.add("recordings of a live thread");
            recorded.requireSame(rig.replay(recording, scenario, QUANTA[2]), "inputs from another thread");
        });
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(25)
    void shouldNoticeEveryChangeOfTheLog(@ForAll("scenarios") Scenario scenario, @ForAll long seed) {
        inRig(scenario, "a changed log", rig -> {
            Path recording = rig.newDirectory();
            rig.record(recording, scenario, QUANTA[1], new Answers(), true);
            List<EventRecord> events = LogEditor.read(recording);
            SplittableRandom random = new SplittableRandom(seed);
            for (int index : onePerKind(events, random)) {
                for (LogChange change : LogChange.values()) {
                    Optional<List<EventRecord>> changed = change.apply(events, index, random);
                    if (changed.isPresent()) {
                        requireNoticed(rig, scenario, recording, changed.get(), change + " " + events.get(index));
                        coverage.add(change + " " + events.get(index).kind());
                    }
                }
            }
        });
    }

    @Example
    void shouldCallNothingThatDiffersBetweenRuns() {
        List<ForbiddenCalls.Finding> findings = forbiddenCalls(guestClass()).findings();
        if (!findings.isEmpty()) {
            StringBuilder text = new StringBuilder("what can differ between two runs:\n");
            findings.forEach(finding -> text.append("    ").append(finding).append('\n'));
            throw new AssertionError(text.toString());
        }
    }

    // ---- Parts.

    /** Very short slices in some runs, long ones in others. */
    private int meanSlice(long seed) {
        long part = switch ((int) (seed & 3)) {
            case 0 -> positions() / 100;
            case 1 -> positions() / 1_000;
            default -> positions() / 5_000;
        };
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE / 4, part));
    }

    private Class<?> guestClass() {
        try (Session session = Sessions.off(config())) {
            return guest().create(session).getClass();
        }
    }

    /** The places of one event of each kind that occurs. */
    private static List<Integer> onePerKind(List<EventRecord> events, SplittableRandom random) {
        Map<String, List<Integer>> places = new TreeMap<>();
        for (int i = 0; i < events.size(); i++) {
            places.computeIfAbsent(events.get(i).kind().name(), kind -> new ArrayList<>()).add(i);
        }
        List<Integer> chosen = new ArrayList<>();
        places.values().forEach(list -> chosen.add(list.get(random.nextInt(list.size()))));
        return chosen;
    }

    private static void requireNoticed(Rig rig, Scenario scenario, Path recording, List<EventRecord> changed,
            String what) {
        Path edited = rig.newDirectory();
        LogEditor.write(recording, edited, changed);
        Trace trace;
        try {
            trace = rig.replay(edited, scenario, QUANTA[2]);
        } catch (RuntimeException noticed) {
            // A divergence, damage, or the guest's own refusal of what it was given.
            return;
        }
        if (trace.result().complete()) {
            throw new AssertionError("a replay did not notice a changed log: " + what);
        }
    }

    private interface Body {
        void run(Rig rig);
    }

    /** Runs the body; when it fails, keeps the recordings of the last try that did, which is the smallest. */
    private void inRig(Scenario scenario, String what, Body body) {
        GuestFactory factory = guest(scenario);
        try (Rig rig = new Rig(factory::create, this::config, coverage)) {
            try {
                body.run(rig);
            } catch (RuntimeException | AssertionError failure) {
                Path kept = rig.keep();
                Path before = KEPT.put(getClass().getName() + what, kept);
                if (before != null) {
                    Rig.remove(before);
                }
                throw new AssertionError(failure.getMessage() + "; recordings in " + kept, failure);
            }
        }
    }
}
