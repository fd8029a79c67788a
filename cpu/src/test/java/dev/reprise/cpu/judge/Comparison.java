package dev.reprise.cpu.judge;

import dev.reprise.cpu.decode.Disassembler;
import dev.reprise.cpu.decode.EncodingTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares what a sequence left in memory, byte for byte, and says in the guest's terms what differs. */
final class Comparison {
    private static final int MAX_LINES = 12;

    private Comparison() {
    }

    static boolean equal(Sequence sequence, byte[] judge, byte[] ours) {
        int from = sequence.plan.slot.offset();
        return Arrays.equals(judge, from, from + Slot.SIZE, ours, from, from + Slot.SIZE);
    }

    /** Some lines, the log of traps first: what comes later often follows from it. */
    static List<String> differences(Sequence sequence, byte[] judge, byte[] ours) {
        List<String> lines = new ArrayList<>();
        Slot slot = sequence.plan.slot;
        long state = slot.state();
        for (int offset = Slot.LOG; offset < Slot.FDUMP; offset += 8) {
            add(lines, state + offset, name(slot, state + offset), judge, ours);
        }
        for (long address = slot.address(); address < slot.address() + Slot.SIZE; address += 8) {
            if (address < state + Slot.LOG || address >= state + Slot.FDUMP) {
                add(lines, address, name(slot, address), judge, ours);
            }
        }
        return lines;
    }

    private static void add(List<String> lines, long address, String name, byte[] judge, byte[] ours) {
        long expected = Assembler.peek(judge, address);
        long actual = Assembler.peek(ours, address);
        if (expected != actual && lines.size() < MAX_LINES) {
            lines.add(String.format("%-28s judge %016x  ours %016x", name, expected, actual));
        }
    }

    private static String name(Slot slot, long address) {
        long offset = address - slot.state();
        if (address >= slot.data()) {
            boolean table = address >= slot.table(0);
            long in = address - (table ? slot.table(0) : slot.data());
            return (table ? "page table " : "data ") + in / Slot.PAGE + "+0x" + Long.toHexString(in % Slot.PAGE);
        } else if (offset < 0) {
            return "code at 0x" + Long.toHexString(address);
        } else if (offset < 256) {
            return offset == 0 ? "mstatus at the last trap" : Disassembler.xName((int) offset / 8);
        } else if (offset == Slot.COUNT) {
            return "number of traps";
        } else if (offset == Slot.VECTOR) {
            return "vector of the last trap";
        } else if (offset >= Slot.LOG && offset < Slot.FDUMP) {
            long in = offset - Slot.LOG;
            return "trap " + in / Slot.LOG_ENTRY + " " + Slot.LOG_FIELDS[(int) in % Slot.LOG_ENTRY / 8];
        } else if (offset >= Slot.FDUMP && offset < Slot.CSRDUMP) {
            return Disassembler.fName((int) (offset - Slot.FDUMP) / 8);
        } else if (offset >= Slot.CSRDUMP && offset < Slot.CSRDUMP + 8 * Csrs.DUMP.length) {
            return EncodingTable.csrName(Csrs.DUMP[(int) (offset - Slot.CSRDUMP) / 8]);
        }
        return "state+0x" + Long.toHexString(offset);
    }

    /** The body as text. */
    static List<String> listing(Sequence sequence, byte[] image) {
        List<String> lines = new ArrayList<>();
        long pc = Assembler.peek(image, sequence.plan.slot.state() + Slot.START);
        long end = Assembler.peek(image, sequence.plan.slot.state() + Slot.END);
        while (pc <= end) {
            int word = (int) Assembler.peek(image, pc);
            lines.add(String.format("%x: %s", pc, Disassembler.disassemble(pc, word)));
            pc += (word & 3) == 3 ? 4 : 2;
        }
        return lines;
    }
}
