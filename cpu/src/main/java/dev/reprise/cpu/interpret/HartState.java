package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.StateSink;
import dev.reprise.cpu.bus.StateSource;
import dev.reprise.cpu.csr.CpuState;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The canonical serialisation of a hart: step, pc, x1 to x31, f0 to f31, fcsr, privilege, waiting, reservation, every
 * CSR, interrupt lines. Counters are stored as values, not as biases, so that the bytes do not depend on how they came
 * to be. Whether the hart's own timer is pending follows from time and stimecmp, and is looked at again after a load: a
 * hart that waits in vain has looked or not, at the same step.
 */
final class HartState {
    /** What {@link #save} puts between the registers and the bytes of pmpcfg, in its order. */
    private static final String[] NAMES = {"fcsr", "privilege", "waiting", "reservation", "reserved value", "mstatus",
        "medeleg", "mideleg", "mie", "mtvec", "mscratch", "mepc", "mcause", "mtval", "mcounteren", "mcountinhibit",
        "menvcfg", "stvec", "sscratch", "sepc", "scause", "stval", "scounteren", "senvcfg", "satp", "stimecmp", "mcycle",
        "minstret", "pmpcfg"};
    private static final int PMP_ENTRIES = 16;
    private static final String[] LAST_NAMES = {"interrupt lines", "software interrupts"};

    private HartState() {
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(List.of("step", "pc"));
        for (int i = 1; i < 32; i++) {
            names.add("x" + i);
        }
        for (int i = 0; i < 32; i++) {
            names.add("f" + i);
        }
        names.addAll(List.of(NAMES));
        for (int i = 0; i < PMP_ENTRIES; i++) {
            names.add("pmpaddr" + i);
        }
        names.addAll(List.of(LAST_NAMES));
        return names;
    }

    /** The values that {@link #save} puts, in hexadecimal. */
    private static List<String> values(CpuState s) {
        List<String> values = new ArrayList<>();
        save(s, new StateSink() {
            @Override
            public void putLong(long value) {
                values.add(Long.toHexString(value));
            }

            @Override
            public void putInt(int value) {
                values.add(Integer.toHexString(value));
            }

            @Override
            public void putBytes(byte[] bytes, int offset, int length) {
                values.add(HexFormat.of().formatHex(bytes, offset, offset + length));
            }
        });
        return values;
    }

    /** What two harts differ in, a line each, by name and with both values. */
    static List<String> differences(CpuState a, CpuState b) {
        List<String> names = names();
        List<String> mine = values(a);
        List<String> others = values(b);
        if (names.size() != mine.size()) {
            throw new IllegalStateException(names.size() + " names for " + mine.size() + " values");
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (!mine.get(i).equals(others.get(i))) {
                lines.add(names.get(i) + ": " + mine.get(i) + " and " + others.get(i));
            }
        }
        return lines;
    }

    static void save(CpuState s, StateSink sink) {
        sink.putLong(s.step);
        sink.putLong(s.pc);
        for (int i = 1; i < 32; i++) {
            sink.putLong(s.x[i]);
        }
        for (int i = 0; i < 32; i++) {
            sink.putLong(s.f[i]);
        }
        sink.putInt(s.frm << 5 | s.flags.bits);
        sink.putInt(s.privilege);
        sink.putInt(s.waiting ? 1 : 0);
        sink.putLong(s.reservation);
        sink.putLong(s.reservedValue);
        sink.putLong(s.mstatus);
        sink.putLong(s.medeleg);
        sink.putLong(s.mideleg);
        sink.putLong(s.mie);
        sink.putLong(s.mtvec);
        sink.putLong(s.mscratch);
        sink.putLong(s.mepc);
        sink.putLong(s.mcause);
        sink.putLong(s.mtval);
        sink.putLong(s.mcounteren);
        sink.putLong(s.mcountinhibit);
        sink.putLong(s.menvcfg);
        sink.putLong(s.stvec);
        sink.putLong(s.sscratch);
        sink.putLong(s.sepc);
        sink.putLong(s.scause);
        sink.putLong(s.stval);
        sink.putLong(s.scounteren);
        sink.putLong(s.senvcfg);
        sink.putLong(s.satp);
        sink.putLong(s.stimecmp);
        sink.putLong(s.cycleBias + cycleStep(s));
        sink.putLong(s.instretBias + instretStep(s));
        sink.putBytes(s.pmpcfg, 0, s.pmpcfg.length);
        for (long address : s.pmpaddr) {
            sink.putLong(address);
        }
        sink.putLong(s.lines);
        sink.putLong(s.softwarePending);
    }

    static void load(CpuState s, StateSource source) {
        s.step = source.getLong();
        s.pc = source.getLong();
        for (int i = 1; i < 32; i++) {
            s.x[i] = source.getLong();
        }
        for (int i = 0; i < 32; i++) {
            s.f[i] = source.getLong();
        }
        int fcsr = source.getInt();
        s.frm = fcsr >>> 5 & 7;
        s.flags.bits = fcsr & 31;
        s.privilege = source.getInt();
        s.waiting = source.getInt() != 0;
        s.reservation = source.getLong();
        s.reservedValue = source.getLong();
        s.mstatus = source.getLong();
        s.medeleg = source.getLong();
        s.mideleg = source.getLong();
        s.mie = source.getLong();
        s.mtvec = source.getLong();
        s.mscratch = source.getLong();
        s.mepc = source.getLong();
        s.mcause = source.getLong();
        s.mtval = source.getLong();
        s.mcounteren = source.getLong();
        s.mcountinhibit = source.getLong();
        s.menvcfg = source.getLong();
        s.stvec = source.getLong();
        s.sscratch = source.getLong();
        s.sepc = source.getLong();
        s.scause = source.getLong();
        s.stval = source.getLong();
        s.scounteren = source.getLong();
        s.senvcfg = source.getLong();
        s.satp = source.getLong();
        s.stimecmp = source.getLong();
        s.cycleBias = source.getLong() - cycleStep(s);
        s.instretBias = source.getLong() - instretStep(s);
        source.getBytes(s.pmpcfg, 0, s.pmpcfg.length);
        for (int i = 0; i < s.pmpaddr.length; i++) {
            s.pmpaddr[i] = source.getLong();
        }
        s.lines = source.getLong();
        s.softwarePending = source.getLong();
        if (s.privilege != CpuState.USER && s.privilege != CpuState.SUPERVISOR && s.privilege != CpuState.MACHINE
                || (s.pc & 1) != 0 || s.step < 0 || (s.mstatus >>> 11 & 3) == 2) {
            throw new IllegalArgumentException("not a hart's state: privilege=" + s.privilege + " pc=" + s.pc
                    + " step=" + s.step);
        }
    }

    private static long cycleStep(CpuState s) {
        return (s.mcountinhibit & 1) != 0 ? 0 : s.step;
    }

    private static long instretStep(CpuState s) {
        return (s.mcountinhibit & 4) != 0 ? 0 : s.step;
    }
}
