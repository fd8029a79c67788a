package dev.reprise.machine.properties;

import dev.reprise.engine.ClockMode;
import dev.reprise.proptest.CoverageNeeded;

/** Guest time is the step count. */
@CoverageNeeded({"CHAR_INPUT", "CHAR_LINK", "INTERRUPT_LINE", "RESET_REQUEST", "SHUTDOWN_REQUEST", "CHAR_WRITE", "OUTPUT",
    "DIGEST", "END", "short writes", "refused writes", "writes to a closed backend", "extra stops",
    "saved, loaded and gone on", "recordings of a live thread", "DROP CHAR_INPUT", "ALTER CHAR_INPUT",
    "RESTAMP CHAR_INPUT", "DROP CHAR_WRITE", "ALTER CHAR_WRITE", "DROP OUTPUT", "ALTER OUTPUT", "DROP DIGEST",
    "DROP INTERRUPT_LINE", "DROP CHAR_LINK", "DROP END", "DROP SHUTDOWN_REQUEST"})
class MachineDeterminismTest extends MachineContract {

    MachineDeterminismTest() {
        super(ClockMode.INSTRUCTIONS);
    }
}
