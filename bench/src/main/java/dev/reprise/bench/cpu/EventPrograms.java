package dev.reprise.bench.cpu;

import dev.reprise.bench.cpu.Assembler.Label;
import dev.reprise.cpu.decode.Op;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Programs in which something happens that is more than an instruction: traps, interrupts, waits, switches, accesses. */
final class EventPrograms {

    private static final int MIE = 0x304;
    private static final int MENVCFG = 0x30a;
    private static final int STIMECMP = 0x14d;
    private static final int MSTATUS_MIE = 8;
    private static final int STIE = 0x20;
    private static final long MENVCFG_STCE = 1L << 63;
    /** Of guest time between two timer interrupts, and so steps: a tick is ten of them. */
    private static final int TICKS = 3;
    private static final int STEPS_PER_TICK = 10;
    /** Much longer than a turn of the loop that waits. */
    private static final int IDLE_TICKS = 100;

    private static final Map<String, Supplier<Rounds>> ALL = new TreeMap<>();

    static {
        ALL.put("trap", EventPrograms::traps);
        ALL.put("pageFault", MemoryPrograms::pageFaults);
        ALL.put("walk", MemoryPrograms::walks);
        ALL.put("timerInterrupt", EventPrograms::timerInterrupts);
        ALL.put("wfi", EventPrograms::waits);
        ALL.put("contextSwitch", () -> MemoryPrograms.contextSwitches(2));
        ALL.put("contextSwitchOfMany", () -> MemoryPrograms.contextSwitches(16));
        ALL.put("mmioLoad", () -> mmio(false));
        ALL.put("mmioStore", () -> mmio(true));
        ALL.put("csrRead", EventPrograms::csrReads);
        ALL.put("codeStore", EventPrograms::codeStores);
    }

    private EventPrograms() {}

    /** The program of that name. */
    static Rounds of(String name) {
        Supplier<Rounds> program = ALL.get(name);
        if (program == null) {
            throw new IllegalArgumentException("no such program: " + name + " of " + ALL.keySet());
        }
        return program.get();
    }

    /** ecall, four instructions of a handler. */
    private static Rounds traps() {
        return new Rounds(Programs.of("traps"), 5 * Programs.UNROLL + 1, Programs.UNROLL);
    }

    /** An interrupt that is taken, and a handler that sets the next one; in between a loop of arithmetic. */
    private static Rounds timerInterrupts() {
        Assembler a = new Assembler();
        Label start = new Label();
        Label handler = new Label();
        a.jump(0, start).place(handler).immediate(Op.ADDI, 5, 5, TICKS).csrWrite(STIMECMP, 5).op(Op.MRET, 0, 0, 0);
        a.place(start).address(6, handler).csrWrite(Programs.MTVEC, 6);
        armed(a);
        a.load(6, MSTATUS_MIE).csrWrite(Programs.MSTATUS, 6);
        byte[] code = Programs.loop(a, () -> a.immediate(Op.ADDI, 7, 7, 1));
        return new Rounds(code, TICKS * STEPS_PER_TICK, 1);
    }

    /** Sets stimecmp to the present and enables the interrupt, but takes none. */
    private static void armed(Assembler a) {
        a.load(6, MENVCFG_STCE).csrWrite(MENVCFG, 6).immediate(Op.CSRRS, 5, 0, 0xc01).csrWrite(STIMECMP, 5);
        a.load(6, STIE).csrWrite(MIE, 6);
    }

    /** A wait whose end is far away, so that guest time jumps; interrupts stay disabled. */
    private static Rounds waits() {
        Assembler a = new Assembler();
        armed(a);
        // Addition, write, WFI, wake.
        byte[] code = Programs.loop(a, () -> a.immediate(Op.ADDI, 5, 5, IDLE_TICKS).csrWrite(STIMECMP, 5)
                .op(Op.WFI, 0, 0, 0));
        return new Rounds(code, 4 * Programs.UNROLL + 1, Programs.UNROLL);
    }

    private static Rounds mmio(boolean store) {
        Assembler a = new Assembler().load(5, BareMachine.DEVICE);
        byte[] code = Programs.loop(a, store ? () -> a.store(Op.SW, 6, 5, 4) : () -> a.immediate(Op.LW, 6, 5, 0));
        return new Rounds(code, Programs.UNROLL + 1, Programs.UNROLL);
    }

    /** The time, which asks the platform. */
    private static Rounds csrReads() {
        Assembler a = new Assembler();
        byte[] code = Programs.loop(a, () -> a.immediate(Op.CSRRS, 5, 0, 0xc01));
        return new Rounds(code, Programs.UNROLL + 1, Programs.UNROLL);
    }

    /** Data on the page that holds the running code, in a line without code: refused a fast store, it drops nothing. */
    private static Rounds codeStores() {
        Assembler a = new Assembler();
        Label here = new Label();
        a.place(here).address(5, here);
        byte[] code = Programs.loop(a, () -> a.store(Op.SD, 6, 5, 2000));
        return new Rounds(code, Programs.UNROLL + 1, Programs.UNROLL);
    }
}
