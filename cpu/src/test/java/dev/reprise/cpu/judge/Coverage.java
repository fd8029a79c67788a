package dev.reprise.cpu.judge;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.decode.Encoding;
import dev.reprise.cpu.decode.EncodingTable;
import dev.reprise.cpu.decode.Op;
import dev.reprise.cpu.interpret.Hart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what bodies really executed: encodings, rounding modes, trap causes. A count that is too low is a hole. */
final class Coverage implements HartRunner.Observer {
    static final int PER_ENCODING = 50;
    static final int PER_ROUNDING_MODE = 5;
    static final int PER_CAUSE = 5;
    private static final int DYNAMIC = 7;
    private static final int MODES = 5;
    private static final int[] EXCEPTIONS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15};
    private static final int[] EXCEPTIONS_OF_S = {1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 15};
    private static final int[] INTERRUPTS = {1, 3, 5, 7, 9, 11};
    private static final int[] INTERRUPTS_OF_S = {1, 5, 9};

    private final TreeMap<String, Integer> encodings = new TreeMap<>();
    private final TreeMap<String, Integer> rounding = new TreeMap<>();
    private final TreeMap<String, Integer> causes = new TreeMap<>();
    private long instructions;
    private long bodyStart;
    private long bodyEnd;
    private long slotAddress;
    private Encoding current;
    private String currentRounding;

    Coverage() {
        EncodingTable.instructions().forEach(e -> encodings.put(e.mnemonic(), 0));
        EncodingTable.compressed().forEach(e -> encodings.put(e.mnemonic(), 0));
        for (Encoding encoding : EncodingTable.instructions()) {
            for (int mode = 0; encoding.format().hasRoundingMode() && mode < MODES; mode++) {
                rounding.put(encoding.mnemonic() + " static " + mode, 0);
                rounding.put(encoding.mnemonic() + " dynamic " + mode, 0);
            }
        }
        addCauses("M exception ", EXCEPTIONS);
        addCauses("S exception ", EXCEPTIONS_OF_S);
        addCauses("M interrupt ", INTERRUPTS);
        addCauses("S interrupt ", INTERRUPTS_OF_S);
    }

    private void addCauses(String prefix, int[] numbers) {
        for (int number : numbers) {
            causes.put(prefix + number, 0);
        }
    }

    @Override
    public void before(Hart hart, PhysicalBus bus) {
        current = null;
        if (hart.waiting()) {
            return;
        }
        long pc = hart.pc();
        long slot = pc & -Slot.SIZE;
        long page = pc - slot >>> 12;
        if (pc < Slot.RAM + Slot.SIZE || pc >= Slot.RAM + bus.ramBytes() || page != 1 && page != 2) {
            return;
        }
        if (slot != slotAddress) {
            slotAddress = slot;
            bodyStart = bus.load(slot + 4 * Slot.PAGE + Slot.START, 8);
            bodyEnd = bus.load(slot + 4 * Slot.PAGE + Slot.END, 8);
        }
        if (pc >= bodyStart && pc < bodyEnd) {
            int word = (int) (bus.load(pc, 2) | bus.load(pc + 2, 2) << 16);
            current = EncodingTable.find(word);
            currentRounding = null;
            if (current != null && current.format().hasRoundingMode()) {
                int mode = word >>> current.format().roundingModeBit() & 7;
                currentRounding = mode == DYNAMIC ? " dynamic " + hart.csr(Csrs.FRM) : " static " + mode;
            }
        }
    }

    @Override
    public void after(Hart hart) {
        if (current == null) {
            return;
        }
        long place = hart.pc() - slotAddress;
        boolean trapped = place >= 0 && place < 64 || place >= 3 * Slot.PAGE && place < 3 * Slot.PAGE + 64;
        boolean traps = current.op() == Op.ECALL || current.op() == Op.EBREAK;
        if (trapped && !traps) {
            return;
        }
        instructions++;
        encodings.merge(current.mnemonic(), 1, Integer::sum);
        if (currentRounding != null) {
            rounding.merge(current.mnemonic() + currentRounding, 1, Integer::sum);
        }
    }

    /** Counts the traps that the sequence's log holds. */
    void addLog(Sequence sequence, byte[] memory) {
        long state = sequence.plan.slot.state();
        long count = Assembler.peek(memory, state + Slot.COUNT);
        for (int i = 0; i < count; i++) {
            long entry = state + Slot.LOG + (long) i * Slot.LOG_ENTRY;
            long cause = Assembler.peek(memory, entry);
            long mepc = Assembler.peek(memory, entry + 8);
            if (cause == 9 && mepc >>> 12 == sequence.plan.slot.shandler() >>> 12) {
                addCause('S', Assembler.peek(memory, entry + 32));
            } else {
                addCause('M', cause);
            }
        }
    }

    private void addCause(char mode, long cause) {
        causes.merge(mode + (cause < 0 ? " interrupt " : " exception ") + (cause & 63), 1, Integer::sum);
    }

    long instructions() {
        return instructions;
    }

    /** What was counted too seldom. */
    List<String> holes() {
        List<String> holes = new ArrayList<>();
        encodings.forEach((name, count) -> addHole(holes, name, count, PER_ENCODING));
        rounding.forEach((name, count) -> addHole(holes, name, count, PER_ROUNDING_MODE));
        causes.forEach((name, count) -> addHole(holes, name, count, PER_CAUSE));
        return holes;
    }

    private static void addHole(List<String> holes, String name, int count, int wanted) {
        if (count < wanted) {
            holes.add(name + ": " + count + " of " + wanted);
        }
    }

    String table() {
        StringBuilder table = new StringBuilder("instructions compared: " + instructions + "\n");
        append(table, "executed without a trap (ecall, ebreak: with theirs)", encodings);
        append(table, "traps", causes);
        TreeMap<String, Integer> lowest = new TreeMap<>();
        rounding.forEach((name, count) -> lowest.merge(name.substring(0, name.length() - 2), count, Math::min));
        append(table, "rounding modes: the fewest of rne, rtz, rdn, rup, rmm", lowest);
        return table.toString();
    }

    private static void append(StringBuilder table, String title, Map<String, Integer> counts) {
        table.append(title).append(":\n");
        int column = 0;
        for (Map.Entry<String, Integer> entry : counts.entrySet()) {
            table.append(String.format("%-22s %6d%s", entry.getKey(), entry.getValue(), ++column % 4 == 0 ? "\n" : "  "));
        }
        table.append(column % 4 == 0 ? "" : "\n");
    }
}
