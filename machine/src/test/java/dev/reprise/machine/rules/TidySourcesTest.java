package dev.reprise.machine.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What must not be in the source trees of all modules. Looks at text, so that comments count too where they should. */
class TidySourcesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> MODULES = List.of("engine", "cpu", "chardev", "proptest", "machine", "bench");

    /** Code that a guest's state comes from. */
    private static final List<String> GUEST_FOLDERS = List.of("cpu/src/main/java", "chardev/src/main/java/dev/reprise/chardev/guest",
            "machine/src/main/java/dev/reprise/machine/board");

    /** Host clocks, unseeded entropy, orders and functions that differ from one JVM to the next. */
    private static final Pattern FORBIDDEN_IN_GUESTS = Pattern.compile("System\\.(nanoTime|currentTimeMillis|identityHashCode)"
            + "|Instant\\.now|LocalDate|Math\\.random|new Random\\(|ThreadLocalRandom|SecureRandom|Thread\\.sleep|parkNanos"
            + "|\\b(Hash|IdentityHash|WeakHash)(Map|Set)\\b|\\bMath\\.(sin|cos|tan|exp|log|pow|cbrt|atan2?|sinh|cosh|tanh|hypot)\\("
            + "|parallelStream|\\.parallel\\(\\)|Locale\\.getDefault|TimeZone|System\\.getenv|System\\.getProperty");

    private static final Pattern LEFT_BEHIND = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    /** 500 lines are a reason to look for a second class; a few files have a good one to go a little beyond. */
    private static final int MAX_LINES = 600;

    private static List<Path> sources(List<String> folders) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String folder : folders) {
            Path start = ROOT.resolve(folder);
            if (Files.isDirectory(start)) {
                try (Stream<Path> files = Files.walk(start)) {
                    files.filter(f -> f.toString().endsWith(".java")).sorted().forEach(found::add);
                }
            }
        }
        return found;
    }

    private static List<String> finds(Pattern pattern, List<Path> files) throws IOException {
        List<String> hits = new ArrayList<>();
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                Matcher matcher = pattern.matcher(lines.get(i));
                if (matcher.find()) {
                    hits.add(ROOT.relativize(file) + ":" + (i + 1) + ": " + matcher.group());
                }
            }
        }
        return hits;
    }

    private static List<Path> all() throws IOException {
        List<String> folders = new ArrayList<>();
        MODULES.forEach(m -> folders.addAll(List.of(m + "/src/main/java", m + "/src/test/java")));
        return sources(folders);
    }

    @Test
    void shouldKeepHostTimeAndChanceOutOfGuestCode() throws IOException {
        List<Path> guests = sources(GUEST_FOLDERS);
        assertTrue(guests.size() > 20, "the folders have moved: " + guests);
        List<String> found = finds(FORBIDDEN_IN_GUESTS, guests);
        // It times the JVM's compiler, on the translator's thread: no guest can tell when a region comes.
        found.removeIf(hit -> hit.contains("translate/CompilationWatch.java:") && hit.endsWith(": System.nanoTime"));
        // It asks the JVM's compiler where a launcher says so, on the same thread.
        found.removeIf(hit -> hit.contains("translate/JvmCompiler.java:") && hit.endsWith(": System.getProperty"));
        // Whether there may be machine code.
        found.removeIf(hit -> hit.contains("translate/HostCode.java:") && hit.endsWith(": System.getProperty"));
        assertEquals(List.of(), found);
    }

    @Test
    void shouldSeeWhatItForbids() {
        for (String line : List.of("long t = System.nanoTime();", "new HashMap<>()", "Thread.sleep(1)", "Math.sin(x)")) {
            assertTrue(FORBIDDEN_IN_GUESTS.matcher(line).find(), line);
        }
    }

    @Test
    void shouldLeaveNothingToBeDoneLater() throws IOException {
        assertEquals(List.of(), finds(LEFT_BEHIND, all()));
    }

    @Test
    void shouldKeepFilesShort() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : all()) {
            int lines = Files.readAllLines(file).size();
            if (lines > MAX_LINES) {
                tooLong.add(ROOT.relativize(file) + ": " + lines + " lines");
            }
        }
        assertEquals(List.of(), tooLong);
    }
}
