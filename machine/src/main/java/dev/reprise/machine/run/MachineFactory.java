package dev.reprise.machine.run;

import dev.reprise.chardev.guest.Uart16550;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.interpret.Hart;
import dev.reprise.engine.ClockMode;
import dev.reprise.engine.GuestClock;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.journal.Manifest;
import dev.reprise.engine.journal.Recording;
import dev.reprise.machine.board.Board;
import dev.reprise.machine.board.BoardConfig;
import dev.reprise.machine.board.MachineGuest;
import dev.reprise.machine.config.ConfigException;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.load.BootImages;
import dev.reprise.machine.load.BootPlan;
import dev.reprise.machine.load.LoadException;
import dev.reprise.machine.load.Placement;
import java.nio.file.Path;

/** Makes machines: what a session is told of one, and the guest itself. The same for a recording and its replay. */
public final class MachineFactory {

    /** The guest's name in the manifest. */
    public static final String GUEST = "virt";

    private static final String BIOS = "bios";
    private static final String KERNEL = "kernel";
    private static final String INITRD = "initrd";

    private MachineFactory() {}

    /** The manifest's part of a session's configuration. */
    public static SessionConfig describe(MachineConfig config, ImagePaths images) {
        SessionConfig session = SessionConfig.of(GUEST)
                .unit("steps")
                .clock(config.clock(), MachineConfig.STEP_NS * GuestClock.RATE_ONE)
                .device(Board.UART_NAME, "16550", Uart16550.MODEL_REVISION)
                .device("plic", "sifive-plic")
                .device("clint", "sifive-clint")
                .device("rtc", "goldfish-rtc")
                .device("test", "sifive-test")
                .revision("board", MachineConfig.BOARD_REVISION)
                .revision("cpu", Hart.MODEL_REVISION);
        config.toSettings().forEach(session::setting);
        image(session, BIOS, images.bios());
        image(session, KERNEL, images.kernel());
        image(session, INITRD, images.initrd());
        return session;
    }

    private static void image(SessionConfig session, String role, Path file) {
        if (file != null) {
            session.image(role, file);
        }
    }

    /**
     * The configuration that a recording was made with.
     *
     * @throws ConfigException if it is none that this machine can have
     */
    public static MachineConfig configOf(Manifest manifest) throws ConfigException {
        return MachineConfig.ofSettings(manifest.settings(), manifest.clockMode());
    }

    /** The images of a recording, found by their hash. */
    public static ImagePaths imagesOf(Recording recording, Path elsewhere) {
        return new ImagePaths(find(recording, BIOS, elsewhere), find(recording, KERNEL, elsewhere),
                find(recording, INITRD, elsewhere));
    }

    private static Path find(Recording recording, String role, Path elsewhere) {
        Manifest.ImageEntry image = recording.manifest().image(role);
        return image == null ? null : recording.image(image, elsewhere);
    }

    /**
     * Where everything stands when the machine is switched on.
     *
     * @throws LoadException if an image is malformed or does not fit
     */
    public static BootPlan plan(MachineConfig config, BootImages images) throws LoadException, ConfigException {
        return BootPlan.make(images, config.ramBytes(), config.mmuType(), config.append(), config.rngSeed());
    }

    /** Switches a machine on: RAM holds the images, the hart stands at the reset ROM. */
    public static MachineGuest create(MachineConfig config, BootPlan plan, Session session) {
        boolean host = config.clock() == ClockMode.HOST;
        BoardConfig board = new BoardConfig(config.ramBytes(), "riscv,sv48".equals(config.mmuType()), !host,
                config.rtcEpochSeconds(), host,
                plan.symbols().getOrDefault(BootPlan.TOHOST, 0L), plan.symbols().getOrDefault(BootPlan.FROMHOST, 0L));
        return new MachineGuest(new Board(board, session, plan.rom(), bus -> load(plan, bus)));
    }

    private static void load(BootPlan plan, PhysicalBus bus) {
        for (Placement p : plan.placements()) {
            bus.write(p.address(), p.source(), p.offset(), p.length());
        }
    }
}
