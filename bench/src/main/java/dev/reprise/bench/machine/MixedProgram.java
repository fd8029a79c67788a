package dev.reprise.bench.machine;

import dev.reprise.bench.cpu.Assembler;
import dev.reprise.bench.cpu.Assembler.Label;
import dev.reprise.cpu.decode.Op;
import dev.reprise.machine.board.MemoryMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An endless guest that does a little of everything: arithmetic, a sweep over 1 MiB, calls, system calls, a timer
 * interrupt every millisecond of guest time, and a character on the console every 64 sweeps of a page.
 */
final class MixedProgram {

    private static final long DATA = MemoryMap.RAM_BASE + (1L << 20);
    private static final int DATA_BYTES = 1 << 20;
    private static final long MTIMECMP = MemoryMap.CLINT_BASE + 0x4000;
    private static final int TICKS = 10_000;

    private static final int MSTATUS = 0x300;
    private static final int MIE = 0x304;
    private static final int MTVEC = 0x305;
    private static final int MEPC = 0x341;
    private static final int MCAUSE = 0x342;
    private static final int MSTATUS_MIE = 8;
    private static final int MIE_TIMER = 0x80;
    private static final int LSR = 5;
    private static final int LSR_EMPTY = 0x20;

    private MixedProgram() {}

    /** The program as an ELF file that starts at the beginning of RAM. */
    static byte[] elf() {
        return BareElf.of(code());
    }

    /** Options of {@code ./reprise run} for it; its file is written to the folder. */
    static List<String> options(Path folder) throws IOException {
        Path program = Files.write(folder.resolve("mixed.elf"), elf());
        return List.of("--kernel", program.toString(), "--memory", "16M", "--clock", "instructions", "--serial", "null");
    }

    private static byte[] code() {
        Assembler a = new Assembler();
        Label start = new Label();
        Label handler = new Label();
        Label mix = new Label();
        a.jump(0, start);
        handler(a.place(handler));
        a.place(mix).op(Op.MUL, 12, 12, 13).immediate(Op.XORI, 12, 12, 0x55).immediate(Op.JALR, 0, 1, 0);
        a.place(start).address(5, handler).csrWrite(MTVEC, 5);
        a.load(5, MTIMECMP).load(6, TICKS).store(Op.SD, 6, 5, 0);
        a.load(5, MIE_TIMER).csrWrite(MIE, 5).load(5, MSTATUS_MIE).csrWrite(MSTATUS, 5);
        a.load(13, 0x9e3779b97f4a7c15L).load(20, DATA).load(21, DATA + DATA_BYTES).load(22, MemoryMap.UART_BASE);
        Label sweep = new Label();
        Label page = new Label();
        Label element = new Label();
        a.place(sweep).op(Op.ADD, 10, 20, 0);
        a.place(page).load(11, 64).op(Op.ECALL, 0, 0, 0);
        a.place(element).immediate(Op.LD, 14, 10, 0).op(Op.ADD, 12, 12, 14).jump(1, mix).store(Op.SD, 12, 10, 0)
                .immediate(Op.ADDI, 10, 10, 64).immediate(Op.ADDI, 11, 11, -1).branch(Op.BNE, 11, 0, element);
        Label quiet = new Label();
        Label busy = new Label();
        a.immediate(Op.ADDI, 15, 15, 1).immediate(Op.ANDI, 16, 15, 63).branch(Op.BNE, 16, 0, quiet);
        a.place(busy).immediate(Op.LBU, 16, 22, LSR).immediate(Op.ANDI, 16, 16, LSR_EMPTY).branch(Op.BEQ, 16, 0, busy);
        a.load(16, '.').store(Op.SB, 16, 22, 0).place(quiet);
        return a.branch(Op.BLTU, 10, 21, page).jump(0, sweep).bytes();
    }

    /** Sets the next deadline, or goes on behind the system call. Uses x28 to x31. */
    private static void handler(Assembler a) {
        Label call = new Label();
        a.immediate(Op.CSRRS, 28, 0, MCAUSE).branch(Op.BGE, 28, 0, call);
        a.load(29, MTIMECMP).immediate(Op.LD, 30, 29, 0).load(31, TICKS).op(Op.ADD, 30, 30, 31);
        a.store(Op.SD, 30, 29, 0).op(Op.MRET, 0, 0, 0);
        a.place(call).immediate(Op.CSRRS, 28, 0, MEPC).immediate(Op.ADDI, 28, 28, 4).csrWrite(MEPC, 28)
                .op(Op.MRET, 0, 0, 0);
    }
}
