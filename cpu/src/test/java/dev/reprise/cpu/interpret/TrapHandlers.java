package dev.reprise.cpu.interpret;

import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Op;

/**
 * The trap handlers of a {@link PagedProgram}. They trust nothing that the program can change: where they save is found
 * by their own pc.
 */
final class TrapHandlers {
    private static final int SAVE = 2 << 12;
    private static final int[] SAVED = {5, 6, 7, 28, 29};
    private static final int MPP_SUPERVISOR = 0x800;

    private final ProgramCode code;
    private final PagedProgram program;
    private String name;
    private boolean machine;

    TrapHandlers(ProgramCode code, PagedProgram program) {
        this.code = code;
        this.program = program;
    }

    void write() {
        code.goTo(SAVE).label("machine save").goTo(SAVE + 256).label("supervisor save");
        write(true, 0);
        write(false, 1 << 12);
    }

    private int csr(int machines, int supervisors) {
        return machine ? machines : supervisors;
    }

    private ProgramCode label(String suffix) {
        return code.label(name + suffix);
    }

    private void write(boolean forMachine, int at) {
        machine = forMachine;
        name = machine ? "machine" : "supervisor";
        int epc = csr(Csr.MEPC, Csr.SEPC);
        int status = csr(Csr.MSTATUS, Csr.SSTATUS);
        code.goTo(at).label(name + " trap").csrw(csr(Csr.MSCRATCH, Csr.SSCRATCH), 31).la(31, name + " save");
        for (int i = 0; i < SAVED.length; i++) {
            code.s(Op.SD, 31, SAVED[i], 8 * i);
        }
        code.csrr(5, csr(Csr.MCAUSE, Csr.SCAUSE)).branch(Op.BLT, 5, 0, name + " interrupt");
        for (int cause : new int[] {12, 13, 15}) {
            code.li(6, cause).branch(Op.BEQ, 5, 6, name + " page");
        }
        code.li(6, 8).branch(Op.BEQ, 5, 6, name + " user");
        code.li(6, 1).branch(Op.BGEU, 6, 5, name + " anew");
        code.li(6, 2).branch(Op.BNE, 5, 6, name + " skip");
        code.li(6, Csr.MSTATUS_FS).i(Op.CSRRS, 0, 6, status);

        // Behind the instruction, which must be read to know how long it is, with the rights of its mode.
        label(" skip").csrr(6, epc).li(28, machine ? Csr.MSTATUS_MPRV | Csr.MSTATUS_MXR : Csr.MSTATUS_SUM | Csr.MSTATUS_MXR);
        code.i(Op.CSRRS, 0, 28, status).i(Op.LHU, 7, 6, 0);
        code.li(28, machine ? Csr.MSTATUS_MPRV | Csr.MSTATUS_MXR : Csr.MSTATUS_MXR).i(Op.CSRRC, 0, 28, status);
        code.branch(Op.BEQ, 7, 0, name + " anew").i(Op.ANDI, 7, 7, 3).i(Op.ADDI, 6, 6, 2).li(28, 3);
        code.branch(Op.BNE, 7, 28, name + " on").i(Op.ADDI, 6, 6, 2);
        label(" on").csrw(epc, 6);

        label(" return");
        for (int i = 0; i < SAVED.length; i++) {
            code.i(Op.LD, SAVED[i], 31, 8 * i);
        }
        code.csrr(31, csr(Csr.MSCRATCH, Csr.SSCRATCH)).op(machine ? Op.MRET : Op.SRET);
        writePageFault(epc);
        writeCall(epc, status);

        label(" anew").la(6, "head");
        if (program.mode() == 0) {
            code.i(Op.BSETI, 6, 6, PagedProgram.USER_BIT);
        }
        code.csrw(epc, 6).la(31, name + " save");
        setMode(status);
        code.jump(0, name + " return");

        // Lines are lowered by the host; time goes on.
        label(" interrupt").csrr(6, Csr.TIME).i(Op.ADDI, 6, 6, 41).csrw(Csr.STIMECMP, 6);
        code.li(6, Csr.SSIP).i(Op.CSRRC, 0, 6, csr(Csr.MIP, Csr.SIP)).jump(0, name + " return");
    }

    /** Maps the page as it was at first, unless it is that already. */
    private void writePageFault(int epc) {
        label(" page").csrr(6, csr(Csr.MTVAL, Csr.STVAL)).i(Op.SRLI, 7, 6, 22).li(28, PagedProgram.RAM >>> 22);
        code.branch(Op.BNE, 7, 28, name + " lost").i(Op.SRLI, 7, 6, 12).i(Op.ANDI, 7, 7, 511);
        code.li(28, PagedProgram.WINDOW_END).branch(Op.BGEU, 7, 28, name + " lost");
        code.i(Op.SRLI, 6, 6, PagedProgram.USER_BIT).i(Op.ANDI, 6, 6, 1);
        // x7 page, x6 user's; x28 the address of its leaf in the space in use.
        code.csrr(28, Csr.SATP).i(Op.SLLI, 28, 28, 20).i(Op.SRLI, 28, 28, 8).i(Op.LUI, 29, 0, 0x2000).r(Op.ADD, 28, 28, 29);
        code.i(Op.SLLI, 29, 6, 12).r(Op.ADD, 28, 28, 29).i(Op.SLLI, 29, 7, 3).r(Op.ADD, 28, 28, 29);
        code.i(Op.SLLI, 6, 6, 4).i(Op.ORI, 6, 6, 0xcf).li(29, PagedProgram.WINDOW_PAGE);
        code.branch(Op.BLTU, 7, 29, name + " home").i(Op.ANDI, 7, 7, 7).i(Op.ORI, 7, 7, 8);
        label(" home").i(Op.SLLI, 7, 7, 10).r(Op.OR, 6, 6, 7).li(7, PagedProgram.RAM >>> 2).r(Op.OR, 6, 6, 7);
        code.i(Op.LD, 7, 28, 0).branch(Op.BEQ, 6, 7, name + " lost").s(Op.SD, 28, 6, 0);
        code.i(Op.ANDI, 6, 28, 8).branch(Op.BEQ, 6, 0, name + " return").op(Op.SFENCE_VMA).jump(0, name + " return");
        label(" lost").li(6, 12).branch(Op.BEQ, 5, 6, name + " anew").jump(0, name + " skip");
    }

    /** A call of user mode: back to the program's mode, if that is another. */
    private void writeCall(int epc, int status) {
        label(" user").csrr(6, epc).i(Op.ADDI, 6, 6, 4);
        if (program.mode() != 0) {
            code.i(Op.BCLRI, 6, 6, PagedProgram.USER_BIT);
        }
        code.csrw(epc, 6);
        setMode(status);
        code.jump(0, name + " return");
    }

    private void setMode(int status) {
        if (machine) {
            code.li(6, Csr.MSTATUS_MPP).i(Op.CSRRC, 0, 6, status);
            int bits = program.mode() == 3 ? (int) Csr.MSTATUS_MPP : program.mode() == 1 ? MPP_SUPERVISOR : 0;
            code.li(6, bits).i(Op.CSRRS, 0, 6, status);
        } else {
            code.li(6, Csr.MSTATUS_SPP).i(program.mode() == 0 ? Op.CSRRC : Op.CSRRS, 0, 6, status);
        }
    }
}
