package dev.reprise.cpu.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

/** The texts are those of GNU objdump 2.40 with {@code -M no-aliases}, where the comment says nothing else. */
class DisassemblerTest {
    private static final long PC = 0x8000_0000L;

    private static void shows(String text, int word) {
        assertEquals(text, Disassembler.disassemble(PC, word));
    }

    @Test
    void shouldShowIntegerInstructions() {
        shows("addi sp,sp,-32", 0xfe010113);
        shows("lui a5,0xfffff", 0xfffff7b7);
        shows("ld ra,8(sp)", 0x00813083);
        shows("sd s0,-24(s0)", 0xfe843423);
        shows("srai a0,a0,0x3f", 0x43f55513);
        shows("beq a0,zero,0x7fffffe0", 0xfe0500e3);
        shows("jal ra,0x80000800", 0x001000ef);
        shows("jalr zero,0(ra)", 0x00008067);
        shows("sh3add.uw s1,a3,t1", 0x2066e4bb);
        shows("rori s1,t5,0x1a", 0x61af5493);
        shows("zext.h a6,tp", 0x0802483b);
        shows("fence iorw,iorw", 0x0ff0000f);
    }

    @Test
    void shouldShowAtomicAndSystemInstructions() {
        shows("lr.d.aq a0,(a1)", 0x1405b52f);
        shows("sc.w.rl a0,a2,(a1)", 0x1ac5a52f);
        shows("amoadd.d.aqrl a0,a2,(a1)", 0x06c5b52f);
        shows("csrrw a0,mstatus,a1", 0x30059573);
        shows("csrrci s11,pmpaddr63,22", 0x3efb7df3);
        shows("csrrsi s7,0x7ff,0", 0x7ff06bf3);
        shows("sfence.vma a0,a1", 0x12b50073);
        shows("mret", 0x30200073);
    }

    @Test
    void shouldShowFloatingPointInstructions() {
        shows("fmadd.d fa7,fa1,fa7,ft6,rtz", 0x3315_98c3);
        shows("fadd.s fa3,ft10,fs9", 0x019f76d3);
        shows("fcvt.d.w fa6,s5", 0xd20a8853);
        shows("fcvt.lu.d a3,fs9,rup", 0xc23cb6d3);
        shows("fld fa5,-8(a0)", 0xff853787);
        shows("fsw ft11,4(sp)", 0x01f12227);
    }

    @Test
    void shouldShowCompressedInstructionsByTheirOwnNames() {
        shows("c.addi sp,-32", 0x1101_1101);
        shows("c.addi16sp sp,-64", 0x7139);
        shows("c.addi4spn a0,sp,16", 0x0808);
        shows("c.lui a5,0xfffe1", 0x7785);
        shows("c.li a0,-1", 0x557d);
        shows("c.sdsp ra,24(sp)", 0xec06);
        shows("c.ld a4,8(a5)", 0x6798);
        shows("c.fsd fa2,0(s0)", 0xa010);
        shows("c.beqz a0,0x8000000e", 0xc519);
        shows("c.j 0x7ffffffe", 0xbffd);
        shows("c.jr ra", 0x8082);
        shows("c.mv a0,s1", 0x8526);
        shows("c.subw s0,a5", 0x9c1d);
        shows("c.nop", 0x0001);
    }

    @Test
    void shouldShowWhatIsNoInstructionAsBytes() {
        shows("c.unimp", 0x0000);
        shows(".2byte 0x8002", 0x8002);
        shows(".4byte 0xffffffff", 0xffffffff);
        shows(".4byte 0x1b557d3", 0x01b5_57d3);
    }

    @Test
    void shouldFindEverySyntaxOfTheTable() {
        for (Encoding encoding : EncodingTable.instructions()) {
            assertFalse(Disassembler.disassemble(PC, encoding.match()).startsWith("."), encoding.mnemonic());
        }
        for (int halfword = 0; halfword < 1 << 16; halfword++) {
            Disassembler.disassemble(PC, halfword);
        }
    }
}
