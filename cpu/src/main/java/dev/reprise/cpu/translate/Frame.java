package dev.reprise.cpu.translate;

import dev.reprise.cpu.bus.HostMemory;
import dev.reprise.cpu.csr.CpuState;
import dev.reprise.cpu.decode.Predecoded;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.List;

/**
 * The locals of a region's method: guest registers, the arrays that they come from, and temporaries. Knows which guest
 * registers the region uses; all of them are loaded at the start, and those that it writes are put back at the end.
 */
final class Frame {
    static final ClassDesc CONTEXT = ClassDesc.of(RegionContext.class.getName());
    static final ClassDesc STATE = ClassDesc.of(CpuState.class.getName());
    static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();
    /** The name of a region's field that holds {@link HostMemory#UNSAFE}, where that is open. */
    static final String UNSAFE = "UNSAFE";
    static final ClassDesc FLAGS = ClassDesc.of("dev.reprise.cpu.fpu.FpFlags");

    /** Parameters of {@link Region#run}. */
    static final int THIS = 0;
    static final int CTX = 1;
    static final int BASE = 2;
    static final int LEFT = 4;
    static final int ENTRY = 5;
    /** Temporaries and cached references. */
    static final int X = 6;
    static final int F = 7;
    static final int READS = 8;
    static final int WRITES = 10;
    static final int FP_FLAGS = 12;
    static final int FRM = 13;
    static final int INDEX = 14;
    static final int VA = 15;
    static final int TARGET = 17;
    static final int SHIFT = 19;
    static final int ENTRY_OF_TLB = 20;
    static final int ADDRESS = 22;
    static final int TLB_MASK = 24;
    /** Where the first byte of each group of accesses that is in use is, or 0. */
    static final int GROUP = 26;
    /** Of each cursor what the TLB's entry for the page that it is in holds. */
    static final int CURSOR_TAG = GROUP + 2 * AccessGroups.MAX_ACTIVE;
    static final int CURSOR_ADDEND = CURSOR_TAG + 2 * Cursors.MAX;
    private static final int FIRST_REGISTER = CURSOR_ADDEND + 2 * Cursors.MAX;

    final CodeBuilder code;
    private final ClassDesc self;
    private final int[] xSlot = new int[32];
    private final int[] fSlot = new int[32];
    private int xUsed;
    private int xWritten;
    private int fUsed;
    private int fWritten;
    private boolean loads;
    private boolean stores;
    private final List<Runnable> stubs = new ArrayList<>();

    /** @param self the class that the method is of */
    Frame(CodeBuilder code, RegionShape shape, ClassDesc self) {
        this.code = code;
        this.self = self;
        for (int i = 0; i < shape.count; i++) {
            note(shape.word[i]);
        }
        int slot = FIRST_REGISTER;
        for (int r = 1; r < 32; r++) {
            if ((xUsed & 1 << r) != 0) {
                xSlot[r] = slot;
                slot += 2;
            }
        }
        for (int r = 0; r < 32; r++) {
            if ((fUsed & 1 << r) != 0) {
                fSlot[r] = slot;
                slot += 2;
            }
        }
    }

    private void note(long word) {
        int op = Predecoded.op(word);
        loads |= MemoryEmitter.isLoad(op);
        stores |= MemoryEmitter.isStore(op);
        readX(Operands.x1(word));
        readX(Operands.x2(word));
        readF(Operands.f1(word));
        readF(Operands.f2(word));
        readF(Operands.f3(word));
        int rd = Predecoded.rd(word);
        if (Predecoded.writesF(op)) {
            fUsed |= 1 << rd;
            fWritten |= 1 << rd;
        } else if (Operands.writesX(op) && rd != Predecoded.SINK) {
            xUsed |= 1 << rd;
            xWritten |= 1 << rd;
        }
    }

    private void readX(int r) {
        if (r > 0) {
            xUsed |= 1 << r;
        }
    }

    private void readF(int r) {
        if (r >= 0) {
            fUsed |= 1 << r;
        }
    }

    /** Pushes the region's own constant: a call that returns it would be one more to compile, and to count, for each access. */
    CodeBuilder pushUnsafe() {
        return code.getstatic(self, UNSAFE, HostMemory.UNSAFE);
    }

    boolean usesFloat() {
        return fUsed != 0;
    }

    /** Loads every local that the region may use. */
    void enter() {
        code.aload(CTX).getfield(CONTEXT, "state", STATE).astore(X);
        if (usesFloat()) {
            code.aload(X).getfield(STATE, "f", LONGS).astore(F);
            code.aload(X).getfield(STATE, "flags", FLAGS).astore(FP_FLAGS);
            code.aload(X).getfield(STATE, "frm", ConstantDescs.CD_int).istore(FRM);
        }
        code.aload(X).getfield(STATE, "x", LONGS).astore(X);
        if (loads) {
            code.aload(CTX).getfield(CONTEXT, "reads", ConstantDescs.CD_long).lstore(READS);
        }
        if (stores) {
            code.aload(CTX).getfield(CONTEXT, "writes", ConstantDescs.CD_long).lstore(WRITES);
        }
        if (loads || stores) {
            code.aload(CTX).getfield(CONTEXT, "tlbMask", ConstantDescs.CD_long).lstore(TLB_MASK);
        }
        reload();
    }

    /** Takes every register that the region may use from the arrays. */
    void reload() {
        // From the highest down: once an index is known to be in bounds, the JVM need not check the lower ones.
        for (int r = 31; r > 0; r--) {
            if ((xUsed & 1 << r) != 0) {
                reloadX(r);
            }
        }
        for (int r = 31; r >= 0; r--) {
            if ((fUsed & 1 << r) != 0) {
                reloadF(r);
            }
        }
    }

    /** Puts back what the region may have written. */
    void spill() {
        spill(xWritten, fWritten);
    }

    /** Puts back some registers. */
    void spill(int xMask, int fMask) {
        for (int r = 31; r > 0; r--) {
            if ((xMask & 1 << r) != 0) {
                spillX(r);
            }
        }
        for (int r = 31; r >= 0; r--) {
            if ((fMask & 1 << r) != 0) {
                spillF(r);
            }
        }
    }

    void reloadX(int r) {
        code.aload(X).loadConstant(r).laload().lstore(xSlot[r]);
    }

    void spillX(int r) {
        code.aload(X).loadConstant(r).lload(xSlot[r]).lastore();
    }

    private void reloadF(int r) {
        code.aload(F).loadConstant(r).laload().lstore(fSlot[r]);
    }

    private void spillF(int r) {
        code.aload(F).loadConstant(r).lload(fSlot[r]).lastore();
    }

    /** Pushes an x register. */
    void pushX(int r) {
        if (r == 0) {
            code.lconst_0();
        } else {
            code.lload(xSlot[r]);
        }
    }

    /** Pops into a destination. */
    void popX(int rd) {
        if (rd == Predecoded.SINK) {
            code.pop2();
        } else {
            code.lstore(xSlot[rd]);
        }
    }

    void pushF(int r) {
        code.lload(fSlot[r]);
    }

    void popF(int r) {
        code.lstore(fSlot[r]);
    }

    /** Code for the end of the method, out of the way of what is common. */
    void later(Runnable stub) {
        stubs.add(stub);
    }

    /** Emits the code that was put off, in the order in which it was asked for. */
    void emitStubs() {
        for (int i = 0; i < stubs.size(); i++) {
            stubs.get(i).run();
        }
        stubs.clear();
    }
}
