package dev.reprise.machine.run;

import dev.reprise.chardev.guest.Uart16550;
import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.cpu.interpret.Execution;
import dev.reprise.cpu.interpret.Hart;
import dev.reprise.cpu.translate.Translator;
import dev.reprise.engine.ClockMode;
import dev.reprise.engine.GuestClock;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.journal.Manifest;
import dev.reprise.engine.journal.Recording;
import dev.reprise.machine.board.Board;
import dev.reprise.machine.board.BoardConfig;
import dev.reprise.machine.board.Entropy;
import dev.reprise.machine.board.EntropyKind;
import dev.reprise.machine.board.MachineGuest;
import dev.reprise.machine.board.VirtioEntropy;
import dev.reprise.machine.config.ConfigException;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.load.BootImages;
import dev.reprise.machine.load.BootPlan;
import dev.reprise.machine.load.ImageFile;
import dev.reprise.machine.load.LoadException;
import dev.reprise.machine.load.Placement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes machines: what a session is told of one, and the guest itself. The same for a recording and its replay. */
public final class MachineFactory {

    /** The guest's name in the manifest. */
    public static final String GUEST = "virt";

    private static final String BIOS = "bios";
    private static final String KERNEL = "kernel";
    private static final String INITRD = "initrd";

    private MachineFactory() {}

    /** The devices of the board, in the order of {@link Board#devices}. */
    private static final List<SessionConfig.Device> DEVICES = List.of(
            new SessionConfig.Device(Board.UART_NAME, "16550", Uart16550.MODEL_REVISION),
            new SessionConfig.Device("plic", "sifive-plic", 1),
            new SessionConfig.Device("clint", "sifive-clint", 1),
            new SessionConfig.Device("rtc", "goldfish-rtc", 1),
            new SessionConfig.Device("test", "sifive-test", 1));

    private static final SortedMap<String, Integer> REVISIONS = new TreeMap<>(Map.of(
            "board", MachineConfig.BOARD_REVISION, "cpu", Hart.MODEL_REVISION));

    /** The manifest's part of a session's configuration. */
    public static SessionConfig describe(MachineConfig config, ImagePaths images) {
        return describe(config, images, new BootImages(null, null, null), devices(config), REVISIONS);
    }

    /**
     * As {@link #describe(MachineConfig, ImagePaths)}; a recording is then refused if a file is not any more what was
     * loaded.
     */
    public static SessionConfig describe(MachineConfig config, ImagePaths images, BootImages loaded) {
        return describe(config, images, loaded, devices(config), REVISIONS);
    }

    /**
     * As {@link #describe(MachineConfig, ImagePaths)}, but with the model revisions that a recording names, so that it
     * is not refused; whether this program's models then do the same is what its replay shows. Other devices are still
     * another machine.
     */
    public static SessionConfig describeAsRecorded(MachineConfig config, Manifest manifest) {
        ImagePaths none = new ImagePaths(null, null, null);
        boolean sameDevices = names(manifest.devices()).equals(names(devices(config)));
        return describe(config, none, new BootImages(null, null, null), sameDevices ? manifest.devices() : devices(config),
                manifest.revisions());
    }

    private static List<SessionConfig.Device> devices(MachineConfig config) {
        List<SessionConfig.Device> all = new ArrayList<>(DEVICES);
        switch (config.entropy()) {
            case NONE -> { }
            case TIMERIOMEM -> all.add(new SessionConfig.Device(Entropy.NAME, "timeriomem-rng", Entropy.REVISION));
            case VIRTIO -> all.add(new SessionConfig.Device(VirtioEntropy.NAME, "virtio-rng", VirtioEntropy.REVISION));
        }
        return all;
    }

    private static List<String> names(List<SessionConfig.Device> devices) {
        return devices.stream().map(d -> d.name() + "/" + d.kind()).toList();
    }

    private static SessionConfig describe(MachineConfig config, ImagePaths images, BootImages loaded,
            List<SessionConfig.Device> devices, Map<String, Integer> revisions) {
        SessionConfig session = SessionConfig.of(GUEST)
                .unit("steps")
                .clock(config.clock(), MachineConfig.STEP_NS * GuestClock.RATE_ONE);
        devices.forEach(d -> session.device(d.name(), d.kind(), d.revision()));
        revisions.forEach(session::revision);
        config.toSettings().forEach(session::setting);
        image(session, BIOS, images.bios(), loaded.bios());
        image(session, KERNEL, images.kernel(), loaded.kernel());
        image(session, INITRD, images.initrd(), loaded.initrd());
        return session;
    }

    private static void image(SessionConfig session, String role, Path file, ImageFile loaded) {
        if (file != null) {
            session.image(role, file, loaded == null ? null : loaded.sha256());
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
        return BootPlan.make(images, config.ramBytes(), config.mmuType(), config.append(), config.rngSeed(),
                config.entropy() == EntropyKind.TIMERIOMEM);
    }

    /** Switches a machine on: RAM holds the images, the hart stands at the reset ROM. */
    public static MachineGuest create(MachineConfig config, BootPlan plan, Session session) {
        return create(config, plan, session, Execution.TRANSLATED);
    }

    /** As {@link #create(MachineConfig, BootPlan, Session)}, executed in a way of one's choice, which no guest can see. */
    public static MachineGuest create(MachineConfig config, BootPlan plan, Session session, Execution execution) {
        return create(config, plan, session, execution, null);
    }

    /** @param translator for tests that plant a bug in one; null for the usual one */
    static MachineGuest create(MachineConfig config, BootPlan plan, Session session, Execution execution,
            Translator translator) {
        boolean host = config.clock() == ClockMode.HOST;
        BoardConfig board = new BoardConfig(config.ramBytes(), "riscv,sv48".equals(config.mmuType()), !host,
                config.rtcEpochSeconds(), host, config.entropy(),
                plan.symbols().getOrDefault(BootPlan.TOHOST, 0L), plan.symbols().getOrDefault(BootPlan.FROMHOST, 0L),
                execution);
        return new MachineGuest(new Board(board, session, plan.rom(), bus -> load(plan, bus), translator));
    }

    private static void load(BootPlan plan, PhysicalBus bus) {
        for (Placement p : plan.placements()) {
            bus.write(p.address(), p.source(), p.offset(), p.length());
        }
    }
}
