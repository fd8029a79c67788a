package dev.reprise.machine.properties;

import dev.reprise.cpu.interpret.Execution;
import dev.reprise.engine.ClockMode;
import dev.reprise.engine.Guest;
import dev.reprise.engine.Session;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.load.BootPlan;
import dev.reprise.machine.lockstep.Lockstep;
import dev.reprise.machine.run.MachineFactory;

/** Both executors in lockstep are a guest like any other, whoever makes input when; and they agree. */
class LockstepDeterminismTest extends MachineContract {

    private static final long EVERY = 777;

    LockstepDeterminismTest() {
        super(ClockMode.HOST);
    }

    @Override
    Guest create(MachineConfig config, BootPlan plan, Session session) {
        return new Lockstep(session, EVERY, (ofBoard, execution) -> MachineFactory.create(config, plan, ofBoard,
                execution.translated() ? Execution.EAGER : execution));
    }
}
