package dev.reprise.machine.cli;

import dev.reprise.chardev.host.BackendSpec;
import dev.reprise.cpu.interpret.Execution;
import dev.reprise.engine.SessionConfig;
import dev.reprise.engine.WitnessMode;
import dev.reprise.machine.board.Board;
import dev.reprise.machine.config.ConfigException;
import dev.reprise.machine.load.BootPlan;
import dev.reprise.machine.load.LoadException;
import dev.reprise.machine.lockstep.Lockstep;
import dev.reprise.machine.run.ImagePaths;
import dev.reprise.machine.run.Signature;
import dev.reprise.machine.stats.RunStats;
import dev.reprise.machine.stats.WholeFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** How a run is driven and what is reported of it: options that the guest cannot see. Shared by run, record, replay. */
final class RunOptions {

    private static final String SHARED = "mon:";
    private static final long MAX_GRACE_SECONDS = 3_600;
    /** Seconds of host time: beyond that no key would be seen in time, and none at all where a run never ends. */
    private static final long MAX_QUANTUM = 1_000_000_000;

    @Option(names = "--serial", paramLabel = "BACKEND", defaultValue = "stdio",
            description = "Where the guest's console leads: stdio, null, file:PATH, pty, tcp:HOST:PORT[,server],"
                    + " unix:PATH[,server] or telnet:HOST:PORT[,server] (default: ${DEFAULT-VALUE}). Behind it may stand"
                    + " ,logfile=PATH (what passes; input in PATH.in, which a replay leaves alone) and ,noreplay (never in a"
                    + " recording); where input comes from, also ,full=wait|refuse (when nobody has room) and ,echo (of what"
                    + " goes to the guest); a comma in a path is doubled. mon: before it lets a monitor share it, see"
                    + " --monitor. On a terminal Ctrl-A x ends the run, Ctrl-A b sends BREAK and Ctrl-A h helps; a replay"
                    + " takes no input, and no key but with mon:.")
    private String serial;

    @Option(names = "--monitor", paramLabel = "BACKEND",
            description = "Where a monitor listens, as --serial has it: registers, memory and counters of the machine,"
                    + " in a replay too. It is in no recording and changes nothing but by its command quit. With"
                    + " --serial mon:BACKEND the monitor shares the console's backend, and Ctrl-A c goes from one to the"
                    + " other.")
    private String monitor;

    @Option(names = "--grace", paramLabel = "SECONDS", defaultValue = "10",
            description = "At the end, and in a replay whenever a pty or socket is waited for, how long the host may take nothing"
                    + " before what is left for it is given up, 1 to 3600; at the end in all ten times as long (default:"
                    + " ${DEFAULT-VALUE}; 0.3 s after a signal or a failure). What is given up is counted and said; it changes"
                    + " no exit status.")
    private long graceSeconds;

    @Option(names = "--executor", paramLabel = "interpreter|translator|both", defaultValue = "translator",
            description = "What executes the guest's instructions (default: ${DEFAULT-VALUE}). both: the interpreter follows"
                    + " the translator on a second machine with RAM of its own, their states are compared, and the first"
                    + " difference ends the run with status 3. It takes twice the memory and the time of both; the guest and"
                    + " a recording cannot tell.")
    private String executor;

    @Option(names = "--compare-every", paramLabel = "STEPS", defaultValue = "" + Lockstep.DEFAULT_INTERVAL,
            description = "With --executor both: steps between two comparisons (default: ${DEFAULT-VALUE}).")
    private long compareEvery;

    @Option(names = "--until", paramLabel = "STEP", description = "Stop before this step.")
    private Long until;

    @Option(names = "--digest-at", paramLabel = "STEP[,STEP...]",
            description = "Report the digest of the state at these steps, on standard error and in --stats.")
    private List<String> digestAt = List.of();
    private final SortedSet<Long> digestSteps = new TreeSet<>();

    @Option(names = "--quantum", paramLabel = "STEPS", defaultValue = "0",
            description = "Steps between two looks at the host's input, at most 1000000000; 0, the default, adapts to about a millisecond."
                    + " The guest cannot see it.")
    private long quantum;

    @Option(names = "--durability", paramLabel = "0|1|2", defaultValue = "1",
            description = "Of a recording; no effect elsewhere. 0: the operating system decides when the log is on the"
                    + " disk; 1: it is forced twice a second; 2: the console never shows a byte that a replay of what"
                    + " is on the disk would not produce (default: ${DEFAULT-VALUE}).")
    private int durability;

    @Option(names = "--witness", paramLabel = "digest|checkpoints|events", defaultValue = "checkpoints",
            description = "Of a recording; no effect elsewhere. What of the guest's path is an event of its own and not only"
                    + " in the digests: nothing, checkpoints, or interrupts and exceptions too (default: ${DEFAULT-VALUE}).")
    private String witness;

    @Option(names = "--ledger-bytes",
            description = "Of a recording; no effect elsewhere. Keep the console's output itself and not only its hash, so"
                    + " that a replay that differs names the first byte.")
    private boolean ledgerBytes;

    @Option(names = "--stats", paramLabel = "FILE", description = "Write figures of the run as JSON.")
    private Path stats;

    @Option(names = "--signature", paramLabel = "FILE",
            description = "At the end write memory from begin_signature to end_signature, one 32-bit word a line.")
    private Path signature;

    /**
     * Looks whether an output would be written over what must be kept; before anything else, because statistics are written
     * also of what fails.
     *
     * @param recording the recording's folder, or null
     * @param images what the machine starts with, or null
     */
    void requireHarmless(Path recording, ImagePaths images) throws ConfigException {
        OutputFiles files = new OutputFiles(recording, images);
        if (stats != null) {
            String file = stats.toString();
            Path wanted = stats;
            stats = null;
            files.add("--stats", file);
            stats = wanted;
        }
        if (signature != null) {
            files.add("--signature", signature.toString());
        }
        for (String file : serial().files()) {
            files.add("--serial", file);
        }
        for (String file : monitor() == null ? List.<String>of() : monitor().files()) {
            files.add("--monitor", file);
        }
    }

    /** Checks what can be checked before anything is opened. */
    void check() throws ConfigException {
        witness();
        checkMonitor();
        if (!"interpreter".equals(executor) && !"translator".equals(executor) && !inLockstep()) {
            throw new ConfigException("--executor " + executor + ": must be interpreter, translator or both");
        }
        if (compareEvery < 1) {
            throw new ConfigException("--compare-every " + compareEvery + ": must be at least 1");
        }
        if (durability < 0 || durability > 2) {
            throw new ConfigException("--durability " + durability + ": must be 0, 1 or 2");
        }
        if (quantum < 0 || quantum > MAX_QUANTUM) {
            throw new ConfigException("--quantum " + quantum + ": must be 0 to " + MAX_QUANTUM);
        }
        if (graceSeconds < 1 || graceSeconds > MAX_GRACE_SECONDS) {
            throw new ConfigException("--grace " + graceSeconds + ": must be 1 to " + MAX_GRACE_SECONDS);
        }
        if (until != null && until < 0) {
            throw new ConfigException("--until " + until + ": must not be negative");
        }
        for (String list : digestAt) {
            // Not by picocli: that would drop empty parts at the end without a word.
            for (String step : list.split(",", -1)) {
                digestSteps.add(step(step));
            }
        }
        checkParent("--stats", stats);
        checkParent("--signature", signature);
    }

    private static long step(String text) throws ConfigException {
        try {
            long step = Long.parseLong(text);
            if (step < 0) {
                throw new ConfigException("--digest-at " + text + ": must not be negative");
            }
            return step;
        } catch (NumberFormatException e) {
            throw new ConfigException("--digest-at: '" + text + "' is not a step");
        }
    }

    private static void checkParent(String option, Path file) throws ConfigException {
        if (file == null) {
            return;
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent) || WholeFile.isTaken(file) || file.toString().isEmpty()) {
            throw new ConfigException(option + " " + file + ": cannot be written there");
        }
    }

    /** Steps whose digest was asked for, after {@link #check}; each once. */
    Collection<Long> digestAt() {
        return digestSteps;
    }

    private WitnessMode witness() throws ConfigException {
        try {
            return WitnessMode.ofText(witness);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--witness " + witness + ": must be digest, checkpoints or events");
        }
    }

    BackendSpec serial() throws ConfigException {
        return backend("--serial", serialIsShared() ? serial.substring(SHARED.length()) : serial, serialIsShared());
    }

    /** Whether a monitor shares the console's backend. */
    boolean serialIsShared() {
        return serial.startsWith(SHARED);
    }

    /** The monitor's own backend, or null. */
    BackendSpec monitor() throws ConfigException {
        return monitor == null ? null : backend("--monitor", monitor, true);
    }

    private static BackendSpec backend(String option, String text, boolean needsInput) throws ConfigException {
        BackendSpec spec;
        try {
            spec = BackendSpec.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(option + ": " + e.getMessage());
        }
        if (needsInput && !spec.kind().hasInput()) {
            throw new ConfigException(option + ": a monitor takes no input from " + Main.oneLine(text));
        }
        return spec;
    }

    private void checkMonitor() throws ConfigException {
        BackendSpec console = serial();
        BackendSpec own = monitor();
        if (own == null) {
            return;
        }
        if (serialIsShared()) {
            throw new ConfigException("--monitor " + own + ": the monitor is at --serial " + serial + " already");
        }
        if (own.kind() == BackendSpec.Kind.STDIO && console.kind() == BackendSpec.Kind.STDIO) {
            throw new ConfigException("--monitor stdio: the console is there; --serial mon:stdio shares it");
        }
    }

    /** How long a host that takes nothing is waited for at the end. */
    long graceNs() {
        return TimeUnit.SECONDS.toNanos(graceSeconds);
    }

    /**
     * For how long a replay waits in its middle. Whoever reads standard output may take a pager's time, and ends it when that is
     * enough; nobody may ever open a pty or socket.
     */
    private long patienceNs() throws ConfigException {
        return serial().kind() == BackendSpec.Kind.STDIO ? Long.MAX_VALUE : graceNs();
    }

    /** Whether two machines run, one on each executor. */
    boolean inLockstep() {
        return "both".equals(executor);
    }

    /** Steps between two comparisons of them. */
    long compareEvery() {
        return compareEvery;
    }

    /** Of all machines of the run together. */
    long ramBytes(long ofOneMachine) {
        return inLockstep() ? 2 * ofOneMachine : ofOneMachine;
    }

    /** Of a machine that runs alone. */
    Execution execution() {
        return "interpreter".equals(executor) ? Execution.INTERPRETED : Execution.TRANSLATED;
    }

    void apply(SessionConfig session) throws ConfigException {
        session.quantum(quantum).durability(durability).witness(witness()).outputPatience(patienceNs());
        if (serial().options().noReplay()) {
            session.blockRecording("--serial " + serial() + ": the guest would see input that is in no log");
        }
        if (ledgerBytes) {
            session.ledgerBytes(Board.UART_NAME);
        }
        if (until != null) {
            session.until(until);
        }
        digestSteps.forEach(session::digestAt);
    }

    /** Runs a command's body; what it throws becomes an ending, and statistics are written for that too. */
    Ending guard(String command, PrintStream messages, Callable<Ending> body) {
        try {
            return body.call();
        } catch (Exception | OutOfMemoryError e) {
            Ending ending = Main.ending(e, messages);
            RunStats figures = new RunStats();
            figures.command = command;
            figures.stop = ending.stop();
            figures.exitStatus = ending.exitStatus();
            figures.message = ending.message();
            return writeStats(figures, ending);
        }
    }

    /** @return the ending given, or what went wrong with the file */
    Ending writeStats(RunStats figures, Ending ending) {
        if (stats == null) {
            return ending;
        }
        try {
            figures.write(stats);
            return ending;
        } catch (IOException e) {
            return ending.exitStatus() != ExitStatus.OK.code() ? ending : Ending.failure(
                    ExitStatus.FAILED.code(), "cannot write " + stats + ": " + e.getMessage());
        }
    }

    /**
     * What to write at the end, or null.
     *
     * @throws LoadException if it was asked for and the program has none
     */
    Signature signature(BootPlan plan, long ramBytes) throws LoadException {
        return signature == null ? null : Signature.of(plan.symbols(), ramBytes);
    }

    /** Where the signature goes, or null. */
    Path signature() {
        return signature;
    }
}
