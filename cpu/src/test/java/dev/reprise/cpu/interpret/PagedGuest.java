package dev.reprise.cpu.interpret;

import dev.reprise.cpu.bus.Page;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.csr.Csr;
import dev.reprise.cpu.decode.Decoder;
import dev.reprise.cpu.decode.Disassembler;
import dev.reprise.cpu.mmu.PagingMode;
import dev.reprise.cpu.translate.Translator;
import java.util.List;
import java.util.SplittableRandom;

/** A hart that runs a {@link PagedProgram}, under interrupts and host acts at steps that are the same on every executor. */
final class PagedGuest {
    private static final int[] LINES = {7, 11, 9, 3, 7};
    private static final long BOOT = PagedProgram.RAM + 0x800;

    /**
     * Something that the host does between two runs.
     *
     * @param gap steps since the act before
     */
    record HostAct(What what, int gap, int seed) {
        enum What { RAISE, LOWER, SAVE, LOAD, SAVE_AND_LOAD, RESET, FLUSH, WRITE_CODE, WRITE_DATA, STOP }

        @Override
        public String toString() {
            return what + "(+" + gap + "," + seed + ")";
        }
    }

    final PhysicalBus bus = new PhysicalBus(PagedProgram.RAM, (long) PagedProgram.RAM_PAGES << 12);
    final TestPlatform platform = new TestPlatform();
    final Hart hart;
    private final List<HostAct> acts;
    private int nextAct;
    private long nextActStep;
    private byte[] keptHart;
    private byte[] keptRam;
    private long pulses;

    /** @param translator null for the usual one */
    PagedGuest(PagedProgram program, List<HostAct> acts, Execution execution, Translator translator) {
        this.acts = acts;
        HartConfig config = new HartConfig(0, BOOT, PagingMode.SV39, execution);
        hart = translator == null ? new Hart(config, bus, platform, 1 << 12, 1 << 8)
                : new Hart(config, bus, platform, 1 << 12, 1 << 8, translator);
        byte[] image = program.image();
        bus.write(PagedProgram.RAM, image, 0, image.length);
        nextActStep = acts.isEmpty() ? Long.MAX_VALUE : acts.get(0).gap();
        platform.deadlineStep = 301;
        platform.onDeadline = this::pulse;
    }

    /** Interrupts that come within a run: a line is up for some steps, then down for more. */
    private void pulse() {
        pulses++;
        int line = LINES[(int) (pulses / 2 % LINES.length)];
        boolean up = (pulses & 1) == 0;
        hart.setInterruptLine(line, up);
        platform.deadlineStep = hart.step() + (up ? 1 + pulses % 5 : 40 + pulses * pulses * 7 % 433);
    }

    /** Runs exactly to a step. */
    void runTo(long step) {
        while (hart.step() < step) {
            long until = Math.min(step, nextActStep);
            if (hart.step() < until && hart.runUntil(until) == StopReason.IDLE) {
                hart.setInterruptLine(7, true);
                platform.deadlineStep = hart.step() + 3;
                pulses |= 1;
            }
            if (hart.step() == nextActStep) {
                act(acts.get(nextAct));
                nextAct = (nextAct + 1) % acts.size();
                nextActStep += Math.max(1, acts.get(nextAct).gap());
            }
        }
    }

    private void act(HostAct act) {
        SplittableRandom random = new SplittableRandom(act.seed());
        switch (act.what()) {
            case RAISE -> hart.setInterruptLine(LINES[act.seed() % LINES.length], true);
            case LOWER -> hart.setInterruptLine(LINES[act.seed() % LINES.length], false);
            case SAVE -> {
                keptHart = savedHart();
                keptRam = savedRam();
            }
            case LOAD -> {
                if (keptHart != null) {
                    load(keptHart, keptRam);
                }
            }
            case SAVE_AND_LOAD -> load(savedHart(), savedRam());
            case RESET -> hart.reset();
            case FLUSH -> hart.flushCaches();
            case WRITE_CODE -> {
                byte[] bytes = new byte[2 + 2 * random.nextInt(3)];
                random.nextBytes(bytes);
                bytes[0] |= 3;
                long page = PagedProgram.RAM + (PagedProgram.CODE_PAGE + (act.seed() & 1) << 12);
                bus.write(page + 2 * random.nextInt(2040), bytes, 0, bytes.length);
            }
            case WRITE_DATA -> {
                byte[] bytes = new byte[1 + random.nextInt(16)];
                random.nextBytes(bytes);
                bus.write(PagedProgram.RAM + (PagedProgram.DATA_PAGE << 12) + random.nextInt(8000), bytes, 0, bytes.length);
            }
            case STOP -> hart.requestStop();
        }
    }

    private byte[] savedHart() {
        ByteSink sink = new ByteSink();
        hart.saveState(sink);
        return sink.bytes();
    }

    private byte[] savedRam() {
        ByteSink sink = new ByteSink();
        bus.saveRam(sink);
        return sink.bytes();
    }

    /** The step goes on: it is the host's. */
    private void load(byte[] hartState, byte[] ram) {
        long step = hart.step();
        hart.loadState(ByteSink.source(hartState));
        bus.loadRam(ByteSink.source(ram));
        hart.setStep(step);
    }

    /** Everything that a guest can see. */
    byte[] state() {
        ByteSink sink = new ByteSink();
        hart.saveState(sink);
        bus.digestRam(sink);
        sink.putLong(platform.skippedTicks);
        sink.putLong(platform.deadlineStep);
        return sink.bytes();
    }

    /** What differs, by name and with both values. */
    String difference(PagedGuest other) {
        StringBuilder text = new StringBuilder("step " + hart.step() + " " + other.hart.step());
        add(text, "pc", hart.pc(), other.hart.pc());
        add(text, "privilege", hart.privilege(), other.hart.privilege());
        for (int i = 0; i < 32; i++) {
            add(text, "x" + i, hart.x(i), other.hart.x(i));
            add(text, "f" + i, hart.f(i), other.hart.f(i));
        }
        for (int csr : new int[] {Csr.FCSR, Csr.MSTATUS, Csr.MEPC, Csr.MCAUSE, Csr.MTVAL, Csr.SEPC, Csr.SCAUSE, Csr.STVAL,
            Csr.SATP, Csr.MINSTRET, Csr.MCYCLE, Csr.MIP}) {
            add(text, "csr " + Integer.toHexString(csr), hart.csr(csr), other.hart.csr(csr));
        }
        for (int page = 0; page < PagedProgram.RAM_PAGES; page++) {
            for (int at = 0; at < Page.BYTES; at += 8) {
                add(text, "page " + page + " at " + Integer.toHexString(at), Page.get(bus.page(page), at, 8),
                        Page.get(other.bus.page(page), at, 8));
            }
        }
        return text.toString();
    }

    private static void add(StringBuilder text, String name, long mine, long others) {
        if (mine != others) {
            text.append("; ").append(name).append(' ').append(Long.toHexString(mine)).append(" and ")
                    .append(Long.toHexString(others));
        }
    }

    /** What stands at the pc, if that is in pages that are mapped as they are. */
    String instruction() {
        long page = hart.pc() - PagedProgram.RAM & 0x1f_ffff;
        if (page >>> 12 >= PagedProgram.WINDOW_END) {
            return "elsewhere";
        }
        page = page >>> 12 < PagedProgram.WINDOW_PAGE ? page : 8 + (page >>> 12 & 7) << 12 | page & 4095;
        long at = PagedProgram.RAM + page;
        long word = bus.load(at, 2) | bus.load(at + 2, 2) << 16;
        int length = Decoder.lengthOf((int) word & 0xffff);
        return Disassembler.disassemble(hart.pc(), length == 2 ? (int) word & 0xffff : (int) word);
    }
}
