package dev.reprise.machine.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reprise.chardev.guest.Uart16550;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.CsrFile;
import dev.reprise.cpu.decode.Decoder;
import dev.reprise.cpu.fpu.F64;
import dev.reprise.cpu.interpret.Hart;
import dev.reprise.cpu.mmu.Mmu;
import dev.reprise.cpu.translate.Region;
import dev.reprise.cpu.trap.Traps;
import dev.reprise.machine.board.Board;
import dev.reprise.proptest.scan.ForbiddenCalls;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link TidySourcesTest} looks for in the text, looked for in the class files: our guest is an embedder's too. */
class GuestCallsTest {

    private static final List<Class<?>> GUEST_CODE = List.of(PhysicalBus.class, CsrFile.class, Decoder.class, F64.class,
            Hart.class, Region.class, Mmu.class, Traps.class, Uart16550.class, Board.class);

    @Test
    void shouldCallNothingThatDiffersBetweenRuns() {
        List<String> findings = new ArrayList<>();
        for (Class<?> anchor : GUEST_CODE) {
            ForbiddenCalls.inPackageOf(anchor).andBelow().findings().forEach(f -> findings.add(f.toString()));
        }
        // It has a thread of its own, that sees copies and makes what no guest can tell from interpreted code.
        findings.removeIf(f -> f.startsWith("dev.reprise.cpu.translate.Translator uses java.lang.Thread."));
        // It frees what nobody can reach, and waits for that.
        findings.removeIf(f -> f.startsWith("dev.reprise.cpu.bus.HeapMemory uses java.lang."));
        findings.removeIf(f -> f.startsWith("dev.reprise.cpu.translate.CompilationWatch uses java.lang.System.nanoTime"));
        // It asks for compilations where a launcher says so: no guest can tell when a region comes.
        findings.removeIf(f -> f.startsWith("dev.reprise.cpu.translate.JvmCompiler uses java.lang.System.getProperty"));
        // Whether there may be machine code: no guest can tell.
        findings.removeIf(f -> f.startsWith("dev.reprise.cpu.translate.HostCode uses java.lang.System.getProperty"));
        assertEquals(List.of(), findings);
    }
}
