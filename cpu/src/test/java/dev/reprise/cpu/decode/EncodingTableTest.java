package dev.reprise.cpu.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncodingTableTest {
    private final List<Encoding> instructions = EncodingTable.instructions();

    @Test
    void shouldHaveNoTwoWideEncodingsThatOverlap() {
        for (Encoding a : instructions) {
            assertEquals(3, a.match() & 3, a.mnemonic());
            for (Encoding b : instructions) {
                int common = a.mask() & b.mask();
                assertTrue(a == b || (a.match() & common) != (b.match() & common), a + " overlaps " + b);
            }
        }
    }

    @Test
    void shouldGiveEachHalfwordAtMostOneCompressedEncoding() {
        for (int halfword = 0; halfword < 1 << 16; halfword++) {
            int word = halfword;
            List<Encoding> found = EncodingTable.compressed().stream().filter(e -> e.matches(word)).toList();
            boolean nop = found.size() == 2 && found.get(0).mnemonic().equals("c.nop");
            assertTrue(found.size() <= 1 && !nop, () -> Integer.toHexString(word) + " is " + found);
            assertTrue(found.isEmpty() || (halfword & 3) != 3, () -> Integer.toHexString(word) + " is " + found);
        }
    }

    @Test
    void shouldReachEachCompressedEncodingByAHalfword() {
        boolean[] seen = new boolean[EncodingTable.compressed().size()];
        for (int halfword = 0; halfword < 1 << 16; halfword++) {
            Encoding encoding = EncodingTable.find(halfword & ~3 | Math.min(halfword & 3, 2));
            if (encoding != null) {
                seen[EncodingTable.compressed().indexOf(encoding)] = true;
            }
        }
        for (int i = 0; i < seen.length; i++) {
            assertTrue(seen[i], EncodingTable.compressed().get(i).mnemonic());
        }
    }

    @Test
    void shouldNumberTheOperationsDensely() {
        assertEquals(Op.COUNT, instructions.size() + 1);
        for (int i = 0; i < instructions.size(); i++) {
            assertEquals(i + 1, instructions.get(i).op());
            assertEquals(instructions.get(i).mnemonic(), Op.name(i + 1));
        }
    }

    @Test
    void shouldHaveASourceOfOpThatIsNotStale() throws IOException {
        assertEquals(OpSource.generate(), Files.readString(OpSource.FILE, StandardCharsets.UTF_8),
                "run OpSource in the module's folder");
    }

    @Test
    void shouldTellTheKindsOfOperationsApart() {
        assertTrue(Op.isLoad(Op.AMOADD_W) && Op.isStore(Op.AMOADD_W));
        assertTrue(Op.isLoad(Op.LR_D) && !Op.isStore(Op.LR_D));
        assertTrue(Op.isStore(Op.SC_D) && Op.isStore(Op.FSD) && Op.isLoad(Op.FLW));
        assertTrue(Op.isBranch(Op.BGEU) && !Op.endsBlock(Op.BGEU) && !Op.isBranch(Op.JAL));
        for (int op : new int[] {Op.ILLEGAL, Op.JAL, Op.JALR, Op.ECALL, Op.EBREAK, Op.CSRRCI, Op.MRET, Op.SRET, Op.WFI,
            Op.FENCE_I, Op.SFENCE_VMA}) {
            assertTrue(Op.endsBlock(op), Op.name(op));
        }
        assertTrue(Op.usesRm(Op.FCVT_D_W) && !Op.usesRm(Op.FSGNJ_S) && !Op.usesRm(Op.ILLEGAL));
        assertEquals("Zba", Op.extension(Op.ADD_UW));
        assertEquals("R4", Op.format(Op.FMADD_D));
    }

    @Test
    void shouldNameTheCsrsOfARange() {
        assertEquals("pmpaddr63", EncodingTable.csrName(0x3ef));
        assertEquals("tdata3", EncodingTable.csrName(0x7a3));
        assertEquals("hpmcounter31", EncodingTable.csrName(0xc1f));
        assertNull(EncodingTable.csrName(0xfff));
        assertNotNull(EncodingTable.csrName(0x300));
        assertNotEquals(EncodingTable.csrName(0x300), EncodingTable.csrName(0x100));
    }
}
