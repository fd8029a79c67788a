package dev.reprise.bench.qemu;

import dev.reprise.bench.machine.ScriptMain;
import dev.reprise.bench.qemu.GuestProgram.Kind;
import dev.reprise.machine.stats.StatsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs our guests as whole processes in QEMU and in Reprise, in turn, and compares their times. */
@Command(name = "bench-peers", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Runs guests in QEMU (plain, recording, replaying) and in Reprise (run, record, replay), whole"
                + " processes in turn, and prints medians, spreads, and the ratios to QEMU's recording with their"
                + " geometric means. Checks that all write the same to the console.", "",
            "  scripts/bench-peers --short",
            "  scripts/bench-peers --only flat,boot --long --rounds 5",
            "  scripts/bench-peers --peers qemu-record,record --executor interpreter --only sort", "",
            "Guests are the programs of guests/bench, built as needed, and the Debian boot, which scripts/fetch-debian-guest"
                + " must have fetched. Tables come on standard output, progress on standard error; peers.json, peers.csv"
                + " and the charts go to --out. Status 1 if a run failed or a console differs.", ""})
public final class BenchPeers implements Callable<Integer> {

    private static final String TRANSLATOR = "translator";
    private static final String INTERPRETER = "interpreter";
    /** What the launcher says when it builds; that is no part of a run. */
    private static final String BUILDING = "reprise: building";

    @Option(names = "--rounds", defaultValue = "3", description = "Runs of each peer on each guest (default: 3).")
    private int rounds;

    @Option(names = "--only", split = ",", paramLabel = "GUEST",
            description = "Only these guests; boot is the Debian kernel.")
    private List<String> only = List.of();

    @Option(names = "--short", description = "Short programs, without the boot.")
    private boolean shortOnes;

    @Option(names = "--long", description = "Long programs and the boot. Default: short and long.")
    private boolean longOnes;

    @Option(names = "--peers", split = ",", paramLabel = "PEER", description = "Only these: start-up, qemu, qemu-record,"
            + " qemu-replay, run, record, replay. A replay brings its recording. Default: all.")
    private List<String> peerNames = List.of();

    @Option(names = "--executor", paramLabel = "interpreter|translator",
            description = "Of Reprise. Default: translator, where there is one.")
    private String executor;

    @Option(names = "--timeout", defaultValue = "600", paramLabel = "SECONDS",
            description = "A run that takes longer is ended, and its peer left out of the guest's other rounds"
                + " (default: ${DEFAULT-VALUE}).")
    private long timeoutSeconds;

    @Option(names = "--out", defaultValue = "bench/target/peers", paramLabel = "DIR",
            description = "For JSON, CSV and charts (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--qemu", defaultValue = "qemu-system-riscv64", paramLabel = "FILE",
            description = "Default: ${DEFAULT-VALUE}.")
    private String qemu;

    @Option(names = "--reprise", paramLabel = "FILE", description = "The launcher. Default: this repository's.")
    private Path reprise;

    @Option(names = "--root", required = true, hidden = true)
    private Path root;

    @Spec
    private CommandSpec spec;

    private Set<Peer> peers;
    private Commands commands;
    private Results results;
    private TimeLeft timeLeft;

    /** One run to come. */
    private record Turn(GuestProgram guest, Peer peer, int round) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rounds < 1 || timeoutSeconds < 1) {
            throw usage("--rounds and --timeout must be at least 1");
        }
        peers = peers();
        List<GuestProgram> guests = guests();
        Path work = Files.createTempDirectory("reprise-peers");
        try (TimedProcess processes = new TimedProcess(work, timeoutSeconds)) {
            commands = new Commands(reprise == null ? root.resolve("reprise") : reprise, qemu, executor(processes, work),
                    work);
            results = new Results();
            timeLeft = new TimeLeft(results);
            Surroundings here = Surroundings.look(commands, rounds);
            out().println(Tables.surroundings(here.values()));
            measure(guests, processes);
            here.end();
            out().println(Tables.summary(results));
            out().println("load of the machine before and after: " + here.values().get("loadBefore") + ", "
                    + here.values().get("loadAfter"));
            ResultFiles.write(out, here.values(), results);
            plot();
        }
        results.failures().forEach(failure -> out().println("FAILED: " + failure));
        say("figures in " + out);
        return results.failures().isEmpty() ? 0 : 1;
    }

    // What is to be run

    private Set<Peer> peers() {
        Set<Peer> wanted = EnumSet.noneOf(Peer.class);
        try {
            peerNames.forEach(name -> wanted.add(Peer.of(name)));
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
        return wanted.isEmpty() ? EnumSet.allOf(Peer.class) : Peer.withRecordings(wanted);
    }

    private List<GuestProgram> guests() throws IOException, InterruptedException {
        Path builder = root.resolve("guests/bench/build.sh");
        List<String> names = new ArrayList<>(said(List.of(builder.toString(), "--list")).lines().toList());
        Set<String> known = new HashSet<>(names);
        known.add(GuestProgram.BOOT);
        for (String name : only) {
            if (!known.contains(name)) {
                throw usage("no guest is called " + name + "; there are " + String.join(", ", names) + " and boot");
            }
        }
        boolean all = shortOnes == longOnes;
        boolean boots = (all || longOnes) && (only.isEmpty() || only.contains(GuestProgram.BOOT));
        names.removeIf(name -> !only.isEmpty() && !only.contains(name));
        List<GuestProgram> guests = new ArrayList<>();
        Path elves = root.resolve("bench/target/guests");
        if (all || shortOnes) {
            names.forEach(name -> guests.add(GuestProgram.bare(name, Kind.SHORT, elves)));
        }
        if (all || longOnes) {
            names.forEach(name -> guests.add(GuestProgram.bare(name, Kind.LONG, elves)));
        }
        if (boots) {
            guests.add(boot());
        }
        if (guests.isEmpty()) {
            throw usage("nothing to run: the boot is not short");
        }
        if (!names.isEmpty()) {
            say("building what is missing in " + elves);
            List<String> build = new ArrayList<>(List.of(builder.toString(), elves.toString()));
            build.addAll(names);
            said(build);
        }
        return guests;
    }

    private GuestProgram boot() {
        String named = System.getenv("REPRISE_DEBIAN_CACHE");
        Path cache = named == null ? root.resolve(".reprise-cache/debian") : Path.of(named);
        if (!Files.exists(cache.resolve("VERSIONS"))) {
            throw usage("no Debian guest in " + cache + ": run scripts/fetch-debian-guest, or name other guests with --only");
        }
        return GuestProgram.boot(cache.toAbsolutePath());
    }

    /** Asked for, or the translator if the launcher takes it: a start that ends at step 0 tells. */
    private String executor(TimedProcess processes, Path work) throws IOException, InterruptedException {
        if (executor != null) {
            return executor;
        }
        Path launcher = reprise == null ? root.resolve("reprise") : reprise;
        // Builds what is out of date, which no measured run must do; however long that takes.
        said(List.of(launcher.toString(), "--version"));
        Path nothing = Files.write(work.resolve("nothing.bin"), new byte[4096]);
        TimedProcess.Run probe = processes.run(List.of(launcher.toString(), "run", "--executor", TRANSLATOR, "--memory",
                "16M", "--until", "0", "--serial", "null", "--bios", nothing.toString()));
        return probe.failure() == null ? TRANSLATOR : INTERPRETER;
    }

    /** What a helper writes to standard output; its messages are ours. */
    private static String said(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with status " + status);
        }
        return said;
    }

    // Measuring

    private void measure(List<GuestProgram> guests, TimedProcess processes) throws IOException, InterruptedException {
        List<Turn> turns = new ArrayList<>();
        for (GuestProgram guest : guests) {
            for (int round = 1; round <= rounds; round++) {
                for (Peer peer : Peer.turns(round, peers)) {
                    turns.add(new Turn(guest, peer, round));
                }
            }
        }
        Set<Peer> left = EnumSet.copyOf(peers);
        Consoles consoles = null;
        for (int i = 0; i < turns.size(); i++) {
            Turn turn = turns.get(i);
            if (i == 0 || turns.get(i - 1).guest() != turn.guest()) {
                consoles = new Consoles(turn.guest());
                left = EnumSet.copyOf(peers);
            }
            if (left.contains(turn.peer()) && (turn.peer().recording() == null || left.contains(turn.peer().recording()))) {
                say(String.format(Locale.ROOT, "%d of %d, about %s left: %s, %s, round %d", i + 1, turns.size(),
                        TimeLeft.text(secondsLeft(turns.subList(i, turns.size()))), turn.guest().title(),
                        turn.peer().title, turn.round()));
                if (!take(turn, processes, consoles)) {
                    left.remove(turn.peer());
                }
            }
            if (i + 1 == turns.size() || turns.get(i + 1).guest() != turn.guest()) {
                out().println(Tables.guest(results, turn.guest()));
                out().flush();
            }
        }
    }

    /** One run; whether it ended well. */
    private boolean take(Turn turn, TimedProcess processes, Consoles consoles) throws IOException, InterruptedException {
        Files.deleteIfExists(commands.stats());
        TimedProcess.Run run = processes.run(commands.of(turn.peer(), turn.guest()));
        String failure = run.failure();
        if (failure == null && run.messages().contains(BUILDING)) {
            failure = "the sources changed and the launcher was building; measure again";
        }
        if (failure == null && turn.peer().hasConsole()) {
            failure = consoles.check(turn.peer(), run.console());
        }
        timeLeft.took(turn.guest(), turn.peer(), run.seconds());
        if (failure != null) {
            results.addFailure(turn.guest(), turn.peer(), turn.round(), failure);
            say("FAILED: " + failure);
            return false;
        }
        long instructions = 0;
        long logBytes = turn.peer() == Peer.QEMU_RECORD ? Files.size(commands.qemuLog()) : 0;
        if (turn.peer().ours && turn.peer() != Peer.START_UP) {
            SortedMap<String, String> figures = StatsFile.fields(commands.stats());
            instructions = Long.parseLong(figures.get("instructions"));
            logBytes = turn.peer() == Peer.RECORD ? Long.parseLong(figures.get("logBytes")) : 0;
        }
        results.add(turn.guest(), turn.peer(), new Results.Sample(turn.round(), run.seconds(), run.cpuSeconds(),
                instructions, logBytes));
        return true;
    }

    private double secondsLeft(List<Turn> turns) {
        return turns.stream().mapToDouble(turn -> timeLeft.expectedSeconds(turn.guest(), turn.peer())).sum();
    }

    /** A machine without fonts cannot draw; the figures are there all the same. */
    private void plot() {
        try {
            RatioPlot.write(out.resolve("peers-short.svg"), "Short programs, whole processes", results, List.of(Kind.SHORT));
            RatioPlot.write(out.resolve("peers-long.svg"), "Long programs and the Debian boot, whole processes", results,
                    List.of(Kind.LONG, Kind.BOOT));
        } catch (IOException | RuntimeException | LinkageError | InternalError e) {
            say("no charts: " + e);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void say(String message) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("bench-peers: " + message);
        err.flush();
    }

    public static void main(String[] arguments) {
        System.exit(ScriptMain.of(new BenchPeers()).execute(arguments));
    }
}
