package dev.reprise.proptest;

import dev.reprise.engine.SessionConfig;
import dev.reprise.proptest.arbitrary.HostAction.What;
import dev.reprise.proptest.arbitrary.Scenario;
import dev.reprise.proptest.toy.StepMachine;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** The contract on a toy that uses all that a session offers; every kind of event and of change must have occurred. */
@CoverageNeeded({
    "CHAR_INPUT", "CHAR_LINK", "INTERRUPT_LINE", "EMBEDDER_INPUT", "USER_INPUT", "NET_PACKET", "RESET_REQUEST",
    "SHUTDOWN_REQUEST", "CHAR_WRITE", "CLOCK_READ", "ANSWER", "ANSWER_BYTES", "RANDOM", "OUTPUT",
    "DIGEST", "END", "short writes", "refused writes", "writes to a closed backend", "idle", "idle until a deadline",
    "idle for ever", "extra stops", "saved, loaded and gone on", "recordings of a live thread",
    "DROP CHAR_INPUT", "ALTER CHAR_INPUT", "RESTAMP CHAR_INPUT", "EXCHANGE CHAR_INPUT",
    "DROP CHAR_WRITE", "ALTER CHAR_WRITE", "DROP CLOCK_READ", "ALTER CLOCK_READ", "RESTAMP CLOCK_READ",
    "DROP ANSWER", "ALTER ANSWER", "DROP ANSWER_BYTES", "ALTER ANSWER_BYTES", "DROP RANDOM", "ALTER RANDOM",
    "DROP OUTPUT", "ALTER OUTPUT", "DROP DIGEST", "ALTER DIGEST", "DROP END", "ALTER END", "RESTAMP END",
    "DROP SHUTDOWN_REQUEST", "ALTER SHUTDOWN_REQUEST", "DROP EMBEDDER_INPUT", "ALTER EMBEDDER_INPUT",
    "DROP NET_PACKET", "ALTER NET_PACKET", "DROP USER_INPUT", "DROP INTERRUPT_LINE", "DROP CHAR_LINK"
})
@Tag("one-jdk")
class StepMachineDeterminismTest extends DeterminismContract {

    @Override
    protected GuestFactory guest() {
        return StepMachine::new;
    }

    @Override
    protected SessionConfig config() {
        return super.config().digestEvery(3_000);
    }

    @Override
    protected Set<What> actions() {
        return EnumSet.allOf(What.class);
    }

    /** More often than the other properties: an event of a rare kind is in one scenario of six, and each must be met. */
    @Override
    @Property(edgeCases = EdgeCasesMode.NONE)
    @Tries(60)
    void shouldNoticeEveryChangeOfTheLog(@ForAll("scenarios") Scenario scenario, @ForAll long seed) {
        super.shouldNoticeEveryChangeOfTheLog(scenario, seed);
    }
}
