package dev.reprise.machine.properties;

import dev.reprise.engine.ClockMode;
import dev.reprise.proptest.CoverageNeeded;

/** Guest time follows the host's, and the wall clock is read from it. */
@CoverageNeeded({"CHAR_INPUT", "CLOCK_ADJUST", "CLOCK_READ", "CHAR_WRITE", "DROP CLOCK_ADJUST", "ALTER CLOCK_ADJUST", "idle"})
class MachineHostClockDeterminismTest extends MachineContract {

    MachineHostClockDeterminismTest() {
        super(ClockMode.HOST);
    }
}
