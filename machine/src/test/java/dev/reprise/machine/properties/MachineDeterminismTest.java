package dev.reprise.machine.properties;

import dev.reprise.engine.ClockMode;
import dev.reprise.proptest.CoverageNeeded;

/** Guest time is the step count. Changes of rarer kinds of events are met by proptest's own guests. */
@CoverageNeeded({"CHAR_INPUT", "CHAR_LINK", "INTERRUPT_LINE", "RESET_REQUEST", "SHUTDOWN_REQUEST", "CHAR_WRITE", "OUTPUT",
    "DIGEST", "END", "short writes", "refused writes", "writes to a closed backend", "extra stops",
    "saved, loaded and gone on", "recordings of a live thread", "DROP OUTPUT", "ALTER OUTPUT", "DROP DIGEST", "DROP END",
    "DROP SHUTDOWN_REQUEST"})
class MachineDeterminismTest extends MachineContract {

    MachineDeterminismTest() {
        super(ClockMode.INSTRUCTIONS);
    }
}
