package dev.reprise.cpu.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import org.junit.jupiter.api.Test;

class AccessGroupsTest {
    private final byte[] page = new byte[4096];
    private int at;

    private void put(int word) {
        for (int i = 0; i < 4; i++) {
            page[at + i] = (byte) (word >>> 8 * i);
        }
        at += 4;
    }

    private void load(int op, int rd, int base, int offset) {
        put(Encoder.encode(op, rd, base, 0, 0, 0, offset));
    }

    private void store(int op, int rs2, int base, int offset) {
        put(Encoder.encode(op, 0, base, rs2, 0, 0, offset));
    }

    private void addi(int rd, int rs1, int imm) {
        put(Encoder.encode(Op.ADDI, rd, rs1, 0, 0, 0, imm));
    }

    private RegionShape shape() {
        put(Encoder.encode(Op.ECALL, 0, 0, 0, 0, 0, 0));
        return new RegionShape(new RegionPlan(0, page, new int[] {0}, RegionPlan.Tier.WARM), 100, null);
    }

    private AccessGroups groups() {
        return new AccessGroups(shape());
    }

    @Test
    void shouldJoinAccessesByOneValueOfOneRegister() {
        store(Op.SD, 1, 2, 24);
        store(Op.SD, 8, 2, 16);
        load(Op.LD, 9, 10, 0);
        load(Op.LW, 11, 10, 12);
        addi(10, 10, 16);
        load(Op.LD, 12, 10, 0);
        AccessGroups groups = groups();
        AccessGroups.Group saved = groups.of(0);
        assertSame(saved, groups.of(1));
        assertEquals(16, saved.lowest);
        assertEquals(16, saved.span());
        assertEquals(8, saved.width);
        assertSame(groups.of(2), groups.of(3));
        assertEquals(16, groups.of(2).span());
        assertNull(groups.of(5), "the register has another value, and it is alone");
    }

    @Test
    void shouldKeepLoadsFromStoresAndWhatIsFarAway() {
        load(Op.LD, 9, 10, 0);
        store(Op.SD, 9, 10, 8);
        load(Op.LD, 9, 10, 504);
        load(Op.LD, 9, 10, 512);
        load(Op.LD, 9, 10, 520);
        AccessGroups groups = groups();
        assertSame(groups.of(0), groups.of(2));
        assertNull(groups.of(1));
        assertNotSame(groups.of(0), groups.of(3));
        assertSame(groups.of(3), groups.of(4));
    }

    @Test
    void shouldBeginWhereTheWidestAccessIsAligned() {
        load(Op.LW, 5, 10, 4);
        load(Op.LD, 6, 10, 8);
        load(Op.LBU, 7, 10, 19);
        AccessGroups.Group group = groups().of(0);
        assertEquals(3, group.members.size());
        assertEquals(0, group.lowest, "4 is not aligned where 8 is");
        assertEquals(20, group.end);
    }

    @Test
    void shouldLeaveOutWhatCannotBeAlignedWhenTheOthersAre() {
        load(Op.LD, 5, 10, 0);
        load(Op.LD, 6, 10, 8);
        load(Op.LD, 7, 10, 20);
        AccessGroups groups = groups();
        assertSame(groups.of(0), groups.of(1));
        assertNull(groups.of(2));
    }

    @Test
    void shouldEndWhereALoadOverwritesItsBaseAndWhereTheSlowPathExecutes() {
        load(Op.LD, 5, 10, 0);
        load(Op.LD, 10, 10, 8);
        load(Op.LD, 6, 10, 0);
        load(Op.LD, 7, 11, 0);
        put(Encoder.encode(Op.AMOADD_D, 5, 12, 6, 0, 0, 0));
        load(Op.LD, 7, 11, 8);
        AccessGroups groups = groups();
        assertSame(groups.of(0), groups.of(1));
        assertNull(groups.of(2));
        assertNull(groups.of(3));
        assertNull(groups.of(5));
    }

    @Test
    void shouldHaveNoMoreGroupsAtATimeThanLocals() {
        for (int r = 10; r < 16; r++) {
            load(Op.LD, 5, r, 0);
        }
        for (int r = 10; r < 16; r++) {
            load(Op.LD, 5, r, 8);
        }
        AccessGroups groups = groups();
        for (int i = 0; i < AccessGroups.MAX_ACTIVE; i++) {
            assertNotNull(groups.of(i));
        }
        assertNull(groups.of(AccessGroups.MAX_ACTIVE));
    }

    @Test
    void shouldSeeCursorsInWhatMovesInSmallStepsInALoop() {
        load(Op.LBU, 5, 10, 0);
        addi(10, 10, 1);
        store(Op.SB, 5, 11, 0);
        addi(11, 11, 128);
        load(Op.LD, 6, 12, 0);
        put(Encoder.encode(Op.BNE, 0, 5, 6, 0, 0, -20));
        load(Op.LD, 6, 13, 0);
        addi(13, 13, 8);
        Cursors cursors = new Cursors(shape());
        assertEquals(1, cursors.count());
        assertEquals(0, cursors.slot(false, 10));
        assertEquals(-1, cursors.slot(true, 11), "its steps are large");
        assertEquals(-1, cursors.slot(false, 12), "it stands still");
        assertEquals(-1, cursors.slot(false, 13), "it is in no loop");
    }
}
