package dev.reprise.bench.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.interpret.Execution;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Param;

/** The benchmarked programs run what they say and do not end up trapping for ever. */
class ProgramsTest {

    private static final int MCAUSE = 0x342;
    private static final int SCAUSE_TIMER = 5;
    private static final int ECALL_FROM_MACHINE = 11;
    private static final int LOAD_PAGE_FAULT = 13;
    private static final int SUPERVISOR = 1;
    private static final int MACHINE = 3;
    private static final int WARM_STEPS = 300_000;

    private static List<String> values(Class<?> benchmark, String parameter) {
        try {
            Field field = benchmark.getField(parameter);
            return Arrays.asList(field.getAnnotation(Param.class).value());
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<String> programs() {
        return values(InstructionBenchmark.class, "program").stream();
    }

    private static Stream<String> events() {
        return values(EventBenchmark.class, "event").stream();
    }

    private static Stream<String> ways() {
        return values(DispatchBenchmark.Ways.class, "way").stream();
    }

    @Test
    void shouldBenchmarkEveryProgramThatThereIs() {
        assertEquals(Programs.all().stream().map(Programs.Program::name).toList(), programs().toList());
    }

    @ParameterizedTest
    @MethodSource("programs")
    void shouldRunWithoutATrapThatItDoesNotMean(String program) {
        BareMachine machine = new BareMachine(Programs.of(program));
        machine.run(500_000);
        assertEquals(program.equals("traps") ? ECALL_FROM_MACHINE : 0, machine.hart().csr(MCAUSE), "mcause");
        assertEquals(program.contains("Paged") ? SUPERVISOR : MACHINE, machine.hart().privilege(), "privilege");
    }

    @ParameterizedTest
    @CsvSource({"trap, 11", "pageFault, 13", "timerInterrupt, 5"})
    void shouldTrapOncePerEvent(String event, int cause) {
        Rounds rounds = EventPrograms.of(event);
        for (Execution execution : List.of(Execution.INTERPRETED, Execution.EAGER)) {
            BareMachine machine = new BareMachine(rounds.code(), execution);
            machine.run(WARM_STEPS);
            int[] seen = {0, 0};
            machine.hart().trapListener((interrupt, number) -> seen[number == cause ? 0 : 1]++);
            machine.run(rounds.stepsOfAll());
            assertEquals(Rounds.EVENTS, seen[0], 1, "traps with that cause");
            assertEquals(0, seen[1], "other traps");
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void shouldTakeTheStepsOfARoundAndNoTrapThatItDoesNotMean(String event) {
        Rounds rounds = EventPrograms.of(event);
        BareMachine machine = new BareMachine(rounds.code());
        machine.run(WARM_STEPS);
        long pc = machine.run(rounds.stepsOfAll());
        // A walk's sweep begins anew with two steps more, now and then; an interrupt meets the loop anywhere.
        assertTrue(List.of("walk", "timerInterrupt").contains(event) || pc == machine.run(rounds.stepsOfAll()),
                "not at the same place of a round");
        long cause = machine.hart().csr(MCAUSE);
        assertEquals(switch (event) {
            case "trap" -> ECALL_FROM_MACHINE;
            case "pageFault" -> LOAD_PAGE_FAULT;
            case "timerInterrupt" -> Long.MIN_VALUE | SCAUSE_TIMER;
            default -> 0;
        }, cause, "mcause");
    }

    @Test
    void shouldSkipTheTimeThatItWaits() {
        Rounds rounds = EventPrograms.of("wfi");
        BareMachine machine = new BareMachine(rounds.code());
        machine.run(WARM_STEPS);
        long before = machine.timeTicks(WARM_STEPS);
        machine.run(rounds.stepsOfAll());
        assertEquals(100.0 * Rounds.EVENTS, machine.timeTicks(WARM_STEPS + rounds.stepsOfAll()) - before, 200, "ticks");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldGoItsWayAsOftenAsARoundSays(String way) {
        Rounds rounds = DispatchPrograms.of(way);
        BareMachine machine = new BareMachine(rounds.code());
        machine.run(WARM_STEPS);
        long pc = machine.run(rounds.stepsOfAll());
        for (int i = 0; i < 8; i++) {
            machine.run(rounds.stepsOfAll());
        }
        assertEquals(pc, machine.hart().pc(), "not at the same place of a round");
        assertEquals(0, machine.hart().csr(MCAUSE), "mcause");
    }

    @Test
    void shouldPlanRegionsOfTheBuiltInGuest() throws Exception {
        TranslationBenchmark benchmark = new TranslationBenchmark();
        benchmark.maxInstructions = 128;
        benchmark.load();
        int plans = TranslationBenchmark.plans().size();
        assertTrue(plans > 10, "plans=" + plans);
        TranslationBenchmark.Translated translated = new TranslationBenchmark.Translated();
        for (int i = 0; i < plans; i++) {
            benchmark.translate(translated);
        }
        assertTrue(translated.instructions > 10L * plans, "instructions=" + translated.instructions);
        assertNull(benchmark.failure());
    }
}
