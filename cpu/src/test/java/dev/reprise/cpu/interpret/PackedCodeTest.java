package dev.reprise.cpu.interpret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.cpu.bus.HostMemory;
import dev.reprise.cpu.decode.CompressedDecoder;
import dev.reprise.cpu.decode.Decoder;
import dev.reprise.cpu.decode.Encoding;
import dev.reprise.cpu.decode.EncodingTable;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedCodeTest {
    private static final long SEED = 20261201;
    private static final int TURNS = 2_000;
    /** From the start of a block to its last instruction, at most. */
    private static final int MOST_OFFSET = 4 * BlockStore.MAX_LENGTH - 4;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final int[] units = new int[PackedCode.MOST_UNITS];

    private long[] inMemory() {
        long[] memory = new long[2];
        for (int i = 0; i < units.length; i++) {
            HostMemory.MEMORY.putInt(memory, 4L * i, units[i]);
        }
        return memory;
    }

    /** The word that a unit stands for, by the diagram; of what the loop does not hand over. */
    private static long byTheDiagram(int unit, int second) {
        int op = PackedCode.op(unit);
        int rd = unit >>> 7 & 31;
        int rs1 = unit >>> 12 & 31;
        int upper = unit >> 17;
        return switch (op) {
            case PackedCode.J -> word(Op.JAL, Predecoded.SINK, 0, 0, unit >> 7 << 1);
            case PackedCode.CALL -> word(Op.JAL, 1, 0, 0, unit >> 7 << 1);
            case PackedCode.JR -> word(Op.JALR, Predecoded.SINK, rs1, 0, upper);
            case Op.JAL, Op.AUIPC -> word(op, rd, 0, 0, second);
            case Op.LUI -> word(op, rd, 0, 0, unit & 0xffff_f000);
            case Op.JALR -> word(op, rd, rs1, 0, upper);
            default -> Predecoded.isBranch(op) ? word(op, Predecoded.SINK, rs1, rd, upper)
                    : op < Op.LUI ? word(op, rd, rs1, 0, upper) : word(op, rd, rs1, upper, 0);
        };
    }

    private static long word(int op, int rd, int rs1, int rs2, int imm) {
        return (long) imm << 32 | rs2 << 19 | rs1 << 14 | rd << 8 | op;
    }

    /** What the loop has no body for. */
    private static boolean isForTheSlowWay(long word) {
        int op = Predecoded.op(word);
        return op == Op.ILLEGAL || op > Op.MUL && op != Op.MULW
                || op >= Op.LD && op <= Op.LH && Predecoded.rd(word) == Predecoded.SINK;
    }

    private void check(long word, String what) {
        int number = random.nextInt(BlockStore.MAX_LENGTH);
        int count = PackedCode.pack(word, number, units, 0);
        assertEquals(count, PackedCode.units(units[0]), what);
        int op = PackedCode.op(units[0]);
        assertEquals(isForTheSlowWay(word), op == PackedCode.WIDE, what);
        if (op == PackedCode.NOTHING) {
            assertEquals(Predecoded.SINK, Predecoded.rd(word), what);
            assertTrue(Predecoded.op(word) <= Op.MULW, what);
        } else if (op == PackedCode.WIDE || op >= PackedCode.LOAD && op < PackedCode.STORE + 4) {
            assertEquals(word, PackedCode.unpack(inMemory(), 0), what);
        } else {
            assertEquals(word, byTheDiagram(units[0], units[1]), what);
            assertThrows(IllegalStateException.class, () -> PackedCode.unpack(inMemory(), 0), what);
        }
        if (PackedCode.isBranch(units[0])) {
            assertEquals(number + 1 << PackedCode.COUNT_SHIFT, units[1], what);
        }
    }

    @Test
    void shouldKeepEveryInstructionAtAnyPlaceOfABlock() {
        for (Encoding encoding : EncodingTable.instructions()) {
            for (int i = 0; i < TURNS; i++) {
                int fields = switch (i % 4) {
                    case 0 -> 0;
                    case 1 -> -1;
                    default -> random.nextInt();
                };
                long packed = Decoder.decode(fields & ~encoding.mask() | encoding.match());
                check(Predecoded.word(packed, 2 * random.nextInt(MOST_OFFSET / 2 + 1)), "op " + encoding.op() + " fields " + fields);
            }
        }
    }

    @Test
    void shouldKeepEveryCompressedInstruction() {
        for (int halfword = 0; halfword < 1 << 16; halfword++) {
            if (Decoder.lengthOf(halfword) == 2) {
                check(Predecoded.word(CompressedDecoder.decode(halfword), MOST_OFFSET), "halfword " + halfword);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, MOST_OFFSET})
    void shouldReachAsFarAsAJumpDoes(int offset) {
        for (int imm : new int[] {-(1 << 20), -2, 0, 2, (1 << 20) - 2}) {
            for (int rd : new int[] {0, 1, 5, 31}) {
                check(Predecoded.word((long) imm << 32 | rd << 9 | Op.JAL, offset), "imm " + imm + " rd " + rd);
            }
        }
    }
}
