package dev.reprise.machine.demo;

import dev.reprise.engine.ShutdownCause;
import dev.reprise.machine.config.ConfigException;
import dev.reprise.machine.load.LoadException;
import dev.reprise.machine.stats.StatsFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;

/**
 * The main job on the built-in guest, from nothing to a verdict.
 *
 * <pre>
 *   record, keys typed live --> recording 1 --copy, read-only--> replay in another process --> console, digests
 *   record again, same keys --> recording 2                       (images and first recording moved away)
 * </pre>
 */
public final class Demo {

    private static final String GUEST_RESOURCE = "/dev/reprise/machine/guest/console.elf";

    private final PrintStream report;
    private final PrintStream progress;
    private final long seed;

    /** @param progress gets a line as each part begins */
    public Demo(PrintStream report, PrintStream progress, long seed) {
        this.report = report;
        this.progress = progress;
        this.seed = seed;
    }

    /**
     * Runs in a temporary directory, which is removed at the end.
     *
     * @return whether everything agrees
     */
    public boolean run() throws IOException, LoadException, ConfigException, InterruptedException {
        Path work = Files.createTempDirectory("reprise-demo");
        Thread cleaner = new Thread(() -> removeQuietly(work), "demo-cleaner");
        Runtime.getRuntime().addShutdownHook(cleaner);
        return run(work);
    }

    private static void removeQuietly(Path work) {
        try {
            Trees.remove(work);
        } catch (IOException e) {
            System.err.println("reprise: " + work + " could not be removed: " + e.getMessage());
        }
    }

    private boolean run(Path work) throws IOException, LoadException, ConfigException, InterruptedException {
        Path images = Files.createDirectory(work.resolve("images"));
        Path elf = images.resolve("console.elf");
        try (InputStream in = Demo.class.getResourceAsStream(GUEST_RESOURCE)) {
            Files.copy(in, elf);
        }
        TypingScript script = new TypingScript(seed);
        int keys = script.keys().size();

        say("1/5 recording a RISC-V machine while " + keys + " keys are typed at it (seed " + seed + ") ...");
        DemoRecording first = DemoRecording.make(work.resolve("recording-1"), elf, script);
        say("2/5 recording again, the same " + keys + " keys with the same pauses ...");
        DemoRecording second = DemoRecording.make(work.resolve("recording-2"), elf, script);

        say("3/5 copying recording 1 read-only; moving the original and its images away ...");
        Path copy = work.resolve("read-only-copy");
        Trees.copyReadOnly(work.resolve("recording-1"), copy);
        SortedMap<String, String> before = Trees.hashes(copy);
        Path away = Files.createDirectory(work.resolve("moved-away"));
        Files.move(images, away.resolve("images"));
        Files.move(work.resolve("recording-1"), away.resolve("recording-1"));

        say("4/5 replaying the copy in another process, without keyboard ...");
        Path replayWork = Files.createDirectory(work.resolve("replay"));
        long start = System.nanoTime();
        int status = ReplayProcess.run(copy, replayWork);
        long replayNs = System.nanoTime() - start;

        say("5/5 comparing ...");
        byte[] console = Files.readAllBytes(ReplayProcess.console(replayWork));
        Map<String, String> figures = Files.exists(ReplayProcess.stats(replayWork))
                ? StatsFile.fields(ReplayProcess.stats(replayWork)) : Map.of();

        DemoReport page = new DemoReport(report, script, first, second, console, figures, replayNs);
        page.print();
        page.check("the guest ended by itself in both recordings",
                first.result().cause() == ShutdownCause.GUEST_SHUTDOWN
                        && second.result().cause() == ShutdownCause.GUEST_SHUTDOWN);
        page.check("every key was typed", first.typedKeys() == keys && second.typedKeys() == keys);
        page.check("the two live runs printed different things", !Arrays.equals(first.console(), second.console()));
        page.check("the replay ended with status 0" + (status == 0 ? "" : ", not " + status + ": "
                + ReplayProcess.lastMessage(replayWork)), status == 0);
        page.check("the replay printed the same " + first.console().length + " bytes",
                Arrays.equals(first.console(), console));
        page.check("the machine's final state is the same (digest over registers, devices and all RAM)",
                first.result().digest().toHex().equals(figures.get("digest")));
        page.check("the replay left the recording untouched", before.equals(Trees.hashes(copy)));
        return page.verdict();
    }

    private void say(String line) {
        progress.println(line);
        progress.flush();
    }
}
