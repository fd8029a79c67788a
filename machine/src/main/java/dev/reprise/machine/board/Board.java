package dev.reprise.machine.board;

import dev.reprise.chardev.guest.TransmitCounters;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.interpret.Hart;
import dev.reprise.cpu.interpret.HartConfig;
import dev.reprise.cpu.mmu.PagingMode;
import dev.reprise.cpu.translate.Translator;
import dev.reprise.engine.CheckpointKind;
import dev.reprise.engine.ClockKind;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.Session;
import dev.reprise.engine.ShutdownCause;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.event.LinkEvent;
import java.util.List;
import java.util.function.Consumer;

/**
 * The board: one hart, RAM and the devices of {@link MemoryMap}, wired together. Everything belongs to the guest
 * thread.
 */
public final class Board {

    /** The UART's name among the session's devices. */
    public static final String UART_NAME = "uart";

    private static final int MACHINE_SOFTWARE = 3;
    private static final int MACHINE_TIMER = 7;
    private static final int SUPERVISOR_EXTERNAL = 9;
    private static final int MACHINE_EXTERNAL = 11;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final PhysicalBus bus;
    private final Hart hart;
    private final GuestTime time;
    private final BoardPlatform platform;
    private final Uart uart;
    private final Plic plic;
    private final List<BoardDevice> devices;
    private final Htif htif;
    private final Consumer<PhysicalBus> loader;
    private final int uartId;
    private final Session session;
    /** No state, as what the UART counts is none. */
    private long unheardByHtif;

    /**
     * @param rom the reset ROM
     * @param loader puts the images into RAM, at power-on and at each reset
     */
    public Board(BoardConfig config, Session session, byte[] rom, Consumer<PhysicalBus> loader) {
        this(config, session, rom, loader, null);
    }

    /** @param translator for tests that plant a bug in one; null for the usual one */
    public Board(BoardConfig config, Session session, byte[] rom, Consumer<PhysicalBus> loader, Translator translator) {
        this.loader = loader;
        bus = new PhysicalBus(MemoryMap.RAM_BASE, config.ramBytes());
        time = new GuestTime(session.clock(), this::step);
        PowerControl power = new SessionPower(session);

        Clint clint = new Clint(time, hartLine(MACHINE_SOFTWARE), hartLine(MACHINE_TIMER));
        plic = new Plic(hartLine(MACHINE_EXTERNAL), hartLine(SUPERVISOR_EXTERNAL));
        GoldfishRtc rtc = new GoldfishRtc(time,
                config.hostWallClock()
                        ? () -> hostWallClock(session)
                        : () -> config.rtcEpochSeconds() * NS_PER_SECOND + time.nowNs(),
                plic.line(MemoryMap.RTC_IRQ));
        TimerSlot uartTimer = new TimerSlot(time);
        uartId = session.deviceId(UART_NAME);
        platform = new BoardPlatform(time, config.idleJumps(), session::requireCheckpoint, clint, rtc, uartTimer);
        HartConfig hartConfig = new HartConfig(0, MemoryMap.ROM_BASE,
                config.sv48() ? PagingMode.SV48 : PagingMode.SV39, config.execution());
        hart = translator == null ? new Hart(hartConfig, bus, platform) : new Hart(hartConfig, bus, platform, translator);
        time.onShift(hart::timeChanged);
        uart = new Uart(session, uartId, plic.line(MemoryMap.UART_IRQ), uartTimer);
        TestDevice test = new TestDevice(power);
        BoardDevice entropy = switch (config.entropy()) {
            case NONE -> null;
            case TIMERIOMEM -> new Entropy(session);
            case VIRTIO -> new VirtioEntropy(session, bus,
                    plic.line(MemoryMap.VIRTIO_FIRST_IRQ + VirtioEntropy.WINDOW));
        };
        devices = entropy == null ? List.of(uart, plic, clint, rtc, test)
                : List.of(uart, plic, clint, rtc, test, entropy);

        bus.addRom(MemoryMap.ROM_BASE, rom);
        bus.addDevice(MemoryMap.TEST_BASE, MemoryMap.TEST_BYTES, test);
        bus.addDevice(MemoryMap.RTC_BASE, MemoryMap.RTC_BYTES, rtc);
        bus.addDevice(MemoryMap.CLINT_BASE, MemoryMap.CLINT_BYTES, clint);
        bus.addDevice(MemoryMap.PLIC_BASE, MemoryMap.PLIC_BYTES, plic);
        bus.addDevice(MemoryMap.UART_BASE, MemoryMap.UART_BYTES, uart);
        if (config.entropy() == EntropyKind.TIMERIOMEM) {
            bus.addDevice(MemoryMap.ENTROPY_BASE, MemoryMap.ENTROPY_BYTES, entropy);
        }
        for (int i = 0; i < MemoryMap.VIRTIO_WINDOWS; i++) {
            bus.addDevice(MemoryMap.VIRTIO_BASE + (long) i * MemoryMap.VIRTIO_BYTES, MemoryMap.VIRTIO_BYTES,
                    i == VirtioEntropy.WINDOW && config.entropy() == EntropyKind.VIRTIO ? entropy : new EmptyVirtioWindow());
        }
        if (config.tohost() != 0) {
            htif = new Htif(bus, config.tohost(), config.fromhost(), power,
                    character -> {
                        int answer = session.output(uartId, (byte) character);
                        // A console that is gone takes it as a cable without another end does.
                        unheardByHtif += answer < 0 && answer != Session.WOULD_BLOCK ? 1 : 0;
                        return answer != 0 && answer != Session.WOULD_BLOCK;
                    });
            bus.tracker().watch(bus.pageAt(config.tohost()), (int) config.tohost() & MemoryMap.PAGE_BYTES - 1,
                    Long.BYTES, hart::requestStop);
        } else {
            htif = null;
        }
        loader.accept(bus);
        hart.reset();
        this.session = session;
        hart.trapListener((interrupt, cause) -> {
            if (interrupt) {
                session.interruptTaken(cause);
            } else {
                session.exceptionRaised(cause);
            }
        });
    }

    private static long hostWallClock(Session session) {
        session.requireCheckpoint(CheckpointKind.CLOCK_HOST);
        return session.readClock(ClockKind.HOST);
    }

    /** Passes a checkpoint; {@link dev.reprise.machine.board} says which is passed where. */
    void checkpoint(int kind) {
        session.requireCheckpoint(kind);
    }

    private long step() {
        // Devices are made before the hart, and a few ask for the time as they are made.
        return hart == null ? 0 : hart.step();
    }

    private InterruptLine hartLine(int bit) {
        return high -> {
            if (hart != null) {
                hart.setInterruptLine(bit, high);
            }
        };
    }

    public Hart hart() {
        return hart;
    }

    public PhysicalBus bus() {
        return bus;
    }

    /** Devices with state, in the order of the manifest and of the digest. */
    public List<BoardDevice> devices() {
        return devices;
    }

    /** Whether deadlines were served at the hart's present step; see {@link BoardPlatform#servedAt}. */
    boolean deadlinesServedNow() {
        return platform.servedAt(hart.step());
    }

    long idleDeadlineNs() {
        return platform.idleDeadlineNs();
    }

    /**
     * What a stop of the hart was for: serves tohost, if the guest has that word. Called between two steps; what was asked
     * of the session here carries the present step, as do inputs that come now, so the session must be given its turn.
     */
    void serveStop() {
        if (htif != null) {
            htif.serve();
        }
    }

    void start() {
        uart.start();
    }

    /** The session's number of the UART. */
    int uartId() {
        return uartId;
    }

    /** What the console's backend has published: the UART's, and the program's that has written by tohost. */
    void applyToConsole(Event input) {
        uart.apply(input);
        if (htif != null && input.kind() == EventKind.CHAR_LINK) {
            int change = LinkEvent.change(input.a());
            if (change == LinkEvent.WRITABLE || change == LinkEvent.OPENED) {
                htif.retry();
            }
        }
    }

    /** What the guest has written to its console, by whichever way, and no backend has accepted. */
    public TransmitCounters consoleCounters() {
        return uart.transmitCounters().plus(new TransmitCounters(unheardByHtif, 0, htif != null && htif.waits() ? 1 : 0));
    }

    void setLine(int source, boolean high) {
        plic.line(source).set(high);
    }

    /** To power-on: devices, then RAM and images, then the hart. The step goes on. */
    void reset() {
        for (BoardDevice device : devices) {
            device.reset();
        }
        bus.clearRam();
        loader.accept(bus);
        hart.reset();
        platform.forget();
        checkpoint(CheckpointKind.RESET);
    }

    /** Hart and devices; canonical. */
    public void saveWithoutRam(StateSink sink) {
        hart.saveState(CpuState.sink(sink));
        for (BoardDevice device : devices) {
            device.save(sink);
        }
    }

    /** Takes back what {@link #saveWithoutRam} wrote. */
    public void loadWithoutRam(StateSource source) {
        hart.loadState(CpuState.source(source));
        for (BoardDevice device : devices) {
            device.load(source);
        }
        platform.forget();
        hart.timeChanged();
    }

    /** The guest's wishes, as the session takes them; the hart stops after the step. */
    private final class SessionPower implements PowerControl {
        private final Session session;

        SessionPower(Session session) {
            this.session = session;
        }

        @Override
        public void powerOff(boolean pass, int code) {
            session.requireCheckpoint(CheckpointKind.SUSPEND_REQUESTED);
            session.requestShutdown(pass ? ShutdownCause.GUEST_SHUTDOWN : ShutdownCause.GUEST_PANIC, code);
            hart.requestStop();
        }

        @Override
        public void reset() {
            session.requireCheckpoint(CheckpointKind.RESET_REQUESTED);
            session.requestReset(ResetCause.GUEST);
            hart.requestStop();
        }
    }
}
