package dev.reprise.cpu.translate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RegionShapeTest {
    private final byte[] page = new byte[4096];

    private void put(int at, int word) {
        for (int i = 0; i < 4; i++) {
            page[at + i] = (byte) (word >>> 8 * i);
        }
    }

    private RegionShape shape(int[] starts) {
        return new RegionShape(new RegionPlan(0, page, starts, RegionPlan.Tier.WARM), 100, null);
    }

    private static int addi() {
        return Encoder.encode(Op.ADDI, 5, 5, 0, 0, 0, 1);
    }

    private static int branch(int distance) {
        return Encoder.encode(Op.BNE, 0, 5, 6, 0, 0, distance);
    }

    /** 0 addi; 4 addi, 8 bne +12, 12 addi, 16 jal -12 (to 4); 20 addi; 24 ecall. */
    private RegionShape loop() {
        put(0, addi());
        put(4, addi());
        put(8, branch(12));
        put(12, addi());
        put(16, Encoder.encode(Op.JAL, 0, 0, 0, 0, 0, -12));
        put(20, addi());
        put(24, Encoder.encode(Op.ECALL, 0, 0, 0, 0, 0, 0));
        return shape(new int[] {0, 20});
    }

    @Test
    void shouldHaveNoBlockWhoseInstructionsCannotBeNumbered() {
        byte[] page = new byte[4096];
        for (int at = 0; at < 2_400; at += 4) {
            // addi x1, x1, 1
            page[at] = (byte) 0x93;
            page[at + 2] = 0x10;
            page[at + 1] = (byte) 0x80;
        }
        RegionShape shape = new RegionShape(new RegionPlan(0, page, new int[] {0}, RegionPlan.Tier.WARM), 600, null);
        assertEquals(600, shape.count);
        assertArrayEquals(new int[] {0, 256, 512, 600}, shape.first);
        assertArrayEquals(new int[] {600, 344, 88}, shape.budget);
    }

    @Test
    void shouldFindBasicBlocksAndLoopHeads() {
        RegionShape shape = loop();
        assertEquals(6, shape.count);
        assertArrayEquals(new int[] {0, 1, 3, 5, 6}, shape.first);
        assertArrayEquals(new boolean[] {true, false, false, true}, shape.isEntry);
        assertArrayEquals(new boolean[] {false, true, false, false}, shape.isLoopHead);
    }

    @Test
    void shouldBudgetTheLongestWayToTheNextComparison() {
        RegionShape shape = loop();
        // The first block runs into the loop head, which compares for itself.
        assertEquals(1, shape.budget[0]);
        // Through the body and back (4), not out of the loop (2 and 1).
        assertEquals(4, shape.budget[1]);
        assertEquals(2, shape.budget[2]);
        assertEquals(1, shape.budget[3]);
    }

    @Test
    void shouldLeaveWhatTrapsToTheInterpreter() {
        RegionShape shape = loop();
        assertEquals(RegionShape.NONE, shape.following(3));
        assertEquals(RegionShape.NONE, shape.blockAtOffset(24));
        put(0, Encoder.encode(Op.ECALL, 0, 0, 0, 0, 0, 0));
        assertEquals(0, shape(new int[] {0}).count);
    }

    @Test
    void shouldStopAtTheMostInstructionsAndAtThePagesEnd() {
        for (int at = 0; at < 4096; at += 4) {
            put(at, addi());
        }
        assertEquals(100, shape(new int[] {0}).count);
        RegionShape tail = shape(new int[] {4088});
        assertEquals(2, tail.count);
        assertEquals(RegionShape.NONE, tail.following(0));
        page[4094] = 0x13;
        assertEquals(0, shape(new int[] {4094}).count, "an instruction that lies across pages");
    }

    @Test
    void shouldTakeInWhatWasNotSeenIfAsked() {
        // A branch over a call to a place that nothing seen leads to; behind the call a jump back, and out of the page.
        put(0, addi());
        put(4, branch(12));
        put(8, Encoder.encode(Op.JAL, 1, 0, 0, 0, 0, 2048));
        put(12, Encoder.encode(Op.JAL, 0, 0, 0, 0, 0, -12));
        put(16, branch(-32));
        put(20, Encoder.encode(Op.JALR, 0, 1, 0, 0, 0, 0));
        put(2056, addi());
        put(2060, Encoder.encode(Op.JALR, 0, 1, 0, 0, 0, 0));
        RegionPlan plan = new RegionPlan(0, page, new int[] {0}, RegionPlan.Tier.WARM);
        assertArrayEquals(new int[] {0, 4, 8}, new RegionShape(plan, 100, null).offset);
        RegionShape whole = new RegionShape(plan, 100, new long[RegionPlan.WORDS_OF_OTHERS]);
        assertArrayEquals(new int[] {0, 4, 8, 12, 16, 20}, whole.offset, "the function that is called is not part of it");
        assertArrayEquals(new int[] {0, 2, 3, 4, 5}, Arrays.copyOf(whole.first, whole.blocks));
        assertTrue(whole.isLoopHead[0]);
        assertEquals(4, new RegionShape(plan, 4, new long[RegionPlan.WORDS_OF_OTHERS]).count);
    }

    @Test
    void shouldKeepInstructionsApartThatShareBytes() {
        // The upper half of lui x8, 0x00010 is c.nop: two readings of the same bytes.
        put(0, Encoder.encode(Op.LUI, 8, 0, 0, 0, 0, 0x00010000));
        put(4, addi());
        RegionShape shape = shape(new int[] {0, 2});
        assertArrayEquals(new int[] {0, 2, 4}, shape.offset);
        assertArrayEquals(new boolean[] {true, true, false}, shape.isEntry);
        assertEquals(2, shape.following(0));
        assertEquals(2, shape.following(1));
    }

    /** 0 jal x1, +12 (a call); 4 jalr x0, 0(x6); 8 jal x0, -8; 12 addi (the function); 16 jalr x0, 0(x1). */
    private RegionShape call(RegionPlan.Tier tier, int[] starts, int... landings) {
        put(0, Encoder.encode(Op.JAL, 1, 0, 0, 0, 0, 12));
        put(4, Encoder.encode(Op.JALR, 0, 6, 0, 0, 0, 0));
        put(8, Encoder.encode(Op.JAL, 0, 0, 0, 0, 0, -8));
        put(12, addi());
        put(16, Encoder.encode(Op.JALR, 0, 1, 0, 0, 0, 0));
        return new RegionShape(new RegionPlan(0, -1, page, starts, landings, tier, null), 100, null);
    }

    @Test
    void shouldComeBackBehindACallAndLandWhereAnIndirectJumpWasSeenToGo() {
        RegionShape shape = call(RegionPlan.Tier.HOT, new int[] {0, 4, 8}, 8);
        assertArrayEquals(new int[] {0, 1, 2, 3}, shape.first, "the function is none of its blocks");
        assertArrayEquals(new boolean[] {true, false, false}, shape.isEntry);
        assertTrue(shape.calls(0));
        assertEquals(RegionShape.NONE, shape.taken(0));
        assertEquals(1, shape.returning(0));
        assertTrue(shape.jumpsInside(1));
        assertArrayEquals(new boolean[] {false, false, true}, shape.isLanding);
        assertEquals(1, shape.landings()[4]);
        // Where the call comes back, where the jump lands, and where the last block leads back to.
        assertArrayEquals(new boolean[] {true, true, true}, shape.isLoopHead);
        assertArrayEquals(new int[] {1, 1, 1}, shape.budget);
    }

    @Test
    void shouldLeaveAtAnIndirectJumpWithNowhereToLandAndAtAReturn() {
        RegionShape shape = call(RegionPlan.Tier.HOT, new int[] {0, 4, 12});
        assertEquals(0, shape.jumpsInside);
        assertNull(shape.landings());
        shape = call(RegionPlan.Tier.HOT, new int[] {12, 8}, 8);
        assertEquals(0, shape.jumpsInside, "a return lands nowhere");
    }

    @Test
    void shouldEnterAWarmRegionAnywhereAndGoOnWithWhatItCallsInside() {
        RegionShape shape = call(RegionPlan.Tier.WARM, new int[] {0, 4, 12});
        assertArrayEquals(new boolean[] {true, true, true}, shape.isEntry);
        assertEquals(2, shape.taken(0));
        assertEquals(3, shape.budget[0], "the call, and the function up to its return");
    }

    @Test
    void shouldMakeNothingOfAHotRegionWhoseOnlyEntryIsNotTranslated() {
        RegionPlan plan = new RegionPlan(0, -1, page, new int[] {32, 12}, new int[0], RegionPlan.Tier.HOT, null);
        call(RegionPlan.Tier.HOT, new int[] {0});
        put(32, Encoder.encode(Op.ECALL, 0, 0, 0, 0, 0, 0));
        assertNull(new RegionCompiler(100, false).compile(plan).region());
    }

    @Test
    void shouldMakeNoMethodThatHotSpotWouldNotCompile() {
        for (int at = 0; at < 4096; at += 8) {
            put(at, Encoder.encode(Op.SB, 0, 1 + at / 8 % 31, 2, 0, 0, at & 0x7f8));
            put(at + 4, Encoder.encode(Op.FMADD_S, at / 8 % 32, 3, 4, 5, 7, 0));
        }
        RegionCode code = new RegionCompiler(255, false).compile(new RegionPlan(0, page, new int[] {0}, RegionPlan.Tier.WARM));
        assertTrue(code.bytecodes() > 1_000 && code.bytecodes() <= RegionCompiler.MAX_BYTECODES, () -> "" + code.bytecodes());
        assertTrue(code.instructions() < 255, "the cap was not needed: " + code.instructions());
    }

    @Test
    void shouldBePlainUnlessItCallsOrComputesFloats() {
        put(0, Encoder.encode(Op.ADD, 5, 5, 6, 0, 0, 0));
        put(4, Encoder.encode(Op.LD, 7, 5, 0, 0, 0, 8));
        put(8, Encoder.encode(Op.BNE, 0, 5, 7, 0, 0, -8));
        put(12, Encoder.encode(Op.JALR, 0, 1, 0, 0, 0, 0));
        assertTrue(shape(new int[] {0}).isPlain());
        int[] others = {Encoder.encode(Op.FADD_D, 5, 5, 6, 0, 7, 0), Encoder.encode(Op.AMOADD_D, 5, 6, 7, 0, 0, 0),
            Encoder.encode(Op.JALR, 1, 5, 0, 0, 0, 0), Encoder.encode(Op.JALR, 0, 6, 0, 0, 0, 0)};
        for (int other : others) {
            put(4, other);
            assertFalse(shape(new int[] {0}).isPlain(), "word " + Integer.toHexString(other));
        }
    }
}
