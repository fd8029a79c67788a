package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Decoder;
import dev.reprise.cpu.decode.Disassembler;
import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Encoding;
import dev.reprise.cpu.decode.EncodingTable;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.mmu.PagingMode;
import dev.reprise.cpu.translate.HostCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Each computation, integer or floating, on registers wherever machine code has them and on the values at which processors
 * differ, leaves the interpreter's state. Where there is no machine code the same holds of what there is instead.
 */
class MachineCodeTest {
    private static final int LENGTH = 60;
    private static final int PROGRAMS = Integer.getInteger("reprise.machinecode.programs", 1_500);
    private static final long SEED = 20_261_130;
    private static final long[] VALUES = {0, 1, -1, 2, 63, 64, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0x7fff_ffffL, 0x8000_0000L,
        0xffff_ffffL, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1, -0x8000_0000L, -0x8000_0001L,
        0x0102_0004_0000_0810L};
    /** Zeros, ones, the smallest and largest, infinities, quiet and signalling NaNs; the singles boxed, and one that is not. */
    private static final long[] DOUBLES = {0, Long.MIN_VALUE, 0x3ff0_0000_0000_0000L, 0xbff0_0000_0000_0000L, 1,
        0x000f_ffff_ffff_ffffL, 0x0010_0000_0000_0000L, 0x7fef_ffff_ffff_ffffL, 0x7ff0_0000_0000_0000L,
        0xfff0_0000_0000_0000L, 0x7ff8_0000_0000_0000L, 0x7ff0_0000_0000_0001L, 0xfff8_0000_0000_0001L,
        0x43e0_0000_0000_0000L, 0x41df_ffff_ffe0_0000L, 0x3fd5_5555_5555_5555L};
    private static final long[] SINGLES = {0xffff_ffff_0000_0000L, 0xffff_ffff_8000_0000L, 0xffff_ffff_3f80_0000L,
        0xffff_ffff_0000_0001L, 0xffff_ffff_7f7f_ffffL, 0xffff_ffff_7f80_0000L, 0xffff_ffff_7fc0_0000L,
        0xffff_ffff_7f80_0001L, 0xffff_ffff_4f00_0000L, 0xffff_ffff_3eaa_aaabL, 0x1234_5678_3f80_0000L};
    private static final long[] FLOATS = LongStream.concat(Arrays.stream(DOUBLES), Arrays.stream(SINGLES)).toArray();

    private static boolean computes(int op) {
        boolean memory = op == Op.FLD || op == Op.FSD || op == Op.FLW || op == Op.FSW;
        return op >= Op.ADDI && op <= Op.SRAW || op >= Op.MUL && op <= Op.BSETI || op >= Op.FLD && !memory;
    }

    private static List<Encoding> computations() {
        List<Encoding> found = new ArrayList<>();
        List<Encoding> all = EncodingTable.instructions();
        for (int i = 0; i < all.size(); i++) {
            if (computes(i + 1)) {
                found.add(all.get(i));
            }
        }
        return found;
    }

    private static int draw(Random random, List<Encoding> from) {
        for (;;) {
            Encoding encoding = from.get(random.nextInt(from.size()));
            int word = encoding.match() | random.nextInt() & ~encoding.mask();
            int op = Decoder.op(Decoder.decode(word));
            if (op >= Op.FLD && (encoding.mask() & 0x7000) == 0 && random.nextInt(8) != 0) {
                // Mostly the rounding mode in frm.
                word |= 0x7000;
            }
            if (computes(Decoder.op(Decoder.decode(word)))) {
                return word;
            }
        }
    }

    private static TestMachine machine(long seed, Execution execution, int[] words) {
        TestMachine m = new TestMachine(PagingMode.SV39, execution);
        Asm code = m.code();
        for (int word : words) {
            code.word(word);
        }
        code.jump(0);
        Random random = new Random(seed);
        m.hart.setCsr(Csr.MSTATUS, Csr.MSTATUS_FS);
        m.hart.setCsr(Csr.FCSR, random.nextInt(2) == 0 ? 0 : random.nextInt(5) << 5);
        for (int i = 0; i < 32; i++) {
            m.hart.setX(i, random.nextInt(4) == 0 ? random.nextLong() : VALUES[random.nextInt(VALUES.length)]);
            m.hart.setF(i, random.nextInt(4) == 0 ? random.nextLong() : FLOATS[random.nextInt(FLOATS.length)]);
        }
        return m;
    }

    @Test
    void shouldComputeWhatTheInterpreterComputes() {
        System.out.println("machine code: seed " + SEED);
        List<Encoding> computations = computations();
        long interpreted = 0;
        for (long program = 0; program < PROGRAMS; program++) {
            Random random = new Random(SEED + program);
            int[] words = new int[LENGTH];
            for (int i = 0; i < LENGTH; i++) {
                words[i] = draw(random, computations);
            }
            TestMachine plain = machine(program, Execution.INTERPRETED, words);
            TestMachine translated = machine(program, Execution.AT_FIRST_SIGHT, words);
            plain.step(LENGTH + 4);
            translated.step(LENGTH + 4);
            long number = program;
            assertArrayEquals(plain.state(), translated.state(), () -> "seed " + (SEED + number) + ": "
                    + plain.hart.differences(translated.hart) + " after " + firstDifference(number, words));
            assertNull(translated.hart.translationFailure());
            interpreted += translated.hart.stepsInterpreted();
        }
        assertTrue(interpreted < PROGRAMS * LENGTH / 4, "hardly anything was translated: interpreted=" + interpreted);
    }

    @Test
    void shouldCountWithinARunOfManyInstructions() {
        TestMachine[] both = {new TestMachine(PagingMode.SV39, Execution.INTERPRETED),
            new TestMachine(PagingMode.SV39, Execution.AT_FIRST_SIGHT.withBounds(2_048, 16))};
        for (TestMachine m : both) {
            Asm code = m.code();
            for (int i = 0; i < 700; i++) {
                // What counts, and what may trap, is left to the host in the middle of the run.
                if (i % 50 == 49) {
                    code.csr(Op.CSRRS, 10 + i / 50, Csr.MINSTRET, 0);
                } else {
                    code.i(Op.ADDI, 5, 5, 1);
                }
            }
            code.jump(-700 * 4);
            m.step(1_500);
        }
        assertArrayEquals(both[0].state(), both[1].state(), () -> String.valueOf(both[0].hart.differences(both[1].hart)));
        assertNull(both[1].hart.translationFailure());
        assertTrue(both[1].hart.stepsInterpreted() < 700, "interpreted=" + both[1].hart.stepsInterpreted());
    }

    private static TestMachine choices(Execution execution, int[] ops, long a, long b) {
        TestMachine m = new TestMachine(PagingMode.SV39, execution);
        Asm code = m.code();
        int[] values = {1, 2};
        int to = 10;
        for (int op : ops) {
            for (int first : values) {
                for (int second : values) {
                    code.r(op, to++, first, second);
                }
            }
            // The result takes the place of an operand.
            code.r(op, 3, 3, 2).r(op, 4, 1, 4);
        }
        code.jump(0);
        m.hart.setCsr(Csr.MSTATUS, Csr.MSTATUS_FS);
        m.hart.setF(1, a);
        m.hart.setF(2, b);
        m.hart.setF(3, a);
        m.hart.setF(4, b);
        return m;
    }

    @Test
    void shouldChooseAsTheInterpreterChoosesBetweenAnyTwo() {
        int[][] groups = {{Op.FMIN_D, Op.FMAX_D}, {Op.FMIN_S, Op.FMAX_S}, {Op.FSGNJ_D, Op.FSGNJN_D, Op.FSGNJX_D},
            {Op.FSGNJ_S, Op.FSGNJN_S, Op.FSGNJX_S}, {Op.FEQ_D}, {Op.FEQ_S}, {Op.FLT_D, Op.FLE_D}, {Op.FLT_S, Op.FLE_S}};
        for (int[] ops : groups) {
            long[] values = ops[0] >= Op.FLW ? SINGLES : DOUBLES;
            for (long a : values) {
                for (long b : values) {
                    TestMachine plain = choices(Execution.INTERPRETED, ops, a, b);
                    TestMachine translated = choices(Execution.AT_FIRST_SIGHT, ops, a, b);
                    plain.step(6 * ops.length);
                    translated.step(6 * ops.length);
                    assertArrayEquals(plain.state(), translated.state(), () -> "from " + ops[0] + " on, of " + Long.toHexString(a)
                            + " and " + Long.toHexString(b) + ": " + plain.hart.differences(translated.hart));
                    assertNull(translated.hart.translationFailure());
                    assertTrue(translated.hart.stepsInterpreted() < 6 * ops.length || !HostCode.isOpen(), "not translated");
                }
            }
        }
    }

    private static String firstDifference(long program, int[] words) {
        for (int count = 1; count <= LENGTH; count++) {
            int[] some = Arrays.copyOf(words, count);
            TestMachine plain = machine(program, Execution.INTERPRETED, some);
            TestMachine translated = machine(program, Execution.AT_FIRST_SIGHT, some);
            plain.step(count + 4);
            translated.step(count + 4);
            if (!plain.hart.differences(translated.hart).isEmpty()) {
                return Disassembler.disassemble(0, words[count - 1]);
            }
        }
        return "all of them";
    }

    @Test
    void shouldHaveWordsForEveryComputation() {
        Random random = new Random(SEED);
        boolean[] seen = new boolean[256];
        List<Encoding> computations = computations();
        for (int i = 0; i < 100_000; i++) {
            seen[Decoder.op(Decoder.decode(draw(random, computations)))] = true;
        }
        int count = 0;
        for (boolean one : seen) {
            count += one ? 1 : 0;
        }
        assertEquals(computations.size(), count);
    }

    /** Loads and stores from one base, which lies near the end of a page whose neighbour is elsewhere in memory, or nowhere. */
    private static TestMachine accesses(long seed, Execution execution) {
        Random random = new Random(seed);
        TestMachine m = new TestMachine(PagingMode.SV39, execution).tables();
        m.entry(TestMachine.LEAVES, 0, TestMachine.DATA, TestMachine.VALID_RWX);
        m.entry(TestMachine.LEAVES, 1, TestMachine.DATA + 0x5000, random.nextInt(4) == 0 ? 0 : TestMachine.VALID_RWX);
        for (int i = 0; i < 0x6000; i += 8) {
            m.bus.store(TestMachine.DATA + i, 8, random.nextLong());
        }
        Asm code = m.code();
        int[] loads = {Op.LD, Op.LW, Op.LWU, Op.LH, Op.LHU, Op.LB, Op.LBU, Op.FLD, Op.FLW};
        int[] stores = {Op.SD, Op.SW, Op.SH, Op.SB, Op.FSD, Op.FSW};
        for (int i = 0; i < LENGTH / 3; i++) {
            int offset = random.nextInt(16) * 8 - 64;
            if (random.nextBoolean()) {
                code.i(loads[random.nextInt(loads.length)], 10 + random.nextInt(22), 8, offset);
            } else {
                code.s(stores[random.nextInt(stores.length)], 8, 10 + random.nextInt(22), offset);
            }
        }
        code.jump(0);
        m.hart.setCsr(Csr.MSTATUS, Csr.MSTATUS_FS);
        m.mode(1);
        m.hart.setX(8, TestMachine.WINDOW + 0x1000 - 8 * random.nextInt(10) + (random.nextInt(8) == 0 ? 1 : 0));
        return m;
    }

    @Test
    void shouldFindEachAccessOfAGroupThatLiesAcrossTheEndOfAPage() {
        for (long seed = SEED; seed < SEED + 300; seed++) {
            TestMachine plain = accesses(seed, Execution.INTERPRETED);
            TestMachine translated = accesses(seed, Execution.AT_FIRST_SIGHT);
            plain.step(LENGTH);
            translated.step(LENGTH);
            assertArrayEquals(plain.state(), translated.state(),
                    "seed " + seed + ": " + plain.hart.differences(translated.hart));
            assertNull(translated.hart.translationFailure());
        }
    }

    /** Calls functions of different lengths that lie at the same place in the table of entries, and changes one of them each time. */
    private static TestMachine callsOfOneSet(Execution execution) {
        TestMachine m = new TestMachine(PagingMode.SV39, execution);
        long[] places = {TestMachine.RAM + 0x30000, TestMachine.RAM + 0x40000, TestMachine.RAM + 0x50000};
        int[] lengths = {20, 1, 9};
        for (int i = 0; i < places.length; i++) {
            Asm function = new Asm(m.bus, places[i]);
            for (int j = 0; j < lengths[i]; j++) {
                function.i(Op.ADDI, 10 + i, 10 + i, 1);
            }
            function.i(Op.JALR, 0, 1, 0);
            m.hart.setX(20 + i, places[i]);
        }
        int changed = Encoder.encode(Op.ADDI, 10, 10, 0, 0, 0, 2);
        m.hart.setX(5, changed);
        m.hart.setX(6, changed ^ Encoder.encode(Op.ADDI, 10, 10, 0, 0, 0, 1));
        m.code().i(Op.JALR, 1, 20, 0).i(Op.JALR, 1, 21, 0).i(Op.JALR, 1, 20, 0).i(Op.ANDI, 15, 16, 3).s(Op.BNE, 15, 0, 8)
                .i(Op.JALR, 1, 22, 0).s(Op.SW, 20, 5, 0).r(Op.XOR, 5, 5, 6).i(Op.ADDI, 16, 16, 1).jump(-36);
        return m;
    }

    @Test
    void shouldGoOnNowhereButInCodeThatIsThereWherePlacesShareASetOfTheTable() {
        Random random = new Random(SEED);
        TestMachine plain = callsOfOneSet(Execution.INTERPRETED);
        TestMachine translated = callsOfOneSet(Execution.AT_FIRST_SIGHT);
        for (int i = 0; i < 2_000; i++) {
            int steps = 1 + random.nextInt(i < 1_000 ? 40 : 400);
            plain.step(steps);
            translated.step(steps);
            int number = i;
            assertArrayEquals(plain.state(), translated.state(),
                    () -> "stop " + number + ": " + plain.hart.differences(translated.hart));
        }
        assertTrue(translated.hart.stepsInterpreted() < plain.hart.step() / 2, "hardly anything was translated");
    }

    @Test
    void shouldTakeInWhatLiesBehindACallOnlyUntilItTurnsOutToBeData() {
        TestMachine m = new TestMachine(PagingMode.SV39, Execution.AT_FIRST_SIGHT);
        int data = Encoder.encode(Op.ADDI, 11, 11, 0, 0, 0, 1);
        m.hart.setX(20, TestMachine.CODE);
        m.hart.setX(5, data);
        m.hart.setX(6, data ^ Encoder.encode(Op.ADDI, 11, 11, 0, 0, 0, 2));
        // The function goes back by itself; behind its call lies a word that looks like an instruction.
        m.code().s(Op.SW, 20, 5, 12).r(Op.XOR, 5, 5, 6).i(Op.JAL, 1, 0, 0x100 - 8).word(data).op(Op.ECALL);
        new Asm(m.bus, TestMachine.CODE + 0x100).i(Op.ADDI, 10, 10, 1).i(Op.JALR, 0, 20, 0);
        m.step(5 * 1_000);
        assertEquals(1_000, m.hart.x(10));
        long dropped = m.hart.regionsDropped();
        assertTrue(dropped <= 2 && (dropped > 0 || !HostCode.isOpen()), "regions dropped: " + dropped);
    }
}
