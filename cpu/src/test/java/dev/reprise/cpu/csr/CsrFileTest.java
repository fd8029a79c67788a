package dev.reprise.cpu.csr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.bus.Platform;
import dev.reprise.cpu.mmu.PagingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsrFileTest {
    private final CpuState state = new CpuState();
    private final CsrFile csrs = new CsrFile(state, new Platform() {
        @Override
        public long timeTicks(long step) {
            return 1000 + step;
        }

        @Override
        public long firstStepAtOrAfter(long ticks, long fromStep) {
            return Long.MAX_VALUE;
        }

        @Override
        public long nextDeadlineStep() {
            return Long.MAX_VALUE;
        }

        @Override
        public void onDeadline(long step) {
        }

        @Override
        public boolean skipIdle(long step, long cpuDeadlineTicks) {
            return false;
        }
    }, 3, PagingMode.SV48);

    private long after(int number, long bits) {
        assertTrue(csrs.modify(number, bits, -1, true));
        assertTrue(csrs.read(number));
        return csrs.value;
    }

    /** Values after reset, after all ones were written, and after all zeros were. */
    @ParameterizedTest
    @CsvSource({
        "300, a00000000, 8000000a007e7faa, a00000000",
        "301, 800000000014112d, 800000000014112d, 800000000014112d",
        "302, 0, b3ff, 0", "303, 0, 222, 0", "304, 0, aaa, 0", "344, 0, 222, 0", "305, 0, 0, 0",
        "306, 0, ffffffff, 0", "106, 0, ffffffff, 0", "320, 0, fffffffd, 0",
        "30a, 0, 80000000000000f1, 0", "10a, 0, f1, 0",
        "340, 0, ffffffffffffffff, 0", "341, 0, fffffffffffffffe, 0", "342, 0, ffffffffffffffff, 0",
        "343, 0, ffffffffffffffff, 0", "140, 0, ffffffffffffffff, 0", "141, 0, fffffffffffffffe, 0",
        "142, 0, ffffffffffffffff, 0", "143, 0, ffffffffffffffff, 0", "144, 0, 0, 0", "104, 0, 0, 0",
        "100, 200000000, 80000002000c6722, 200000000", "180, 0, 0, 0", "14d, 0, ffffffffffffffff, 0",
        "3b5, 0, 3fffffffffffff, 0", "323, 0, 0, 0", "b03, 0, 0, 0", "b1f, 0, 0, 0"})
    void shouldKeepTheWritableBits(String number, String reset, String ones, String zeros) {
        int csr = Integer.parseInt(number, 16);
        assertTrue(csrs.read(csr));
        assertEquals(Long.parseUnsignedLong(reset, 16), csrs.value);
        assertEquals(Long.parseUnsignedLong(ones, 16), after(csr, -1));
        assertEquals(Long.parseUnsignedLong(zeros, 16), after(csr, 0));
    }

    @Test
    void shouldKeepVectorsAndSatpWhenTheModeIsUnknown() {
        assertEquals(0x8000_0101L, after(Csr.MTVEC, 0x8000_0101L));
        assertEquals(0x8000_0101L, after(Csr.MTVEC, 0x9000_0002L));
        long sv39 = 8L << 60 | 0xffffL << 44 | 0x80020;
        assertEquals(sv39, after(Csr.SATP, sv39));
        assertEquals(sv39, after(Csr.SATP, 10L << 60));
    }

    @Test
    void shouldLockPmpEntries() {
        after(Csr.PMPADDR0, 100);
        after(Csr.PMPADDR0 + 1, 200);
        assertEquals(0x8f00, after(Csr.PMPCFG0, 0x8f00));
        assertEquals(100, after(Csr.PMPADDR0, 1), "the start of a locked range");
        assertEquals(200, after(Csr.PMPADDR0 + 1, 1));
        assertEquals(0x8f1f, after(Csr.PMPCFG0, 0x1f));
    }

    @Test
    void shouldRefuseReadOnlyUnknownAndPrivilegedRegisters() {
        assertFalse(csrs.modify(Csr.MHARTID, 0, 0, true));
        assertTrue(csrs.modify(Csr.MHARTID, 0, 0, false));
        assertEquals(3, csrs.value);
        assertFalse(csrs.modify(0x7a0, 0, 0, false));
        assertFalse(csrs.modify(Csr.FCSR, 0, 0, false), "floating point is off");
        state.privilege = CpuState.SUPERVISOR;
        assertFalse(csrs.modify(Csr.MSTATUS, 0, 0, false));
        assertTrue(csrs.modify(Csr.SATP, 0, 0, false));
        state.mstatus |= Csr.MSTATUS_TVM;
        assertFalse(csrs.modify(Csr.SATP, 0, 0, false));
    }

    @Test
    void shouldShowCountersToLowerModesWhenBothEnablesSaySo() {
        state.privilege = CpuState.USER;
        assertFalse(csrs.modify(Csr.TIME, 0, 0, false));
        state.mcounteren = 2;
        assertFalse(csrs.modify(Csr.TIME, 0, 0, false));
        state.scounteren = 2;
        assertTrue(csrs.modify(Csr.TIME, 0, 0, false));
        assertEquals(1000, csrs.value);
        assertFalse(csrs.modify(Csr.CYCLE, 0, 0, false));
    }

    @Test
    void shouldNotLetTheLineOfAnExternalInterruptIntoWhatSoftwareSets() {
        state.lines = Csr.SEIP;
        assertTrue(csrs.modify(Csr.MIP, -1, Csr.SSIP, true));
        assertEquals(Csr.SEIP, csrs.value);
        state.lines = 0;
        assertTrue(csrs.read(Csr.MIP));
        assertEquals(Csr.SSIP, csrs.value);
    }

    @Test
    void shouldLeaveStipToTheTimerUnderSstc() {
        assertEquals(Csr.STIP, after(Csr.MIP, Csr.STIP));
        after(Csr.MIP, 0);
        after(Csr.MENVCFG, -1);
        assertEquals(0, after(Csr.MIP, Csr.STIP));
    }

    @Test
    void shouldMakeTheFloatingStateDirtyByWritingItsRegisters() {
        after(Csr.MSTATUS, 1 << 13);
        assertEquals(0xff, after(Csr.FCSR, 0xfff));
        assertTrue(csrs.read(Csr.MSTATUS));
        assertTrue(csrs.value < 0);
        assertEquals(31, state.flags.bits);
        assertEquals(7, state.frm);
    }
}
