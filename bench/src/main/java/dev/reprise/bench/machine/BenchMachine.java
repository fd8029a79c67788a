package dev.reprise.bench.machine;

import dev.reprise.cpu.interpret.Execution;
import dev.reprise.engine.ClockMode;
import dev.reprise.engine.Host;
import dev.reprise.engine.Mode;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.machine.board.EntropyKind;
import dev.reprise.machine.board.MachineGuest;
import dev.reprise.machine.config.ConfigException;
import dev.reprise.machine.config.MachineConfig;
import dev.reprise.machine.load.BootImages;
import dev.reprise.machine.load.BootPlan;
import dev.reprise.machine.load.ImageFile;
import dev.reprise.machine.load.LoadException;
import dev.reprise.machine.run.ImagePaths;
import dev.reprise.machine.run.MachineFactory;
import java.nio.file.Path;
import java.util.Arrays;

/** The whole board with a session, driven by the benchmark's thread. */
final class BenchMachine implements AutoCloseable {

    private static final long RAM_BYTES = 16L << 20;

    private final Session session;
    private final MachineGuest guest;
    private final int slice;

    /**
     * @param elf the program
     * @param mode recorded, replayed or neither
     * @param recording where the log is, or is made; not used with recording off
     * @param slice steps between two boundaries; a replay must be given its recording's
     */
    BenchMachine(byte[] elf, Mode mode, Path recording, Execution execution, int slice) {
        this.slice = slice;
        try {
            MachineConfig config = new MachineConfig(RAM_BYTES, MachineConfig.DEFAULT_MMU, null, ClockMode.INSTRUCTIONS,
                    MachineConfig.DEFAULT_RTC_EPOCH_SECONDS, null, EntropyKind.TIMERIOMEM);
            BootPlan plan = MachineFactory.plan(config, new BootImages(null, new ImageFile("bench.elf", elf), null));
            SessionConfig description = MachineFactory.describe(config, new ImagePaths(null, null, null))
                    .host(new CheapHost()).durability(0);
            session = switch (mode) {
                case OFF -> Sessions.off(description);
                case RECORD -> Sessions.record(recording, description, true);
                case REPLAY -> Sessions.replay(recording, description);
            };
            guest = MachineFactory.create(config, plan, session, execution);
        } catch (LoadException | ConfigException e) {
            throw new IllegalStateException(e);
        }
        session.boundary(guest);
    }

    Session session() {
        return session;
    }

    /** Runs that many slices, each with its boundary. */
    long run(int slices) {
        for (int i = 0; i < slices; i++) {
            guest.runUntil(guest.position() + slice);
            if (!session.boundary(guest)) {
                throw new IllegalStateException("the run ended at " + guest.position() + ": " + session.result());
            }
        }
        return guest.position();
    }

    @Override
    public void close() {
        session.close();
    }

    /** Its answers cost next to nothing, so that what is measured is ours. */
    private static final class CheapHost implements Host {
        private long ns = 1_767_225_600_000_000_000L;

        @Override
        public long clockNs(int clockKind) {
            ns += 40_000;
            return ns;
        }

        @Override
        public void random(byte[] into, int offset, int length) {
            Arrays.fill(into, offset, offset + length, (byte) ++ns);
        }
    }
}
