package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.csr.Csr;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The random guests do what the properties about them claim to test. */
class RandomGuestCoverageTest {
    @Test
    void shouldMeetEveryKindOfTrapAndPrivilege() {
        TreeMap<String, Integer> seen = new TreeMap<>();
        for (long seed = 0; seed < 60; seed++) {
            RandomGuest guest = new RandomGuest(seed, seed % 2 == 0);
            long retired = 0;
            while (guest.hart.step() < 3_000) {
                guest.runTo(guest.hart.step() + 1);
                boolean trapped = guest.hart.instructionsRetired() == retired;
                retired = guest.hart.instructionsRetired();
                if (trapped) {
                    seen.merge("cause " + Long.toHexString(guest.hart.csr(Csr.MCAUSE)), 1, Integer::sum);
                }
                seen.merge("privilege " + guest.hart.privilege(), 1, Integer::sum);
                if (guest.hart.waiting()) {
                    seen.merge("waiting", 1, Integer::sum);
                }
                long page = guest.hart.pc() - RandomGuest.RAM >> 12;
                seen.merge("page " + (page >= 0 && page < 12 ? page : "elsewhere"), 1, Integer::sum);
            }
        }
        System.out.println("random guests: " + seen);
        for (String wanted : new String[] {"cause 1", "cause 2", "cause 3", "cause 4", "cause 5", "cause 6", "cause 7",
            "cause 8", "cause 9", "cause b", "cause c", "cause d", "cause f", "cause 8000000000000007",
            "cause 8000000000000005", "privilege 0", "privilege 1", "privilege 3", "waiting", "page 8"}) {
            assertTrue(seen.getOrDefault(wanted, 0) > 0, wanted + " is missing in " + seen);
        }
    }
}
