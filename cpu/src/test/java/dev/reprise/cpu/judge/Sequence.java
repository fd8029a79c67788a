package dev.reprise.cpu.judge;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** One random program: its plan, the state it starts from, and its items. */
final class Sequence {
    private static final int ECALL = 0x0000_0073;
    private static final VarHandle LITTLE_ENDIAN_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    final SequencePlan plan;
    private final List<Item> items;
    /** Shrinking leaves items out. */
    private final boolean[] left;
    private final byte[] memory = new byte[Slot.SIZE];

    Sequence(Slot slot, long seed, KnownDifferences known) {
        this.plan = new SequencePlan(slot, seed);
        this.items = new InitialState(plan, this::poke, known).items();
        this.left = new boolean[items.size()];
    }

    private void poke(long address, long value) {
        LITTLE_ENDIAN_LONG.set(memory, (int) (address - plan.slot.address()), value);
    }

    int itemCount() {
        return items.size();
    }

    boolean[] left() {
        return left;
    }

    /** Writes the whole slot: data, tables, state and code. */
    void write(byte[] image, long handler, long nextState) {
        Slot slot = plan.slot;
        System.arraycopy(memory, 0, image, slot.offset(), Slot.SIZE);
        long mtvec = Assembler.peek(image, initAddress(Csrs.MTVEC));
        long stvec = Assembler.peek(image, initAddress(Csrs.STVEC));
        CommonCode.writeSlot(image, slot, handler, plan.p, plan.q, mtvec, stvec);
        long start = Assembler.peek(image, slot.state() + Slot.START);
        long end = writeBody(image, start);
        Assembler.poke(image, slot.state() + Slot.END, end);
        Assembler.poke(image, slot.state() + Slot.NEXT, nextState);
    }

    private long initAddress(int csr) {
        return plan.slot.state() + Slot.CSRINIT + 8L * Csrs.initIndex(csr);
    }

    private long writeBody(byte[] image, long start) {
        long[] starts = new long[items.size() + 1];
        long pc = start;
        for (int i = 0; i < items.size(); i++) {
            starts[i] = pc;
            pc += left[i] ? 0 : items.get(i).size();
        }
        starts[items.size()] = pc;
        Assembler asm = new Assembler(image).at(start);
        for (int i = 0; i < items.size(); i++) {
            int index = i;
            LongUnaryOperator following = n -> starts[(int) Math.min(index + 1 + n, items.size())];
            for (Item.Piece piece : left[i] ? List.<Item.Piece>of() : items.get(i).pieces()) {
                asm.bytes(piece.bits(asm.pc(), following), piece.size());
            }
        }
        asm.bytes(ECALL, 4);
        return pc;
    }
}
