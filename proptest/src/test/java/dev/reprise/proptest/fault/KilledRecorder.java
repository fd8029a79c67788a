package dev.reprise.proptest.fault;

import dev.reprise.engine.Guest;
import dev.reprise.engine.ResetCause;
import dev.reprise.engine.Session;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.Sessions;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.ring.OutputRing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that records a talkative guest until it is killed; what leaves through its backend goes to a file, which is
 * the outside world. Arguments: the recording, that file, the durability level.
 */
final class KilledRecorder {

    private KilledRecorder() {}

    /** Says a line now and then, made of answers of the host. */
    static final class Talker implements Guest {

        private final Session session;
        private long position;
        private long learnt;

        Talker(Session session) {
            this.session = session;
        }

        @Override
        public Status runUntil(long limit) {
            while (position < limit) {
                learnt = learnt * 31 + session.ask(1, System::nanoTime);
                if (position % 3 == 0) {
                    byte[] line = ("at " + position + " learnt " + learnt + "\n").getBytes(StandardCharsets.US_ASCII);
                    session.output(1, line, 0, line.length);
                }
                position++;
            }
            return Status.RAN;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void apply(Event input) {
            // Only that there is room again; what was refused is not said again.
        }

        @Override
        public void reset(ResetCause cause) {
            throw new IllegalStateException("nobody asked for it");
        }

        @Override
        public void digest(StateSink sink) {
            sink.putLong(position);
            sink.putLong(learnt);
        }
    }

    static SessionConfig config() {
        return SessionConfig.of("talker").device("console", "text").digestEvery(500);
    }

    public static void main(String[] args) throws IOException {
        int durability = Integer.parseInt(args[2]);
        try (FileChannel world = FileChannel.open(Path.of(args[1]), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                Session session = Sessions.record(Path.of(args[0]), config().durability(durability).quantum(10))) {
            OutputRing output = session.outputRing(1);
            Thread backend = new Thread(() -> pump(output, world), "backend");
            backend.setDaemon(true);
            backend.start();
            Talker guest = new Talker(session);
            while (session.boundary(guest)) {
                guest.runUntil(guest.position() + 10);
                LockSupport.parkNanos(200_000);
            }
        }
    }

    private static void pump(OutputRing output, FileChannel world) {
        byte[] chunk = new byte[4096];
        try {
            for (int count = output.take(chunk, 0, chunk.length, 1_000_000_000); count >= 0;
                    count = output.take(chunk, 0, chunk.length, 1_000_000_000)) {
                world.write(ByteBuffer.wrap(chunk, 0, count));
            }
        } catch (IOException gone) {
            output.close();
        }
    }
}
