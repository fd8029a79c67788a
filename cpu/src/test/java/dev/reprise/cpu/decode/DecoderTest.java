package dev.reprise.cpu.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DecoderTest {
    private static final long SEED = 0x5eed_dec0deL;

    @Test
    void shouldReadBackWhatTheEncoderWrote() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int op = 1; op < Op.COUNT; op++) {
            OperandFormat format = EncodingTable.instructions().get(op - 1).format();
            for (int i = 0; i < 2_000; i++) {
                int rd = random.nextInt(32);
                int rs1 = random.nextInt(32);
                int rs2 = random.nextInt(32);
                int rs3 = random.nextInt(32);
                int rm = new int[] {0, 1, 2, 3, 4, 7}[random.nextInt(6)];
                int imm = format.immediate(random.nextInt());
                int word = Encoder.encode(op, rd, rs1, rs2, rs3, rm, imm);
                long packed = Decoder.decode(word);
                String message = Op.name(op) + " seed " + SEED + " word " + Integer.toHexString(word);
                assertEquals(op, Decoder.op(packed), message);
                assertEquals(imm, Decoder.imm(packed), message);
                assertEquals(word, Encoder.encode(op, Decoder.rd(packed), Decoder.rs1(packed), Decoder.rs2(packed),
                        Decoder.rs3(packed), Decoder.rm(packed), imm), message);
                int operands = Decoder.rd(packed) ^ rd;
                boolean hasRd = (format.operandMask() >>> 7 & 31) == 31 && !"SB".contains(format.name());
                assertEquals(0, hasRd ? operands : 0, message);
            }
        }
    }

    @Test
    void shouldKeepOperandsOfEachFormatApart() {
        long packed = Decoder.decode(Encoder.encode(Op.FMADD_D, 1, 2, 3, 4, 7, 0));
        assertEquals(Op.FMADD_D, Decoder.op(packed));
        assertEquals(1, Decoder.rd(packed));
        assertEquals(2, Decoder.rs1(packed));
        assertEquals(3, Decoder.rs2(packed));
        assertEquals(4, Decoder.rs3(packed));
        assertEquals(7, Decoder.rm(packed));
        assertEquals(0, Decoder.imm(packed));
        long store = Decoder.decode(Encoder.encode(Op.SD, 31, 30, 29, 0, 0, -2048));
        assertEquals(0, Decoder.rd(store));
        assertEquals(30, Decoder.rs1(store));
        assertEquals(29, Decoder.rs2(store));
        assertEquals(-2048, Decoder.imm(store));
        long csr = Decoder.decode(Encoder.encode(Op.CSRRWI, 5, 31, 0, 0, 0, 0xf14));
        assertEquals(31, Decoder.rs1(csr));
        assertEquals(0xf14, Decoder.imm(csr));
    }

    @Test
    void shouldDecodeEveryHalfwordToAnOperationOfTheTable() {
        for (int halfword = 0; halfword < 1 << 16; halfword++) {
            long packed = CompressedDecoder.decode(halfword);
            Encoding encoding = (halfword & 3) == 3 ? null : EncodingTable.find(halfword);
            assertEquals(encoding == null ? Op.ILLEGAL : encoding.op(), Decoder.op(packed));
            assertEquals((halfword & 3) == 3 ? 4 : 2, Decoder.lengthOf(halfword));
            if (encoding != null) {
                int word = Encoder.encodeCompressed(encoding, Decoder.rd(packed), Decoder.rs1(packed),
                        Decoder.rs2(packed), Decoder.imm(packed));
                assertEquals(halfword, word, encoding.mnemonic());
                int expanded = Encoder.encode(encoding.op(), Decoder.rd(packed), Decoder.rs1(packed),
                        Decoder.rs2(packed), 0, 0, Decoder.imm(packed));
                assertEquals(packed, Decoder.decode(expanded), encoding.mnemonic());
            } else {
                assertEquals(halfword, Decoder.imm(packed));
            }
        }
    }

    @Test
    void shouldDecodeRandomWordsAsTheTableSays() {
        SplittableRandom random = new SplittableRandom(SEED);
        int legal = 0;
        for (int i = 0; i < 1 << 24; i++) {
            legal += check(random.nextInt(), (i & 15) == 0);
        }
        assertTrue(legal > 1 << 20, "legal words: " + legal);
    }

    /** Every word with {@code -Ddecoder.stride=1}, which takes minutes; else one in 257. */
    @Test
    void shouldDecodeOrRefuseAnyWord() {
        int stride = Integer.getInteger("decoder.stride", 257);
        for (long word = 0; word < 1L << 32; word += stride) {
            check((int) word, false);
        }
    }

    /** The whole table is asked only when wanted: it is slow. */
    private static int check(int word, boolean againstTable) {
        long packed = Decoder.decode(word);
        int op = Decoder.op(packed);
        if (op < 0 || op >= Op.COUNT || op == Op.ILLEGAL && Decoder.imm(packed) != word) {
            throw new AssertionError(Integer.toHexString(word));
        }
        if (againstTable && (word & 3) == 3) {
            Encoding encoding = EncodingTable.find(word);
            boolean reserved = encoding != null && encoding.format().hasRoundingMode()
                    && ((word >>> 12 & 7) == 5 || (word >>> 12 & 7) == 6);
            assertEquals(encoding == null || reserved ? Op.ILLEGAL : encoding.op(), op, Integer.toHexString(word));
        }
        return op == Op.ILLEGAL ? 0 : 1;
    }

    @Test
    void shouldTakeReservedRoundingModesAsIllegal() {
        for (int rm = 0; rm < 8; rm++) {
            int word = Encoder.encode(Op.FADD_S, 1, 2, 3, 0, rm, 0);
            assertEquals(rm == 5 || rm == 6 ? Op.ILLEGAL : Op.FADD_S, Decoder.op(Decoder.decode(word)));
        }
    }

    @Test
    void shouldTakeReservedCompressedFormsAsIllegalAndHintsAsHarmless() {
        int[] reserved = {0x0000, 0x0004, 0x2001, 0x4002, 0x6002, 0x6001, 0x6101, 0x6281, 0x8002, 0x9c41, 0x9c61, 0x8000};
        for (int halfword : reserved) {
            assertEquals(Op.ILLEGAL, Decoder.op(CompressedDecoder.decode(halfword)), Integer.toHexString(halfword));
        }
        assertEquals(Op.ADDI, Decoder.op(CompressedDecoder.decode(0x0001)));
        assertEquals(Op.ADDI, Decoder.op(CompressedDecoder.decode(0x0015)), "c.nop 5");
        assertEquals(Op.LUI, Decoder.op(CompressedDecoder.decode(0x6005)), "c.lui x0");
        assertEquals(Op.SLLI, Decoder.op(CompressedDecoder.decode(0x0002)), "c.slli x0, 0");
        assertEquals(Op.EBREAK, Decoder.op(CompressedDecoder.decode(0x9002)));
    }

    @Test
    void shouldTakeHintsOfTheFenceSpaceAsFencesAndForeignExtensionsAsIllegal() {
        assertEquals(Op.FENCE, Decoder.op(Decoder.decode(0x8330000f)), "fence.tso");
        assertEquals(Op.FENCE, Decoder.op(Decoder.decode(0x0100000f)), "pause");
        int[] foreign = {0x16b50073, 0x18000073, 0x0a0515b3, 0x00d00073, 0x0005200f, 0xc0001073, 0x04a50553 | 2 << 25,
            0x0000006b, 0xffffffff, 0x10400073, 0x00200073, 0x70000073};
        for (int word : foreign) {
            boolean csr = (word & 0x7f) == 0x73 && (word >>> 12 & 7) != 0;
            assertEquals(csr, Decoder.op(Decoder.decode(word)) != Op.ILLEGAL, Integer.toHexString(word));
        }
    }

    @Test
    void shouldRefuseOperandsThatDoNotFit() {
        assertThrows(IllegalArgumentException.class, () -> Encoder.encode(Op.ADDI, 1, 1, 0, 0, 0, 2048));
        assertThrows(IllegalArgumentException.class, () -> Encoder.encode(Op.BEQ, 0, 1, 1, 0, 0, 3));
        assertThrows(IllegalArgumentException.class, () -> Encoder.encode(Op.ADD, 32, 1, 1, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> Encoder.encode(Op.ILLEGAL, 0, 0, 0, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> Encoder.encode(Op.FADD_D, 0, 0, 0, 0, 8, 0));
        Encoding lui = EncodingTable.find(0x6085);
        assertThrows(IllegalArgumentException.class, () -> Encoder.encodeCompressed(lui, 2, 0, 0, 4096));
    }
}
