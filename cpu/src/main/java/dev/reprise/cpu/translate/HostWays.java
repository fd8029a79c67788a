package dev.reprise.cpu.translate;

import static dev.reprise.cpu.bus.HostMemory.MEMORY;
import static dev.reprise.cpu.translate.HostRegisters.operand;
import static dev.reprise.cpu.translate.X64.RAX;
import static dev.reprise.cpu.translate.X64.RBP;
import static dev.reprise.cpu.translate.X64.RCX;
import static dev.reprise.cpu.translate.X64.RDX;

import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.decode.Predecoded;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * How control goes from a region to the next one without asking: by ways, and back from calls.
 *
 * <p>A <i>way</i> leaves for an offset from the start of the page. The first time it asks the table of entries ({@link EntryTable}),
 * which is far from the processor's caches in a large guest, and writes what it has found into itself: from then on it is a jump.
 * That is good for an epoch, like the table's entries, which the way compares; a jump's budget it compares too. A way within
 * the page is good wherever the page is mapped, because both regions were made from the same page; one that leads out
 * of it is good for the region's base and the fetch context's generation for which it was written last.
 *
 * <pre>
 *    0  cmp [epoch], EPOCH      0  cmp [epoch], EPOCH
 *    7  jne ask                 7  jne ask
 *    9  cmp ebp, BUDGET         9  cmp ebp, BUDGET
 *   15  jl ask                 15  jl ask
 *   17  jmp CODE               17  mov rax, [base]
 *   22  ask: mov eax, offset   21  cmp rax, BASE (rip)
 *   27  call [way]             28  jne ask
 *                              30  mov rcx, [generation]
 *                              37  cmp rcx, GENERATION (rip)
 *                              44  jne ask
 *                              46  add rax, distance of the pages
 *                              52  mov [base], rax
 *                              56  jmp CODE
 *                              61  ask: mov eax, offset
 *                              66  call [way out]
 *                              72  BASE, 64 bits
 *                              80  GENERATION, 64 bits
 * </pre>
 *
 * <p>A call notes in a small table, by the address to come back to, where the code behind it is; a return looks there first. Who
 * drops code or changes the generation empties that table ({@link HostCode}).
 */
final class HostWays {
    private static final int EPOCH_AT = 3;
    private static final int BUDGET_AT = 11;
    private static final int ASK = 22;
    private static final int ASK_OUT = 61;
    private static final int CALL_BYTES = 11;
    private static final int BASE_AT = ASK_OUT + CALL_BYTES;
    private static final int GENERATION_AT = BASE_AT + Long.BYTES;
    private static final int OUT_BYTES = GENERATION_AT + Long.BYTES;
    /**
     * A way out that is good for another base or generation is written anew once in two to the so many asks of all: to write costs
     * ten times what to ask does, and two processes may take turns in the same code.
     */
    private static final int WRITE_SHIFT = 4;
    /** No way is good in it. */
    static final int NO_EPOCH = 0;

    /** The table of calls: the address to come back to and the code there, 64 bits each, by halfwords of the address. */
    private static final int CALLS = 256;
    private static final int CALL_SHIFT = 3;
    private static final int CALL_ENTRY = 1 << CALL_SHIFT + 1;
    static final int CALL_TABLE_BYTES = CALLS * CALL_ENTRY;
    private static final int CALL_MASK = CALLS - 1 << 1;
    /** An address that no return has: it is odd. */
    private static final long NO_CALL = -1;

    private final X64 out;
    private final List<Integer> starts = new ArrayList<>();

    HostWays(X64 out) {
        this.out = out;
    }

    /** Where ways begin. */
    int[] starts() {
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Makes a way for an offset from the start of the page. */
    void leave(int offset) {
        boolean inPage = offset >= 0 && offset < Page.BYTES;
        int start = out.position();
        starts.add(start);
        out.immediate32(operand(HostRegisters.EPOCH), NO_EPOCH);
        List<Integer> asks = new ArrayList<>();
        asks.add(out.shortJumpIf(X64.NOT_EQUAL));
        out.immediate32(RBP, Integer.MAX_VALUE);
        asks.add(out.shortJumpIf(X64.LESS));
        if (!inPage) {
            out.op64(X64.MOV, RAX, operand(HostRegisters.BASE));
            out.compareAt(RAX, start + BASE_AT);
            asks.add(out.shortJumpIf(X64.NOT_EQUAL));
            out.op64(X64.MOV, RCX, operand(HostRegisters.GENERATION));
            out.compareAt(RCX, start + GENERATION_AT);
            asks.add(out.shortJumpIf(X64.NOT_EQUAL));
            out.addToRax(offset & -Page.BYTES);
            out.store64(operand(HostRegisters.BASE), RAX);
        }
        out.bind(out.jump());
        check(start, inPage ? ASK : ASK_OUT);
        asks.forEach(out::bindShort);
        out.set32(RAX, offset);
        out.call(operand(inPage ? HostRegisters.WAY : HostRegisters.WAY_OUT));
        if (!inPage) {
            check(start, BASE_AT);
            for (int i = BASE_AT; i < OUT_BYTES; i += Integer.BYTES) {
                out.put32(0);
            }
        }
    }

    private void check(int start, int expected) {
        if (out.position() - start != expected) {
            throw new IllegalStateException("not where it is written to: bytes=" + (out.position() - start));
        }
    }

    /**
     * Notes a call, whose link is in a register.
     *
     * @param next where it comes back to, offset from the start of the page
     * @return where the way back begins has to be bound to what this returns
     */
    int call(int link, int next) {
        int at = (next & CALL_MASK) << CALL_SHIFT;
        out.op64(X64.MOV, RCX, operand(HostRegisters.CALLS));
        out.store(Long.BYTES, link, RCX, at);
        int place = out.leaAt(RAX);
        out.store(Long.BYTES, RAX, RCX, at + Long.BYTES);
        return place;
    }

    /** Goes on at the address in RAX, which is even, behind the call that noted it, if there is one. */
    void comeBack() {
        out.op32(X64.MOV, RCX, RAX);
        out.immediate(false, X64.AND_I, RCX, CALL_MASK);
        out.shift(false, X64.SHL, RCX, CALL_SHIFT);
        out.op64(X64.ADD, RCX, operand(HostRegisters.CALLS));
        out.load(true, X64.CMP, RAX, RCX, 0);
        int unknown = out.shortJumpIf(X64.NOT_EQUAL);
        emitBase(out);
        out.jumpTo(RCX, Long.BYTES);
        out.bindShort(unknown);
        out.jumpTo(operand(HostRegisters.GO_TO_ADDRESS));
    }

    /** The base becomes the page of the address in RAX, without waiting for that if it is the same, as it mostly is. */
    static void emitBase(X64 out) {
        out.immediate(true, X64.AND_I, RAX, -Page.BYTES);
        out.op64(X64.CMP, RAX, operand(HostRegisters.BASE));
        int same = out.shortJumpIf(X64.EQUAL);
        out.store64(operand(HostRegisters.BASE), RAX);
        out.bindShort(same);
    }

    /** Begins what ways call with an offset in EAX: behind this the address is in RAX, and where the way ends in memory. */
    static void emitAsk(X64 out) {
        out.pop(RDX);
        out.store64(operand(HostRegisters.SITE), RDX);
        out.op64(X64.MOVSXD, RAX, RAX);
        out.op64(X64.ADD, RAX, operand(HostRegisters.BASE));
    }

    /** Writes an entry of the table, which RCX leads to, into the way within the page that has asked, and goes there. */
    static void emitLearn(X64 out, int entry) {
        int end = ASK + CALL_BYTES;
        out.op64(X64.MOV, RDX, operand(HostRegisters.SITE));
        write(out, entry, end, ASK);
        out.jumpTo(RCX, entry + EntryTable.CODE);
    }

    /** The same for one that leads out of the page, with the address in RAX. */
    static void emitLearnOut(X64 out, int entry) {
        int end = ASK_OUT + CALL_BYTES;
        out.op64(X64.MOV, RDX, RAX);
        out.immediate(true, X64.AND_I, RDX, -Page.BYTES);
        out.op64(X64.MOV, RAX, operand(HostRegisters.BASE));
        out.store64(operand(HostRegisters.BASE), RDX);
        out.op64(X64.MOV, RDX, operand(HostRegisters.SITE));
        out.push(RAX);
        out.op32(X64.MOV, RAX, operand(HostRegisters.EPOCH));
        out.load(false, X64.CMP, RAX, RDX, EPOCH_AT - end);
        out.pop(RAX);
        int isOld = out.shortJumpIf(X64.NOT_EQUAL);
        out.immediate(false, X64.ADD_I, operand(HostRegisters.ASKS), 1 << Integer.SIZE - WRITE_SHIFT);
        int isNotItsTurn = out.shortJumpIf(X64.NOT_EQUAL);
        out.bindShort(isOld);
        out.store(Long.BYTES, RAX, RDX, BASE_AT - end);
        out.op64(X64.MOV, RAX, operand(HostRegisters.GENERATION));
        out.store(Long.BYTES, RAX, RDX, GENERATION_AT - end);
        write(out, entry, end, ASK_OUT);
        out.bindShort(isNotItsTurn);
        out.jumpTo(RCX, entry + EntryTable.CODE);
    }

    /** Of the way whose end RDX is: epoch, budget and code; its jump ends where asking begins. */
    private static void write(X64 out, int entry, int end, int ask) {
        out.op32(X64.MOV, RAX, operand(HostRegisters.EPOCH));
        out.store(Integer.BYTES, RAX, RDX, EPOCH_AT - end);
        out.load(false, X64.MOV, RAX, RCX, entry + EntryTable.BUDGET);
        out.store(Integer.BYTES, RAX, RDX, BUDGET_AT - end);
        out.load(true, X64.MOV, RAX, RCX, entry + EntryTable.CODE);
        out.op64(X64.SUB, RAX, RDX);
        out.immediate(true, X64.ADD_I, RAX, end - ask);
        out.store(Integer.BYTES, RAX, RDX, ask - Integer.BYTES - end);
    }

    /** Makes a way in the memory for code ask again. */
    static void forget(MemorySegment code, long way) {
        code.set(ValueLayout.JAVA_INT_UNALIGNED, way + EPOCH_AT, NO_EPOCH);
    }

    /** Empties a table of calls. */
    static void forgetCalls(long table) {
        for (long at = 0; at < CALL_TABLE_BYTES; at += CALL_ENTRY) {
            MEMORY.putLong(table + at, NO_CALL);
        }
    }

    /** Whether a call's link is looked for when control comes back (unprivileged, table 3). */
    static boolean notes(long word) {
        return Predecoded.isCall(word) && isLink(Predecoded.rd(word));
    }

    /** Whether an instruction comes back from a call. */
    static boolean comesBack(long word) {
        return Predecoded.op(word) == Op.JALR && Predecoded.rd(word) == Predecoded.SINK
                && isLink(Predecoded.rs1(word));
    }

    private static boolean isLink(int register) {
        return register == 1 || register == 5;
    }
}
