package dev.reprise.proptest;

import dev.reprise.engine.ClockMode;
import dev.reprise.engine.GuestClock;
import dev.reprise.engine.SessionConfig;
import dev.reprise.proptest.toy.StepMachine;
import net.jqwik.api.Tag;

/** The same toy with guest time that follows the host's. */
@CoverageNeeded({"CLOCK_ADJUST", "DROP CLOCK_ADJUST", "ALTER CLOCK_ADJUST"})
@Tag("one-jdk")
class HostClockDeterminismTest extends DeterminismContract {

    @Override
    protected GuestFactory guest() {
        return StepMachine::new;
    }

    @Override
    protected SessionConfig config() {
        return super.config().clock(ClockMode.HOST, GuestClock.RATE_ONE);
    }
}
