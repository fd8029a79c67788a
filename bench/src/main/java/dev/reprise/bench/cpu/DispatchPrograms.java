package dev.reprise.bench.cpu;

import dev.reprise.bench.cpu.Assembler.Label;
import dev.reprise.cpu.decode.Op;

/** Programs that do little but go from one place to another, so that what is measured is the way. */
final class DispatchPrograms {

    private static final int PLACES = 32;
    /** Instructions of a page. */
    private static final int PAGE = 1024;
    private static final int TARGETS = 8;

    private DispatchPrograms() {}

    static Rounds of(String way) {
        return switch (way) {
            case "nextInstruction" -> straight();
            case "nextBlock" -> hops(2);
            case "otherPage" -> hops(PAGE + 2);
            case "indirect" -> indirect(1);
            case "indirectOfMany" -> indirect(TARGETS);
            default -> throw new IllegalArgumentException("no such way: " + way);
        };
    }

    /** No jump but the loop's. */
    private static Rounds straight() {
        Assembler a = new Assembler().load(6, 0x9e3779b97f4a7c15L);
        Label top = new Label();
        a.place(top).repeat(PLACES / 2, () -> a.op(Op.ADD, 5, 5, 6).op(Op.XOR, 6, 6, 5)).jump(0, top);
        return new Rounds(a.bytes(), PLACES + 1, PLACES);
    }

    /** An addition and a jump, at places that are so many words apart. */
    private static Rounds hops(int distance) {
        Assembler a = new Assembler();
        Label[] places = new Label[PLACES];
        for (int i = 0; i < PLACES; i++) {
            places[i] = new Label();
        }
        for (int i = 0; i < PLACES; i++) {
            a.place(places[i]).immediate(Op.ADDI, 5, 5, 1).jump(0, places[(i + 1) % PLACES]);
            a.repeat(distance - 2, () -> a.op(Op.ADD, 0, 0, 0));
        }
        return new Rounds(a.bytes(), 2 * PLACES, PLACES);
    }

    /** One indirect jump, as a bytecode loop has it: to so many places in turn, each of which jumps back. */
    private static Rounds indirect(int targets) {
        Assembler a = new Assembler();
        Label table = new Label();
        Label dispatch = new Label();
        a.address(10, table).load(11, targets - 1).place(dispatch);
        // x6 = table + (x5++ & x11) * 8: each target is an addition and a jump.
        a.op(Op.AND, 6, 5, 11).immediate(Op.ADDI, 5, 5, 1).op(Op.SH3ADD, 6, 6, 10).immediate(Op.JALR, 0, 6, 0);
        a.place(table);
        for (int i = 0; i < targets; i++) {
            a.immediate(Op.ADDI, 7, 7, i).jump(0, dispatch);
        }
        return new Rounds(a.bytes(), 6, 1);
    }
}
