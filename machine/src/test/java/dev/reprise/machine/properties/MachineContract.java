package dev.reprise.machine.properties;

import dev.reprise.engine.ClockMode;
import dev.reprise.engine.SessionConfig;
import dev.reprise.machine.board.MachineGuest;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.fixture.RandomPrograms;
import dev.reprise.machine.fixture.TestMachines;
import dev.reprise.machine.run.ImagePaths;
import dev.reprise.machine.run.MachineFactory;
import dev.reprise.proptest.DeterminismContract;
import dev.reprise.proptest.GuestFactory;
import dev.reprise.proptest.arbitrary.HostAction;
import dev.reprise.proptest.arbitrary.HostAction.What;
import dev.reprise.proptest.arbitrary.Scenario;
import dev.reprise.proptest.arbitrary.Scenarios;
import dev.reprise.proptest.scan.ForbiddenCalls;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.lifecycle.AfterContainer;

/** The determinism contract on the whole machine: random programs under random input at random times. */
abstract class MachineContract extends DeterminismContract {

    private static final ImagePaths NO_FILES = new ImagePaths(null, null, null);
    private static final int PROGRAMS = 1 << 12;

    private final ClockMode clock;
    /** The program is the scenario's, so that a sample which jqwik shrinks keeps it as long as it fails with it. */
    private long programSeed;

    MachineContract(ClockMode clock) {
        this.clock = clock;
    }

    @Override
    protected GuestFactory guest() {
        byte[] program = RandomPrograms.program(programSeed);
        MachineConfig config = machineConfig();
        var plan = TestMachines.plan(config, program);
        return session -> new CountingMachine(MachineFactory.create(config, plan, session));
    }

    private MachineConfig machineConfig() {
        return new MachineConfig(1 << 20, MachineConfig.DEFAULT_MMU, null, clock, 1_000_000_000, null);
    }

    @Override
    protected SessionConfig config() {
        return MachineFactory.describe(machineConfig(), NO_FILES).digestEvery(4_000);
    }

    @Override
    protected Set<What> actions() {
        return EnumSet.of(What.BYTES, What.LINK, What.LINE, What.RESET, What.TAKE, What.CLOSE, What.QUIT);
    }

    /**
     * Device 1, the UART, is the only one that the outside talks to. Its backend often takes less than a FIFO holds, so
     * that writes are short.
     */
    @Override
    protected Arbitrary<Scenario> drawn() {
        Arbitrary<HostAction> drawn = Scenarios.actions(actions(), 1).map(action -> action.what() == What.TAKE
                ? new HostAction(0, What.TAKE, action.device(), 1 + action.a() % 12, 0, action.bytes()) : action);
        return Scenarios.of(drawn, positions()).map(scenario -> {
            programSeed = Math.floorMod(scenario.answersSeed(), PROGRAMS);
            return scenario;
        });
    }

    @Override
    protected ForbiddenCalls forbiddenCalls(Class<?> guestClass) {
        return ForbiddenCalls.inPackageOf(MachineGuest.class);
    }

    @AfterContainer
    static void shouldHaveTrappedAndBeenInterrupted() {
        System.out.println("exceptions " + CountingMachine.EXCEPTIONS + ", interrupts inside quanta "
                + CountingMachine.INTERRUPTS_INSIDE_QUANTA);
        if (CountingMachine.EXCEPTIONS.get() == 0 || CountingMachine.INTERRUPTS_INSIDE_QUANTA.get() == 0) {
            throw new AssertionError("the random programs have not trapped, or were not interrupted");
        }
    }
}
