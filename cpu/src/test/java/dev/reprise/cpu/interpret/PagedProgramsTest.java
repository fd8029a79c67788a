package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.interpret.PagedGuest.HostAct;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/**
 * Programs that edit their own code and page tables, fault in the middle of what is translated, jump into the middle of
 * instructions and are interrupted, saved, loaded and reset: at every stop both executors leave the same state.
 */
class PagedProgramsTest {

    @Provide
    Arbitrary<PagedProgram> programs() {
        Arbitrary<Integer> seeds = Arbitraries.integers().between(0, Fragment.SEEDS - 1)
                .withDistribution(RandomDistribution.uniform());
        Arbitrary<Fragment> fragments = Combinators.combine(Arbitraries.of(Fragment.MIX), seeds).as(Fragment::new);
        Arbitrary<Integer> starts = Arbitraries.integers().between(0, 2047).withDistribution(RandomDistribution.uniform());
        Arbitrary<Integer> delegations = Arbitraries.integers().between(0, 255)
                .withDistribution(RandomDistribution.uniform());
        Arbitrary<Integer> modes = Arbitraries.frequency(Tuple.of(2, 1), Tuple.of(1, 0), Tuple.of(1, 3));
        return Combinators.combine(modes, starts, delegations,
                fragments.list().ofMaxSize(40).withSizeDistribution(RandomDistribution.uniform()))
                .as((mode, start, delegation, list) -> new PagedProgram(mode, 2 * start, delegation, list));
    }

    @Provide
    Arbitrary<List<HostAct>> acts() {
        Arbitrary<HostAct.What> what = Arbitraries.frequency(Tuple.of(3, HostAct.What.RAISE), Tuple.of(3, HostAct.What.LOWER),
                Tuple.of(1, HostAct.What.SAVE), Tuple.of(1, HostAct.What.LOAD), Tuple.of(2, HostAct.What.SAVE_AND_LOAD),
                Tuple.of(1, HostAct.What.RESET), Tuple.of(2, HostAct.What.FLUSH), Tuple.of(3, HostAct.What.WRITE_CODE),
                Tuple.of(2, HostAct.What.WRITE_DATA), Tuple.of(1, HostAct.What.STOP));
        return Combinators.combine(what, Arbitraries.integers().between(1, 3_000), Arbitraries.integers().between(0, 999))
                .as(HostAct::new).list().ofMaxSize(10);
    }

    @Provide
    Arbitrary<Execution> executions() {
        return Arbitraries.of(Execution.EAGER, Execution.AT_FIRST_SIGHT, Execution.EAGER.withBounds(9, 3),
                Execution.AT_FIRST_SIGHT.withBounds(255, 1 << 10), new Execution(true, 3, Integer.MAX_VALUE, 200, 40, 64, 0, true, false),
                Execution.EAGER.withoutMachineCode());
    }

    @Provide
    Arbitrary<Integer> slices() {
        return Arbitraries.of(1, 2, 3, 7, 61, 997, 100_003);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void shouldLeaveTheSameStateAtEveryStop(@ForAll("programs") PagedProgram program, @ForAll("acts") List<HostAct> acts,
            @ForAll("executions") Execution execution, @ForAll("slices") int slice) {
        long steps = slice < 7 ? 2_500 : slice < 61 ? 8_000 : 20_000;
        String difference = new SideBySide(program, acts, execution, slice, steps, null).difference();
        if (difference != null) {
            throw new AssertionError(difference);
        }
    }

    /** One that no slice cuts, so that regions run for as long as they can. */
    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void shouldLeaveTheSameStateAfterALongRun(@ForAll("programs") PagedProgram program,
            @ForAll("executions") Execution execution) {
        String difference = new SideBySide(program, List.of(), execution, 100_003, 300_009, null).difference();
        if (difference != null) {
            throw new AssertionError(difference);
        }
    }

    /** Where it is translated when, is up to the host's threads: no guest may tell. */
    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void shouldLeaveTheSameStateWhenTranslatedInTheBackground(@ForAll("programs") PagedProgram program,
            @ForAll("acts") List<HostAct> acts) {
        Execution background = new Execution(true, 1, Integer.MAX_VALUE, 500, 64, 16, 30, true, true);
        String difference = new SideBySide(program, acts, background, 9_001, 90_010, null).difference();
        if (difference != null) {
            throw new AssertionError(difference);
        }
    }

    @Test
    void shouldMeetWhatThePropertiesClaimToTest() {
        TreeMap<String, Long> seen = new TreeMap<>();
        for (long seed = 0; seed < 30; seed++) {
            PagedGuest guest = new PagedGuest(PagedProgram.ofSeed(seed), SideBySide.actsOfSeed(seed), Execution.AT_FIRST_SIGHT,
                    null);
            long retired = 0;
            while (guest.hart.step() < 4_000) {
                guest.runTo(guest.hart.step() + 1);
                boolean retires = guest.hart.instructionsRetired() != retired;
                retired = guest.hart.instructionsRetired();
                see(seen, guest, PagedProgram.ofSeed(seed).start(), retires);
            }
            PagedGuest longer = new PagedGuest(PagedProgram.ofSeed(seed), List.of(), Execution.EAGER, null);
            longer.runTo(40_000);
            seen.merge("regions", longer.hart.regionsInstalled(), Long::sum);
            seen.merge("dropped", longer.hart.regionsDropped(), Long::sum);
            seen.merge("hot", longer.hart.regionsPromoted(), Long::sum);
            seen.merge("steps", longer.hart.step(), Long::sum);
            seen.merge("translated steps", longer.hart.step() - longer.hart.stepsInterpreted(), Long::sum);
        }
        System.out.println("paged programs: " + seen);
        for (String wanted : new String[] {"regions", "dropped", "hot", "cause 2", "cause 3", "cause 5", "cause 6", "cause 7",
            "cause 8", "cause 9", "cause b", "cause c", "cause d", "cause f", "interrupt 1", "interrupt 3", "interrupt 5",
            "interrupt 7", "interrupt 9", "interrupt b", "mode 0", "mode 1", "mode 3", "waiting", "in a window",
            "supervisor's handler", "odd halfword", "across pages", "another space", "in the large page's view", "turns"}) {
            assertTrue(seen.getOrDefault(wanted, 0L) > 0, wanted + " is missing in " + seen);
        }
        assertTrue(seen.get("translated steps") * 3 > seen.get("steps"), "hardly anything was translated: " + seen);
    }

    private static void see(TreeMap<String, Long> seen, PagedGuest guest, int start, boolean retires) {
        Hart hart = guest.hart;
        long offset = hart.pc() - PagedProgram.RAM;
        boolean entered = !retires && offset == 0;
        boolean enteredSupervisor = !retires && offset == 1 << 12;
        if (entered || enteredSupervisor) {
            long cause = hart.csr(entered ? Csr.MCAUSE : Csr.SCAUSE);
            seen.merge((cause < 0 ? "interrupt " : "cause ") + Long.toHexString(cause & 63), 1L, Long::sum);
        }
        seen.merge("mode " + hart.privilege(), 1L, Long::sum);
        if (hart.waiting()) {
            seen.merge("waiting", 1L, Long::sum);
        }
        if (enteredSupervisor) {
            seen.merge("supervisor's handler", 1L, Long::sum);
        }
        if (retires && (offset & 0x1f_ffff) == (PagedProgram.CODE_PAGE << 12 | start)) {
            seen.merge("turns", 1L, Long::sum);
        }
        long page = offset >>> 12 & 511;
        if (page >= PagedProgram.WINDOW_PAGE && page < PagedProgram.WINDOW_END) {
            seen.merge("in a window", 1L, Long::sum);
        }
        if (retires && (offset & 2) != 0) {
            seen.merge("odd halfword", 1L, Long::sum);
        }
        if (retires && (offset & 4095) == 4094) {
            seen.merge("across pages", 1L, Long::sum);
        }
        if ((hart.csr(Csr.SATP) & 0xffff) == (PagedProgram.RAM >>> 12 & 0xffff) + PagedProgram.OTHER_TABLES) {
            seen.merge("another space", 1L, Long::sum);
        }
        for (int register = 5; register < 8; register++) {
            if (hart.x(register) >>> 22 == PagedProgram.RAM + (2L << 21) >>> 22) {
                seen.merge("in the large page's view", 1L, Long::sum);
            }
        }
    }
}
