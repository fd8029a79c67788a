package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.decode.Encoder;
import dev.reprise.cpu.decode.Op;

/** Puts instructions into memory, one after the other. */
final class Asm {
    private final PhysicalBus bus;
    private long at;

    Asm(PhysicalBus bus, long at) {
        this.bus = bus;
        this.at = at;
    }

    long at() {
        return at;
    }

    Asm word(int word) {
        bus.store(at, 4, word);
        at += 4;
        return this;
    }

    Asm half(int halfword) {
        bus.store(at, 2, halfword);
        at += 2;
        return this;
    }

    Asm r(int op, int rd, int rs1, int rs2) {
        return word(Encoder.encode(op, rd, rs1, rs2, 0, 0, 0));
    }

    Asm i(int op, int rd, int rs1, int imm) {
        return word(Encoder.encode(op, rd, rs1, 0, 0, 0, imm));
    }

    /** Store or branch. */
    Asm s(int op, int rs1, int rs2, int imm) {
        return word(Encoder.encode(op, 0, rs1, rs2, 0, 0, imm));
    }

    Asm csr(int op, int rd, int number, int rs1) {
        return word(Encoder.encode(op, rd, rs1, 0, 0, 0, number));
    }

    Asm op(int op) {
        return word(Encoder.encode(op, 0, 0, 0, 0, 0, 0));
    }

    Asm jump(int distance) {
        return i(Op.JAL, 0, 0, distance);
    }

    /** Loads a 32-bit constant, sign-extended. */
    Asm li(int rd, int value) {
        int low = value << 20 >> 20;
        return i(Op.LUI, rd, 0, value - low).i(Op.ADDIW, rd, rd, low);
    }
}
