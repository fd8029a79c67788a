package dev.reprise.machine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.interpret.Execution;
import dev.reprise.cpu.translate.RegionCode;
import dev.reprise.cpu.translate.RegionPlan;
import dev.reprise.cpu.translate.Translator;
import dev.reprise.engine.ClockMode;
import dev.reprise.engine.Guest;
import dev.reprise.engine.RunResult;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.ring.InputPort;
import dev.reprise.machine.board.Board;
import dev.reprise.machine.board.MachineGuest;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.fixture.Programs;
import dev.reprise.machine.fixture.TestMachines;
import dev.reprise.machine.load.BootPlan;
import dev.reprise.machine.lockstep.ExecutorsDifferException;
import dev.reprise.machine.lockstep.Lockstep;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two machines in lockstep: the recording is that of one, and what one of them does wrong is found. */
class LockstepRunTest {

    private static final long EVERY = 5_000;
    private static final int MUL = Encoder.encode(Op.MUL, 0, 0, 0, 0, 0, 0);
    private static final int MULH = Encoder.encode(Op.MULH, 0, 0, 0, 0, 0, 0);
    private static final int FUNCTION = 0xfe00_707f;
    private static final int SD = Encoder.encode(Op.SD, 0, 0, 0, 0, 0, 0);
    private static final int SD_BEFORE = Encoder.encode(Op.SD, 0, 0, 0, 0, 0, -8);
    /** Everything of a store but its registers. */
    private static final int STORE = 0xfe00_7fff;

    @TempDir
    private Path directory;

    /** Translates other instructions than those that are there. */
    private static final class Faulty extends Translator {
        private final IntUnaryOperator fault;

        Faulty(IntUnaryOperator fault) {
            super(Execution.EAGER.maxInstructions(), 0, false);
            this.fault = fault;
        }

        /** Each mul is translated as a mulh. */
        static Faulty multiplying() {
            return new Faulty(word -> (word & FUNCTION) == MUL ? word ^ MUL ^ MULH : word);
        }

        /** Each sd without an offset is translated as one to the word before. */
        static Faulty storing() {
            return new Faulty(word -> (word & STORE) == SD ? word | SD_BEFORE : word);
        }

        @Override
        protected RegionCode compile(RegionPlan plan) {
            byte[] wrong = plan.code().clone();
            ByteBuffer words = ByteBuffer.wrap(wrong).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < wrong.length; at += 4) {
                words.putInt(at, fault.applyAsInt(words.getInt(at)));
            }
            RegionCode code = super.compile(plan.withCode(wrong));
            return new RegionCode(plan, code.region(), code.entries(), code.budgets(), code.covered(), code.usesFloat(),
                    code.instructions(), code.bytecodes());
        }
    }

    private static SessionConfig describe(ClockMode clock) {
        return MachineFactory.describe(TestMachines.config(clock), new ImagePaths(null, null, null)).digestEvery(20_000);
    }

    private static Lockstep lockstep(Session session, byte[] program, ClockMode clock, Translator translator) {
        MachineConfig config = TestMachines.config(clock);
        BootPlan plan = TestMachines.plan(program);
        return new Lockstep(session, EVERY, (ofBoard, execution) -> MachineFactory.create(config, plan, ofBoard,
                execution.translated() ? Execution.EAGER : execution, execution.translated() ? translator : null));
    }

    /** Types some keys, then q until the run ends. */
    private static void type(Session session, InputPort port) {
        byte[] keys = "abwcdrewghw".getBytes();
        for (int i = 0, published = 0; published >= 0; i++) {
            LockSupport.parkNanos(2_000_000);
            while (i == keys.length && published >= 0 && session.stats().boundaries() < 100) {
                // Some comparisons are over before it is to end.
                LockSupport.parkNanos(1_000_000);
            }
            byte[] key = {i < keys.length ? keys[i] : (byte) 'q'};
            while ((published = port.publishBytes(key, 0, 1)) == 0) {
                port.awaitCredit(10_000_000);
            }
        }
    }

    private static RunResult run(Session session, Guest guest) {
        try (session) {
            return session.run(guest);
        }
    }

    @Test
    void shouldRecordAndReplayUnderTypingAsOneMachineDoes() {
        for (ClockMode clock : ClockMode.values()) {
            Path recording = directory.resolve(clock.name());
            Session session = Sessions.record(recording, describe(clock));
            InputPort port = session.inputPort(session.deviceId(Board.UART_NAME));
            Thread.ofPlatform().daemon().start(() -> type(session, port));
            Lockstep both = lockstep(session, Programs.echo(), clock, null);
            RunResult recorded = run(session, both);
            assertEquals(ShutdownCause.GUEST_SHUTDOWN, recorded.cause());
            assertTrue(both.comparisons() > 2, "comparisons: " + both.comparisons());

            Session alone = Sessions.replay(recording, describe(clock));
            assertEquals(recorded, run(alone, TestMachines.create(Programs.echo(), clock, alone)));
            Session again = Sessions.replay(recording, describe(clock));
            assertEquals(recorded, run(again, lockstep(again, Programs.echo(), clock, null)));
        }
    }

    @Test
    void shouldLeaveTheDigestOfOneMachine() {
        SessionConfig config = describe(ClockMode.INSTRUCTIONS).until(123_456);
        Session one = Sessions.off(config);
        MachineGuest alone = TestMachines.create(Programs.echo(), one);
        Session two = Sessions.off(config);
        assertEquals(run(one, alone), run(two, lockstep(two, Programs.echo(), ClockMode.INSTRUCTIONS, null)));
    }

    @Test
    void shouldNameTheStepTheRegisterAndTheInstructionOfAPlantedBug() {
        Session session = Sessions.off(describe(ClockMode.INSTRUCTIONS).until(1_000_000));
        session.inputPort(session.deviceId(Board.UART_NAME));
        Lockstep both = lockstep(session, Programs.echo(), ClockMode.INSTRUCTIONS, Faulty.multiplying());
        ExecutorsDifferException found = assertThrows(ExecutorsDifferException.class, () -> run(session, both));
        System.out.print(found.report());
        assertEquals(3, found.exitStatus());
        assertTrue(found.step() > 0 && found.step() < 2 * EVERY, "step " + found.step());
        String report = found.report();
        assertTrue(report.contains("x19: "), report);
        assertTrue(report.lines().anyMatch(line -> line.contains("x19 was last written at step ")
                && (line.contains("mul ") || line.contains("addi "))), report);
        assertTrue(report.contains("last stop that is equal: step "), report);
    }

    @Test
    void shouldNameTheStepOfAStoreToTheWrongPage() {
        Session session = Sessions.off(describe(ClockMode.INSTRUCTIONS).until(1_000_000));
        session.inputPort(session.deviceId(Board.UART_NAME));
        Lockstep both = lockstep(session, Programs.storeAfter(6_500), ClockMode.INSTRUCTIONS, Faulty.storing());
        ExecutorsDifferException found = assertThrows(ExecutorsDifferException.class, () -> run(session, both));
        String report = found.report();
        assertTrue(found.step() > 6_500 && found.step() < 6_600, report);
        assertTrue(report.contains("page 0x8000f000, from offset 0xff8: "), report);
    }

    @Test
    void shouldFindTheSameBugInAReplay() {
        Path recording = directory.resolve("r");
        Session session = Sessions.record(recording, describe(ClockMode.HOST).until(50_000));
        session.inputPort(session.deviceId(Board.UART_NAME));
        run(session, TestMachines.create(Programs.echo(), ClockMode.HOST, session));
        Session agreeing = Sessions.replay(recording, describe(ClockMode.HOST));
        run(agreeing, lockstep(agreeing, Programs.echo(), ClockMode.HOST, null));
        Session replay = Sessions.replay(recording, describe(ClockMode.HOST));
        assertThrows(ExecutorsDifferException.class,
                () -> run(replay, lockstep(replay, Programs.echo(), ClockMode.HOST, Faulty.multiplying())));
    }
}
