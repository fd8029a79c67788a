package dev.reprise.bench.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Param;

/** The benchmarked programs run what they say and do not end up trapping for ever. */
class ProgramsTest {

    private static final int MCAUSE = 0x342;
    private static final int ECALL_FROM_MACHINE = 11;
    private static final int SUPERVISOR = 1;
    private static final int MACHINE = 3;

    private static Stream<String> programs() throws NoSuchFieldException {
        return Arrays.stream(InstructionBenchmark.class.getField("program").getAnnotation(Param.class).value());
    }

    @ParameterizedTest
    @MethodSource("programs")
    void shouldRunWithoutATrapThatItDoesNotMean(String program) {
        BareMachine machine = new BareMachine(Programs.of(program));
        machine.run(500_000);
        assertEquals(program.equals("traps") ? ECALL_FROM_MACHINE : 0, machine.hart().csr(MCAUSE), "mcause");
        assertEquals(program.contains("Paged") ? SUPERVISOR : MACHINE, machine.hart().privilege(), "privilege");
    }
}
