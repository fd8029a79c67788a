package dev.reprise.machine.properties;

import dev.reprise.engine.ClockMode;
import dev.reprise.engine.Guest;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.fixture.TestMachines;
import dev.reprise.machine.load.BootPlan;
import dev.reprise.machine.run.ImagePaths;
import dev.reprise.machine.run.MachineFactory;
import dev.reprise.proptest.DeterminismContract;
import dev.reprise.proptest.GuestFactory;
import dev.reprise.proptest.arbitrary.HostAction;
import dev.reprise.proptest.arbitrary.HostAction.What;
import dev.reprise.proptest.arbitrary.Scenario;
import dev.reprise.proptest.arbitrary.Scenarios;
import java.util.EnumSet;
import net.jqwik.api.Arbitrary;

/**
 * The contract that any embedder's guest is held to, on the machine: a program for each scenario.
 * {@link RandomProgramsTest} has what only a machine can be asked.
 */
abstract class MachineContract extends DeterminismContract {

    private static final int UART = 1;

    private final ClockMode clock;

    MachineContract(ClockMode clock) {
        this.clock = clock;
    }

    @Override
    protected GuestFactory guest() {
        return machine(Programs.echo());
    }

    @Override
    protected GuestFactory guest(Scenario scenario) {
        return machine(RandomProgram.ofSeed(scenario.answersSeed()).toElf());
    }

    private GuestFactory machine(byte[] program) {
        BootPlan plan = TestMachines.plan(program);
        return session -> create(TestMachines.config(clock), plan, session);
    }

    /** The machine as the session drives it. */
    Guest create(MachineConfig config, BootPlan plan, Session session) {
        return MachineFactory.create(config, plan, session);
    }

    @Override
    protected SessionConfig config() {
        return MachineFactory.describe(TestMachines.config(clock), new ImagePaths(null, null, null)).digestEvery(4_000);
    }

    /** The UART's backend often takes less than a FIFO holds, so that writes are short. */
    @Override
    protected Arbitrary<Scenario> drawn() {
        EnumSet<What> what = EnumSet.of(What.BYTES, What.LINK, What.LINE, What.RESET, What.TAKE, What.CLOSE);
        return Scenarios.of(Scenarios.actions(what, UART).map(MachineContract::takingLittle), positions());
    }

    private static HostAction takingLittle(HostAction action) {
        return action.what() != What.TAKE ? action
                : new HostAction(0, What.TAKE, action.device(), 1 + action.a() % 12, 0, action.bytes());
    }
}
