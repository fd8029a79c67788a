package dev.reprise.machine.run;

import dev.reprise.engine.GuestClock;
import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;
import dev.reprise.machine.board.MachineGuest;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The full state of a machine in a file: guest clock, hart, devices, and the pages of RAM that are not zero. Plain: no
 * compression, no checksum, no configuration; it is loaded into a machine of the same configuration.
 *
 * <pre>
 *   +----------------+---------------------+-------------------------------+
 *   | "RPRSTAT1"     | guest clock         | MachineGuest.save             |
 *   | 8 bytes        | 3 longs             | to the end of the file        |
 *   +----------------+---------------------+-------------------------------+
 * </pre>
 *
 * <p>Integers are little-endian.
 */
public final class StateFile {

    private static final long MAGIC = 0x3154_4154_5352_5052L;

    private StateFile() {}

    /** Writes the state, which is that between two steps, by rename. */
    public static void write(MachineGuest guest, GuestClock clock, Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (OutputStream stream = Files.newOutputStream(part)) {
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream, 1 << 16));
            Sink sink = new Sink(out);
            sink.putLong(MAGIC);
            clock.write(sink);
            guest.save(sink);
            out.flush();
        } catch (UncheckedIOException e) {
            Files.deleteIfExists(part);
            throw e.getCause();
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Takes over a state.
     *
     * @throws MalformedStateException if the file holds none of such a machine; the machine is then in no defined state
     */
    public static void read(MachineGuest guest, GuestClock clock, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            StateSource source = StateSource.of(bytes.order(ByteOrder.LITTLE_ENDIAN));
            if (source.getLong() != MAGIC) {
                throw new MalformedStateException("not the state of a machine: " + file);
            }
            clock.read(source);
            guest.load(source);
            if (source.remaining() != 0) {
                throw new MalformedStateException("bytes after the state: " + source.remaining());
            }
        }
    }

    private record Sink(DataOutputStream out) implements StateSink {

        @Override
        public void putLong(long value) {
            try {
                out.writeLong(Long.reverseBytes(value));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void putInt(int value) {
            try {
                out.writeInt(Integer.reverseBytes(value));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void putByte(int value) {
            try {
                out.writeByte(value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void putBytes(byte[] bytes, int offset, int length) {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
