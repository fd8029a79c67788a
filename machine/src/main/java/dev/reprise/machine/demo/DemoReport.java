package dev.reprise.machine.demo;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** The page that the demo ends with: an example that speaks for itself, figures, checks, a verdict. */
final class DemoReport {

    private static final double NS_PER_SECOND = 1e9;
    private static final int EXAMPLE_CHARS = 66;
    private static final int DIGEST_CHARS = 12;

    private final PrintStream out;
    private final TypingScript script;
    private final DemoRecording first;
    private final DemoRecording second;
    private final byte[] replayConsole;
    private final Map<String, String> replay;
    private final long replayNs;
    private boolean agrees = true;

    /** @param replay fields of the replay's statistics, by name */
    DemoReport(PrintStream out, TypingScript script, DemoRecording first, DemoRecording second, byte[] replayConsole,
            Map<String, String> replay, long replayNs) {
        this.out = out;
        this.script = script;
        this.first = first;
        this.second = second;
        this.replayConsole = replayConsole;
        this.replay = replay;
        this.replayNs = replayNs;
    }

    void print() {
        out.println();
        out.println("The guest says when each key arrived. For the line \"" + script.probe() + "\" it printed:");
        example("recording 1", first.console());
        example("recording 2", second.console());
        example("replay of 1", replayConsole);
        out.println();
        row("", "recording 1", "recording 2", "replay of 1");
        row("steps (instructions and interrupts)", first.result().position(), second.result().position(),
                replay.getOrDefault("steps", "-"));
        row("seconds", seconds(first.wallNs()), seconds(second.wallNs()),
                seconds(replayNs) + " with JVM");
        row("keys typed", first.typedKeys(), second.typedKeys(), "0");
        row("bytes on the console", first.console().length, second.console().length, replayConsole.length);
        row("bytes of log", first.logBytes(), second.logBytes(), replay.getOrDefault("logBytes", "-"));
        events("events: keyboard input", "CHAR_INPUT");
        events("events: guest clock set", "CLOCK_ADJUST");
        events("events: wall clock read", "CLOCK_READ");
        events("events: output checked", "OUTPUT");
        events("events: state digests", "DIGEST");
        row("final state", digest(first.result().digest().toHex()), digest(second.result().digest().toHex()),
                digest(replay.get("digest")));
        out.println();
    }

    private void events(String label, String kind) {
        row(label, first.stats().events().getOrDefault(kind, 0L), second.stats().events().getOrDefault(kind, 0L),
                replay.getOrDefault("events." + kind.toLowerCase(Locale.ROOT), "0"));
    }

    private void row(String label, Object a, Object b, Object c) {
        out.println(String.format(Locale.ROOT, "  %-36s %14s %14s %14s", label, a, b, c));
    }

    private static String seconds(long ns) {
        return String.format(Locale.ROOT, "%.2f", ns / NS_PER_SECOND);
    }

    /** The start of a digest; enough to see whether two differ. */
    private static String digest(String hex) {
        return hex == null ? "-" : hex.substring(0, Math.min(hex.length(), DIGEST_CHARS));
    }

    /** The line that follows the echo of the probe and names the arrival of each key. */
    private void example(String label, byte[] console) {
        String found = "(nothing)";
        String[] lines = new String(console, StandardCharsets.ISO_8859_1).split("\r?\n");
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].endsWith("> " + script.probe())) {
                for (int j = i + 1; j < Math.min(i + 4, lines.length); j++) {
                    if (lines[j].contains("arrived")) {
                        found = lines[j].strip();
                    }
                }
                break;
            }
        }
        out.println("  " + label + "  " + (found.length() > EXAMPLE_CHARS ? found.substring(0, EXAMPLE_CHARS) + "..." : found));
    }

    void check(String what, boolean holds) {
        out.println((holds ? "  ok    " : "  FAIL  ") + what);
        agrees &= holds;
    }

    /** Prints it. */
    boolean verdict() {
        out.println();
        out.println(agrees
                ? "VERDICT: the replay is the recorded run, byte for byte. No second live run is."
                : "VERDICT: FAILED, see above.");
        out.flush();
        return agrees;
    }
}
