package dev.reprise.machine.properties;

import dev.reprise.engine.ClockMode;
import dev.reprise.engine.Guest;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.machine.board.MachineGuest;
import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.fixture.TestMachines;
import dev.reprise.machine.load.BootPlan;
import dev.reprise.machine.properties.Piece.What;
import dev.reprise.machine.run.ImagePaths;
import dev.reprise.machine.run.MachineFactory;
import dev.reprise.proptest.Tries;
import dev.reprise.proptest.arbitrary.HostAction;
import dev.reprise.proptest.arbitrary.Scenario;
import dev.reprise.proptest.arbitrary.Scenarios;
import dev.reprise.proptest.run.Answers;
import dev.reprise.proptest.run.Coverage;
import dev.reprise.proptest.run.Rig;
import dev.reprise.proptest.run.Trace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/** Random programs under random input: recorded, replayed, disturbed, saved and loaded. */
class RandomProgramsTest {

    private static final long POSITIONS = 30_000;
    private static final long[] QUANTA = {1, 997, 1_000_000};
    private static final int UART = 1;
    private static final byte[] NONE = new byte[0];
    private static final Coverage COVERAGE = new Coverage();

    private static final List<String> NEEDED = List.of(
            "CHAR_INPUT", "CHAR_LINK", "INTERRUPT_LINE", "RESET_REQUEST", "CHAR_WRITE", "CLOCK_READ", "CLOCK_ADJUST",
            "OUTPUT", "DIGEST", "SHUTDOWN", "RESET", "refused writes", "idle", "caches dropped",
            "saved, loaded and gone on", "timer interrupts inside quanta", "timer interrupts of the hart",
            "external interrupts", "software interrupts", "exception 2", "exception 3", "exception 5", "exception 7",
            "exception 8", "exception 9", "exception 11", "exception 13", "exception 15");

    // ---- What is drawn.

    @Provide
    Arbitrary<RandomProgram> programs() {
        Arbitrary<Integer> operands = Arbitraries.integers().between(0, Piece.OPERANDS - 1)
                .withDistribution(RandomDistribution.uniform());
        Arbitrary<Piece> pieces = Combinators.combine(Arbitraries.of(What.class), operands, operands).as(Piece::new);
        return pieces.list().ofMaxSize(50).withSizeDistribution(RandomDistribution.uniform()).map(RandomProgram::new);
    }

    @Provide
    Arbitrary<Scenario> scenarios() {
        Arbitrary<HostAction> others = Scenarios.actions(
                EnumSet.of(HostAction.What.RESET, HostAction.What.CLOSE), UART);
        Arbitrary<Long> links = Arbitraries.longs().between(1, 5);
        Arbitrary<Long> lines = Arbitraries.longs().between(0, 3);
        Arbitrary<Byte> keys = Arbitraries.frequencyOf(Tuple.of(60, Arbitraries.bytes()),
                Tuple.of(1, Arbitraries.of((byte) 'q', (byte) 'r', (byte) 'f')));
        Arbitrary<HostAction> typed = keys.array(byte[].class).ofMinSize(1).ofMaxSize(30)
                .map(bytes -> new HostAction(0, HostAction.What.BYTES, UART, 0, 0, bytes));
        Arbitrary<HostAction> taken = Arbitraries.longs().between(1, 300)
                .map(count -> new HostAction(0, HostAction.What.TAKE, UART, count, 0, NONE));
        Arbitrary<HostAction> actions = Arbitraries.frequencyOf(
                Tuple.of(10, typed), Tuple.of(10, taken), Tuple.of(1, others),
                Tuple.of(2, links.map(link -> new HostAction(0, HostAction.What.LINK, UART, link, 0, NONE))),
                Tuple.of(3, Combinators.combine(lines, Arbitraries.longs().between(0, 1)).as(
                        (line, level) -> new HostAction(0, HostAction.What.LINE, UART, line, level, NONE))));
        return Scenarios.of(actions, POSITIONS);
    }

    @Provide
    Arbitrary<ClockMode> clocks() {
        return Arbitraries.frequency(Tuple.of(2, ClockMode.INSTRUCTIONS), Tuple.of(1, ClockMode.HOST));
    }

    // ---- Properties.

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(40)
    void shouldReplayAlikeWhateverTheQuantaAndSlices(@ForAll("programs") RandomProgram program,
            @ForAll("scenarios") Scenario scenario, @ForAll("clocks") ClockMode clock) {
        inRig(program, clock, (rig, machines) -> {
            Answers answers = new Answers();
            Trace first = null;
            for (long quantum : QUANTA) {
                Path recording = rig.newDirectory();
                boolean waits = clock == ClockMode.HOST;
                Trace recorded = rig.record(recording, scenario, quantum, answers, waits);
                machines.count(quantum);
                for (long slice : QUANTA) {
                    if (slice != quantum) {
                        recorded.requireSame(rig.replay(recording, scenario, slice),
                                "recorded with a quantum of " + quantum + ", replayed in slices of " + slice);
                    }
                }
                if (first != null && !waits) {
                    first.requireSameView(recorded, "recorded with a quantum of 1, then of " + quantum);
                }
                first = first == null ? recorded : first;
            }
        });
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(30)
    void shouldNotNoticeThatCachesAreDropped(@ForAll("programs") RandomProgram program,
            @ForAll("scenarios") Scenario scenario, @ForAll("clocks") ClockMode clock, @ForAll long seed) {
        inRig(program, clock, (rig, machines) -> {
            Path recording = rig.newDirectory();
            Trace recorded = rig.record(recording, scenario, 0, new Answers(), true);
            machines.count(0);
            for (int meanSlice : new int[] {4, 80}) {
                recorded.requireSame(rig.replayDisturbed(recording, scenario, seed, meanSlice, guest -> {
                    ((MachineGuest) guest).board().hart().flushCaches();
                    COVERAGE.add("caches dropped");
                }), "with caches dropped");
            }
        });
    }

    /** A machine that has loaded a state has hashed no page before: its digest is one computed from nothing. */
    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(40)
    void shouldGoOnInAFreshMachineWithTheSameDigestFromNothing(@ForAll("programs") RandomProgram program,
            @ForAll("scenarios") Scenario scenario, @ForAll("clocks") ClockMode clock, @ForAll long seed) {
        inRig(program, clock, (rig, machines) -> {
            Path recording = rig.newDirectory();
            Trace recorded = rig.record(recording, scenario, 0, new Answers(), true);
            machines.count(0);
            recorded.requireSame(rig.replayPerturbed(recording, scenario, seed, 300, true), "saved and loaded");
        });
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(10)
    void shouldReplayWhatWasTypedByAThreadOfTheHost(@ForAll("programs") RandomProgram program,
            @ForAll("scenarios") Scenario scenario, @ForAll("clocks") ClockMode clock) {
        inRig(program, clock, (rig, machines) -> {
            Path recording = rig.newDirectory();
            Trace recorded = rig.recordLive(recording, scenario, 0);
            recorded.requireSame(rig.replay(recording, scenario, QUANTA[1]), "typed by a thread");
        });
    }

    /** A guest that only traps makes steps like any other: a limit and a request to end are answered exactly. */
    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(10)
    void shouldStopAGuestThatTrapsForEverWhereItIsAskedTo(@ForAll("scenarios") Scenario scenario, @ForAll long seed) {
        inRig(TestMachines.plan(Programs.trapForever()), ClockMode.INSTRUCTIONS, (rig, machines) -> {
            Path recording = rig.newDirectory();
            Trace recorded = rig.record(recording, scenario, 0, new Answers(), false);
            if (recorded.result().position() != scenario.endAt()) {
                throw new AssertionError("asked to end at " + scenario.endAt() + ": " + recorded.result());
            }
            recorded.requireSame(rig.replayPerturbed(recording, scenario, seed, 50, true), "trapping for ever");
            long until = Math.floorMod(seed, 1_000_000);
            try (Session session = Sessions.off(machines.describe().until(until))) {
                if (session.run(machines.create(session)).position() != until) {
                    throw new AssertionError("did not stop at " + until);
                }
            }
        });
    }

    @AfterContainer
    static void reportCoverage() {
        System.out.print("coverage of random programs:\n" + COVERAGE.report());
        List<String> holes = new ArrayList<>();
        for (String name : NEEDED) {
            if (COVERAGE.count(name) == 0) {
                holes.add(name);
            }
        }
        if (!holes.isEmpty()) {
            throw new AssertionError("never met: " + holes);
        }
    }

    // ---- Parts.

    private interface Body {
        void run(Rig rig, Machines machines);
    }

    /** Makes the machines of one try, and reads from the last what its program counted. */
    private static final class Machines {
        private final BootPlan plan;
        private final ClockMode clock;
        private MachineGuest last;

        Machines(BootPlan plan, ClockMode clock) {
            this.plan = plan;
            this.clock = clock;
        }

        Guest create(Session session) {
            last = MachineFactory.create(TestMachines.config(clock), plan, session);
            return last;
        }

        SessionConfig describe() {
            return MachineFactory.describe(TestMachines.config(clock), new ImagePaths(null, null, null))
                    .digestEvery(7_000);
        }

        void count(long quantum) {
            byte[] counts = new byte[1024];
            last.board().bus().read(RandomProgram.HANDLER, counts, 0, counts.length);
            ByteBuffer words = ByteBuffer.wrap(counts).order(ByteOrder.LITTLE_ENDIAN);
            for (int cause = 0; cause < 16; cause++) {
                add("exception " + cause, words.getLong(RandomProgram.EXCEPTION_COUNTS + 8 * cause));
            }
            add("software interrupts", words.getLong(RandomProgram.INTERRUPT_COUNTS + 8 * 3));
            add("timer interrupts of the hart", words.getLong(RandomProgram.INTERRUPT_COUNTS + 8 * 5));
            add("external interrupts", words.getLong(RandomProgram.INTERRUPT_COUNTS + 8 * 11));
            // Boundaries are where the host acts or a quantum ends; a timer does not care.
            add(quantum == QUANTA[2] ? "timer interrupts inside quanta" : "timer interrupts",
                    words.getLong(RandomProgram.INTERRUPT_COUNTS + 8 * 7));
        }

        private static void add(String name, long count) {
            if (count > 0) {
                COVERAGE.add(name, count);
            }
        }
    }

    private static void inRig(RandomProgram program, ClockMode clock, Body body) {
        inRig(TestMachines.plan(program.toElf()), clock, body);
    }

    private static void inRig(BootPlan plan, ClockMode clock, Body body) {
        Machines machines = new Machines(plan, clock);
        try (Rig rig = new Rig(machines::create, machines::describe, COVERAGE)) {
            try {
                body.run(rig, machines);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError(failure.getMessage(), failure);
            }
        }
    }
}
