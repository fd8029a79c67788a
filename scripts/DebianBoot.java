import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Records the Debian boot in interactive mode with typed keys, replays each recording, and compares console, digest
 * and stamps. Started by {@code scripts/ci-debian-boot}, which says what the options are; the first argument is the
 * root of the repository.
 *
 * <p>The keys and the pauses between them come from one seed, the same in all recordings, so that whatever differs
 * between two recordings came from the host's clock.
 */
public final class DebianBoot {
    private static final int MINIMUM_KEYS = 200;
    private static final int MINIMUM_KEYS_WHILE_COMPUTING = 50;
    private static final int IDLE_KEYS = 12;
    private static final long MAXIMUM_LOG_BYTES = 100_000;
    private static final int MESSAGE_LINES = 12;
    private static final long PROCESS_MINUTES = 10;
    private static final Pattern KEY = Pattern.compile("\\[(\\d+) ns\\] (?:key|line) ");

    private final Path root;
    private final Path guest;
    private final Path out;
    private final int recordings;
    private final int keys;
    private final long seed;
    private final boolean keep;
    private final List<String> failures = new ArrayList<>();

    private DebianBoot(Path root, int recordings, int keys, long seed, boolean keep) {
        this.root = root;
        String cache = System.getenv("REPRISE_DEBIAN_CACHE");
        this.guest = cache == null ? root.resolve(".reprise-cache/debian") : Path.of(cache).toAbsolutePath();
        this.out = root.resolve(".reprise-cache/debian-boot");
        this.recordings = recordings;
        this.keys = keys;
        this.seed = seed;
        this.keep = keep;
    }

    public static void main(String[] arguments) throws Exception {
        int recordings = 2;
        int keys = 220;
        long seed = 1;
        boolean keep = false;
        for (int i = 1; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--recordings" -> recordings = Integer.parseInt(value(arguments, ++i));
                case "--keys" -> keys = Integer.parseInt(value(arguments, ++i));
                case "--seed" -> seed = Long.parseLong(value(arguments, ++i));
                case "--keep" -> keep = true;
                default -> throw usage("unknown option " + arguments[i]);
            }
        }
        if (recordings < 2 || keys < MINIMUM_KEYS) {
            throw usage("at least 2 recordings and " + MINIMUM_KEYS + " keys");
        }
        System.exit(new DebianBoot(Path.of(arguments[0]), recordings, keys, seed, keep).run() ? 0 : 1);
    }

    private static String value(String[] arguments, int index) {
        if (index == arguments.length) {
            throw usage(arguments[index - 1] + " wants a number");
        }
        return arguments[index];
    }

    private static RuntimeException usage(String message) {
        System.err.println("ci-debian-boot: " + message + "; see --help");
        System.exit(2);
        return new IllegalStateException(message);
    }

    private boolean run() throws Exception {
        if (!Files.exists(guest.resolve("VERSIONS"))) {
            throw usage("no Debian guest in " + guest + ", run scripts/fetch-debian-guest first");
        }
        delete(out);
        Files.createDirectories(out);
        System.out.println("seed " + seed + ", " + keys + " keys");
        List<Recording> made = new ArrayList<>();
        for (int i = 0; i < recordings; i++) {
            made.add(record(i, i % 2 == 1));
        }
        replayAll(made);
        for (Recording recording : made) {
            check(recording);
        }
        for (int i = 1; i < made.size(); i++) {
            compareStamps(made.get(i - 1), made.get(i));
        }
        print(made);
        for (String failure : failures) {
            System.out.println("FAILED: " + failure);
        }
        if (!failures.isEmpty()) {
            printMessages();
        }
        if (failures.isEmpty() && !keep) {
            delete(out);
        } else {
            System.out.println("recordings, consoles and figures are in " + out);
        }
        return failures.isEmpty();
    }

    // One recording

    private Recording record(int number, boolean underLoad) throws Exception {
        Recording recording = new Recording(number, underLoad, out);
        List<Process> load = underLoad ? startLoad() : List.of();
        long from = System.nanoTime();
        try {
            List<String> command = List.of(root.resolve("reprise").toString(), "record", "-o",
                    recording.directory.toString(), "--clock", "host", "--durability", "1", "--memory", "512M",
                    "--serial", "stdio", "--bios", guest.resolve("fw_dynamic.bin").toString(),
                    "--kernel", guest.resolve("Image").toString(),
                    "--initrd", guest.resolve("initramfs.cpio.gz").toString(),
                    // As QEMU does: without a seed the kernel's generator is never ready, and each system call hashes.
                    "--rng-seed", "fresh", "--append", "console=ttyS0 reprise.mode=interactive",
                    "--stats", recording.recordStats.toString());
            Process process = start(command, out.resolve("record-" + number + ".log"));
            Console console = new Console(process.getInputStream(), recording.recordConsole);
            console.start();
            recording.keysTyped = type(console, process.getOutputStream());
            recording.recordStatus = finish(process);
            console.join();
        } finally {
            load.forEach(Process::destroyForcibly);
        }
        recording.recordSeconds = (System.nanoTime() - from) / 1e9;
        System.out.printf("recording %d%s: status %d after %.1f s%n", number, underLoad ? " (under load)" : "",
                recording.recordStatus, recording.recordSeconds);
        return recording;
    }

    /** Types the seeded keys once the guest reads them, some more when it has nothing left to do, and "quit". */
    private int type(Console console, OutputStream keyboard) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        int typed = 0;
        if (!console.await("ready for keys")) {
            return typed;
        }
        for (int i = 0; i < keys; i++) {
            pause(random.nextInt(5, 80));
            boolean endOfLine = i % 16 == 15;
            typed += press(keyboard, endOfLine ? '\r' : (char) ('a' + random.nextInt(26)));
        }
        if (!console.await(" ns] computed")) {
            return typed;
        }
        for (int i = 0; i < IDLE_KEYS; i++) {
            pause(random.nextInt(20, 200));
            typed += press(keyboard, (char) ('a' + random.nextInt(26)));
        }
        for (char c : "\rquit\r".toCharArray()) {
            pause(random.nextInt(20, 200));
            typed += press(keyboard, c);
        }
        return typed;
    }

    private static void pause(int milliseconds) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static int press(OutputStream keyboard, char key) {
        try {
            keyboard.write(key);
            keyboard.flush();
            return 1;
        } catch (IOException e) {
            // The machine has ended; what is missing in its console says so.
            return 0;
        }
    }

    /** A busy process per core, which ends by itself if this one is killed. */
    private static List<Process> startLoad() throws IOException {
        List<Process> load = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            load.add(new ProcessBuilder("sh", "-c", "while kill -0 $PPID; do :; done").start());
        }
        return load;
    }

    // Replays

    private void replayAll(List<Recording> made) throws InterruptedException, ExecutionException {
        try (var pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Future<?>> replays = new ArrayList<>();
            for (Recording recording : made) {
                replays.add(pool.submit(() -> {
                    replay(recording);
                    return null;
                }));
            }
            for (Future<?> replay : replays) {
                replay.get();
            }
        }
    }

    private void replay(Recording recording) throws Exception {
        long from = System.nanoTime();
        Process process = start(List.of(root.resolve("reprise").toString(), "replay", recording.directory.toString(),
                "--stats", recording.replayStats.toString()), out.resolve("replay-" + recording.number + ".log"));
        process.getOutputStream().close();
        Console console = new Console(process.getInputStream(), recording.replayConsole);
        console.start();
        recording.replayStatus = finish(process);
        console.join();
        recording.replaySeconds = (System.nanoTime() - from) / 1e9;
        Process verify = start(List.of(root.resolve("reprise").toString(), "verify", recording.directory.toString()),
                out.resolve("verify-" + recording.number + ".log"));
        verify.getOutputStream().close();
        verify.getInputStream().transferTo(OutputStream.nullOutputStream());
        recording.verifyStatus = finish(verify);
        System.out.printf("replay %d: status %d after %.1f s, verify: status %d%n", recording.number,
                recording.replayStatus, recording.replaySeconds, recording.verifyStatus);
    }

    // Comparisons

    private void check(Recording r) throws IOException {
        String console = Files.readString(r.recordConsole, StandardCharsets.ISO_8859_1);
        int computed = console.indexOf(" ns] computed");
        r.stamps = stamps(console);
        r.keysWhileComputing = stamps(console.substring(0, Math.max(computed, 0))).size();
        String record = Files.exists(r.recordStats) ? Files.readString(r.recordStats) : "";
        String replay = Files.exists(r.replayStats) ? Files.readString(r.replayStats) : "";
        r.mips = field(record, "mips");
        r.steps = field(record, "steps");
        r.logBytes = field(record, "logBytes");
        r.digest = field(record, "digest");
        expect(r, r.recordStatus == 0, "record ended with status " + r.recordStatus);
        expect(r, console.contains("reboot: Power down"), "the guest did not power off");
        expect(r, r.keysTyped >= MINIMUM_KEYS, "only " + r.keysTyped + " keys were typed");
        expect(r, r.stamps.size() == r.keysTyped, r.keysTyped + " keys typed, the guest stamped " + r.stamps.size());
        expect(r, r.keysWhileComputing >= MINIMUM_KEYS_WHILE_COMPUTING,
                "only " + r.keysWhileComputing + " keys came while the guest computed");
        expect(r, r.replayStatus == 0, "replay ended with status " + r.replayStatus);
        expect(r, r.verifyStatus == 0, "verify ended with status " + r.verifyStatus);
        expect(r, Arrays.equals(Files.readAllBytes(r.recordConsole), Files.readAllBytes(r.replayConsole)),
                "the console of the replay differs");
        for (String name : List.of("digest", "steps", "instructions", "headHash")) {
            String recorded = field(record, name);
            expect(r, !recorded.isEmpty() && recorded.equals(field(replay, name)),
                    name + " is " + recorded + " in the recording and " + field(replay, name) + " in the replay");
        }
        expect(r, !List.of("", "0").contains(field(record, "hostCalls")), "the recording did not ask the host");
        expect(r, field(replay, "hostCalls").equals("0"),
                "the replay asked the host " + field(replay, "hostCalls") + " times");
        expect(r, !r.logBytes.isEmpty() && Long.parseLong(r.logBytes) <= MAXIMUM_LOG_BYTES,
                "the log has " + r.logBytes + " bytes, over " + MAXIMUM_LOG_BYTES);
    }

    /** Two recordings of the same typing that have a stamp in common did not see the host's clock. */
    private void compareStamps(Recording a, Recording b) {
        int same = 0;
        for (int i = 0; i < Math.min(a.stamps.size(), b.stamps.size()); i++) {
            same += a.stamps.get(i).equals(b.stamps.get(i)) ? 1 : 0;
        }
        expect(b, same == 0, same + " stamps are those of recording " + a.number);
        expect(b, !a.digest.equals(b.digest), "its final digest is that of recording " + a.number);
    }

    private void expect(Recording recording, boolean holds, String otherwise) {
        if (!holds) {
            failures.add("recording " + recording.number + ": " + otherwise);
        }
    }

    private static List<String> stamps(String console) {
        List<String> stamps = new ArrayList<>();
        for (Matcher matcher = KEY.matcher(console); matcher.find();) {
            stamps.add(matcher.group(1));
        }
        return stamps;
    }

    /** A number or string of the flat part of our JSON, empty if it is not there. */
    private static String field(String json, String name) {
        Matcher matcher = Pattern.compile('"' + name + "\"\\s*:\\s*\"?([^\",}\\s]*)").matcher(json);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static void print(List<Recording> made) {
        System.out.printf("%9s %5s %8s %8s %5s %10s %14s %6s %9s%n", "recording", "load", "record s", "replay s", "keys",
                "computing", "steps", "MIPS", "log bytes");
        for (Recording r : made) {
            System.out.printf("%9d %5s %8.1f %8.1f %5d %10d %14s %6.6s %9s%n", r.number, r.underLoad ? "yes" : "no",
                    r.recordSeconds, r.replaySeconds, r.keysTyped, r.keysWhileComputing, r.steps, r.mips, r.logBytes);
        }
    }

    /** The last lines of what each process said: in a CI's log the files are gone when somebody reads it. */
    private void printMessages() throws IOException {
        List<Path> logs;
        try (Stream<Path> files = Files.list(out)) {
            logs = files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
        }
        for (Path log : logs) {
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            lines.subList(Math.max(0, lines.size() - MESSAGE_LINES), lines.size())
                    .forEach(line -> System.out.println(log.getFileName() + ": " + line));
        }
    }

    // Processes and files

    private static Process start(List<String> command, Path messages) throws IOException {
        return new ProcessBuilder(command).redirectError(messages.toFile()).start();
    }

    private static int finish(Process process) throws InterruptedException {
        if (!process.waitFor(PROCESS_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    private static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /** Reads a process's standard output to its end, into a file, and lets another thread wait for words in it. */
    private static final class Console extends Thread {
        private final InputStream from;
        private final Path file;
        private final StringBuilder text = new StringBuilder();
        private boolean ended;

        Console(InputStream from, Path file) {
            super("console");
            this.from = from;
            this.file = file;
        }

        @Override
        public void run() {
            try (OutputStream to = Files.newOutputStream(file)) {
                byte[] buffer = new byte[8192];
                for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                    to.write(buffer, 0, count);
                    synchronized (this) {
                        text.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
                        notifyAll();
                    }
                }
            } catch (IOException e) {
                System.err.println("ci-debian-boot: " + e);
            }
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }

        /** False if the console ended without the words, or if they do not come in time. */
        synchronized boolean await(String words) throws InterruptedException {
            long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(PROCESS_MINUTES);
            while (text.indexOf(words) < 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                if (ended || left <= 0) {
                    return false;
                }
                wait(left);
            }
            return true;
        }
    }

    /** One recording, its files, and what was seen of it. */
    private static final class Recording {
        final int number;
        final boolean underLoad;
        final Path directory;
        final Path recordConsole;
        final Path replayConsole;
        final Path recordStats;
        final Path replayStats;
        int recordStatus = -1;
        int replayStatus = -1;
        int verifyStatus = -1;
        int keysTyped;
        int keysWhileComputing;
        double recordSeconds;
        double replaySeconds;
        List<String> stamps = List.of();
        String digest = "";
        String mips = "";
        String steps = "";
        String logBytes = "";

        Recording(int number, boolean underLoad, Path out) {
            this.number = number;
            this.underLoad = underLoad;
            this.directory = out.resolve("recording-" + number);
            this.recordConsole = out.resolve("record-" + number + ".console");
            this.replayConsole = out.resolve("replay-" + number + ".console");
            this.recordStats = out.resolve("record-" + number + ".json");
            this.replayStats = out.resolve("replay-" + number + ".json");
        }
    }
}
