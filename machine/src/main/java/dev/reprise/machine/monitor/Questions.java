package dev.reprise.machine.monitor;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.interpret.Hart;
import dev.reprise.engine.Session;
import dev.reprise.machine.board.MachineGuest;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What the monitor can be asked. Registers and memory are read from where they are kept, never through a device: a load
 * from a device may change it.
 */
final class Questions {

    static final String HELP = String.join("\r\n",
            "help                  this",
            "info step             the step at which the guest stands",
            "info registers        pc, privilege, x registers and CSRs",
            "info status           mode, step, guest time, instructions",
            "info chardev          the host's side of the character devices",
            "xp ADDRESS [COUNT]    COUNT (1 to 64) words of 32 bits of physical memory; no devices",
            "quit                  end the run, as Ctrl-A x does",
            "");

    private static final int MAX_WORDS = 64;
    private static final int WORDS_PER_LINE = 4;
    private static final String[] ABI = {"zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3",
        "a4", "a5", "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

    private record Register(String name, int number) {}

    private static final Register[] CSRS = {new Register("mstatus", Csr.MSTATUS), new Register("mip", Csr.MIP),
        new Register("mie", Csr.MIE), new Register("mideleg", Csr.MIDELEG), new Register("medeleg", Csr.MEDELEG),
        new Register("mtvec", Csr.MTVEC), new Register("mscratch", Csr.MSCRATCH), new Register("mepc", Csr.MEPC),
        new Register("mcause", Csr.MCAUSE), new Register("mtval", Csr.MTVAL), new Register("stvec", Csr.STVEC),
        new Register("sscratch", Csr.SSCRATCH), new Register("sepc", Csr.SEPC), new Register("scause", Csr.SCAUSE),
        new Register("stval", Csr.STVAL), new Register("satp", Csr.SATP)};

    private final Session session;
    private final MachineGuest guest;
    private final Supplier<String> backends;

    Questions(Session session, MachineGuest guest, Supplier<String> backends) {
        this.session = session;
        this.guest = guest;
        this.backends = backends;
    }

    /** Whole lines, each ended by CR LF; nothing for an empty question. */
    String answer(String question) {
        String[] words = question.split("\\s+");
        return switch (question.isEmpty() ? "" : words[0]) {
            case "" -> "";
            case "help", "?" -> HELP;
            case "info" -> info(words.length == 2 ? words[1] : "");
            case "xp" -> memory(words);
            default -> unknown(question);
        };
    }

    private static String unknown(String question) {
        return "no such command: \"" + question + "\", try help\r\n";
    }

    private String info(String what) {
        return switch (what) {
            case "step" -> guest.position() + "\r\n";
            case "registers" -> registers();
            case "status" -> String.format(Locale.ROOT, "%s, step %d, guest time %d ns, %d instructions%s\r\n",
                    session.mode().name().toLowerCase(Locale.ROOT), guest.position(),
                    session.clock().ns(guest.position()), guest.instructions(),
                    guest.board().hart().waiting() ? ", waiting for an interrupt" : "");
            case "chardev" -> backends.get();
            default -> "info of what: step, registers, status or chardev\r\n";
        };
    }

    private String registers() {
        Hart hart = guest.board().hart();
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, " pc       %016x  privilege %d\r\n", hart.pc(), hart.privilege()));
        for (int i = 0; i < ABI.length; i++) {
            text.append(String.format(Locale.ROOT, " x%-2d/%-4s %016x%s", i, ABI[i], hart.x(i), i % 4 == 3 ? "\r\n" : ""));
        }
        for (int i = 0; i < CSRS.length; i++) {
            text.append(String.format(Locale.ROOT, " %-8s %016x%s", CSRS[i].name, hart.csr(CSRS[i].number),
                    i % 4 == 3 ? "\r\n" : ""));
        }
        return text.toString();
    }

    private String memory(String[] words) {
        long address;
        int count;
        try {
            address = words.length < 2 ? -1 : Long.decode(words[1]);
            count = words.length < 3 ? 1 : Integer.parseInt(words[2]);
        } catch (NumberFormatException notOne) {
            return "xp ADDRESS [COUNT]: not a number\r\n";
        }
        PhysicalBus bus = guest.board().bus();
        long end = bus.ramBase() + bus.ramBytes();
        if (words.length < 2 || words.length > 3 || count < 1 || count > MAX_WORDS || (address & 3) != 0
                || address < bus.ramBase() || address > end - 4L * count) {
            return String.format(Locale.ROOT, "xp ADDRESS [COUNT]: 1 to %d aligned words from %x on, below %x\r\n", MAX_WORDS,
                    bus.ramBase(), end);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            long at = address + 4L * i;
            text.append(i % WORDS_PER_LINE == 0 ? String.format(Locale.ROOT, "%016x:", at) : "");
            text.append(String.format(Locale.ROOT, " %08x", bus.load(at, Integer.BYTES)));
            text.append(i % WORDS_PER_LINE == WORDS_PER_LINE - 1 || i == count - 1 ? "\r\n" : "");
        }
        return text.toString();
    }
}
