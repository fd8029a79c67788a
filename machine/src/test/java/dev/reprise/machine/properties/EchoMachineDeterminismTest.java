package dev.reprise.machine.properties;

import dev.reprise.engine.ClockMode;
import dev.reprise.engine.SessionConfig;
import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.fixture.TestMachines;
import dev.reprise.machine.run.ImagePaths;
import dev.reprise.machine.run.MachineFactory;
import dev.reprise.proptest.CoverageNeeded;
import dev.reprise.proptest.DeterminismContract;
import dev.reprise.proptest.GuestFactory;
import dev.reprise.proptest.arbitrary.HostAction.What;
import dev.reprise.proptest.arbitrary.Scenario;
import dev.reprise.proptest.arbitrary.Scenarios;
import java.util.EnumSet;
import net.jqwik.api.Arbitrary;

/** The contract that any embedder's guest is held to, on the machine and its echoing program. */
@CoverageNeeded({
    "DROP CHAR_INPUT", "ALTER CHAR_INPUT", "RESTAMP CHAR_INPUT", "DROP CHAR_WRITE", "DROP OUTPUT", "DROP DIGEST",
    "DROP END", "DROP SHUTDOWN_REQUEST", "DROP CHAR_LINK"
})
class EchoMachineDeterminismTest extends DeterminismContract {

    private static final int UART = 1;

    @Override
    protected GuestFactory guest() {
        return session -> TestMachines.create(Programs.echo(), session);
    }

    @Override
    protected SessionConfig config() {
        return MachineFactory.describe(TestMachines.config(ClockMode.INSTRUCTIONS), new ImagePaths(null, null, null))
                .digestEvery(5_000);
    }

    @Override
    protected Arbitrary<Scenario> drawn() {
        return Scenarios.of(EnumSet.of(What.BYTES, What.LINK, What.TAKE, What.CLOSE, What.RESET), UART, positions());
    }
}
