package dev.reprise.cpu.judge;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs an image on QEMU's virt board: the program writes a mark into memory and waits for ever; the memory is read
 * over QMP. (A write to the board's test device would end QEMU before anything could be read.)
 */
final class QemuRunner {
    private static final String PROGRAM = "qemu-system-riscv64";
    /**
     * The extensions and identities of this hart. With room for a second hart, QEMU executes AMOs as such and not as
     * a load and a store, so that their faults are those of stores; with Smaia and Ssaia it orders interrupts that are pending
     * together as the privileged specification does (3.1.9), without it by their numbers.
     */
    static final String CPU = "rv64,h=false,zbc=false,debug=false,x-smaia=true,x-ssaia=true";
    private static final String SMP = "cpus=1,maxcpus=2";
    private static final int TIMEOUT_SECONDS = 60;

    private final int timeoutSeconds;

    QemuRunner() {
        this(TIMEOUT_SECONDS);
    }

    QemuRunner(int timeoutSeconds) {
        this.timeoutSeconds = timeoutSeconds;
    }

    /** The memory that the image leaves, as long as the image. */
    byte[] run(byte[] image) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("judge");
        try {
            Path file = Files.write(folder.resolve("image"), image);
            Path socket = folder.resolve("qmp");
            Process process = start(List.of(PROGRAM, "-M", "virt", "-cpu", CPU, "-smp", SMP, "-m", "64M",
                    "-bios", "none", "-display", "none", "-serial", "null", "-monitor", "none",
                    "-device", "loader,file=" + file + ",addr=0x80000000,force-raw=on",
                    "-qmp", "unix:" + socket + ",server=on,wait=off"), folder.resolve("log"));
            try {
                return readMemory(process, socket, folder, image.length);
            } finally {
                process.destroy();
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static Process start(List<String> command, Path log) throws IOException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        } catch (IOException e) {
            throw new IOException("the judge is missing: install qemu-system-riscv64 (Debian: qemu-system-misc)", e);
        }
    }

    private byte[] readMemory(Process process, Path socket, Path folder, int length)
            throws IOException, InterruptedException {
        Path dump = folder.resolve("dump");
        try (Qmp qmp = connect(process, socket, folder.resolve("log"))) {
            qmp.execute("{\"execute\":\"qmp_capabilities\"}");
            for (int i = 0; i < timeoutSeconds * 100; i++) {
                Thread.sleep(i < 20 ? 2 : 10);
                byte[] mark = save(qmp, dump, Slot.RAM + Slot.DONE, 8);
                if (ByteBuffer.wrap(mark).getLong() == Long.reverseBytes(Slot.DONE_MAGIC)) {
                    return save(qmp, dump, Slot.RAM, length);
                }
            }
            byte[] progress = save(qmp, dump, Slot.RAM + Slot.PROGRESS, 8);
            throw new IOException("the program does not end on the judge, sequences done: "
                    + Long.reverseBytes(ByteBuffer.wrap(progress).getLong()));
        }
    }

    /** The socket's file is there a moment before anyone listens. */
    private static Qmp connect(Process process, Path socket, Path log) throws IOException, InterruptedException {
        for (;;) {
            try {
                return new Qmp(socket);
            } catch (SocketException e) {
                if (!process.isAlive()) {
                    throw new IOException("qemu ended: " + Files.readString(log), e);
                }
                Thread.sleep(2);
            }
        }
    }

    private static byte[] save(Qmp qmp, Path dump, long address, int length) throws IOException {
        qmp.execute("{\"execute\":\"pmemsave\",\"arguments\":{\"val\":" + address + ",\"size\":" + length
                + ",\"filename\":\"" + dump + "\"}}");
        return Files.readAllBytes(dump);
    }

    /** One connection; every command waits for its answer. */
    private static final class Qmp implements AutoCloseable {
        private final SocketChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

        Qmp(Path socket) throws IOException {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            buffer.flip();
            line();
        }

        void execute(String command) throws IOException {
            channel.write(ByteBuffer.wrap(command.getBytes(StandardCharsets.UTF_8)));
            String answer = line();
            while (answer.contains("\"event\"")) {
                answer = line();
            }
            if (!answer.startsWith("{\"return\"")) {
                throw new IOException(command + " answered " + answer);
            }
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (;;) {
                while (buffer.hasRemaining()) {
                    char c = (char) buffer.get();
                    if (c == '\n') {
                        return line.toString();
                    }
                    line.append(c);
                }
                buffer.clear();
                if (channel.read(buffer) < 0) {
                    throw new IOException("qemu closed the connection");
                }
                buffer.flip();
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
