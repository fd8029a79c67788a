package dev.reprise.proptest.scan;

import dev.reprise.proptest.scan.ClassReferences.Reference;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Looks in the class files of a package for what can differ between two runs: clocks, unseeded random, identity, hash
 * order, rounding that depends on the processor, threads, the default locale, the host's files. The list is the resource
 * {@code forbidden-calls.txt}, one line per member with the reason and what to use instead.
 *
 * <p>It sees what is written, not what is done: a call through an interface (a {@code Map} that happens to be a
 * {@code HashMap}) escapes it, and a harmless call is found as well. So it finds the common mistakes early; the properties
 * of {@link dev.reprise.proptest.DeterminismContract} find the others. Suppliers given to {@code Session.ask} may call
 * what they like: they belong to the host's side, so put them in a package or class of their own, and
 * {@link #except} it.
 */
public final class ForbiddenCalls {

    /**
     * A forbidden reference.
     *
     * @param className the class that has it
     * @param member such as {@code java.lang.System.nanoTime}
     * @param reason what differs between two runs, and what to use instead
     */
    public record Finding(String className, String member, String reason) {
        @Override
        public String toString() {
            return className + " uses " + member + ": " + reason;
        }
    }

    /** A line of the list; an owner that ends with {@code /} is a package with all below it. */
    record Rule(String owner, String name, String descriptor, String reason) {

        boolean matches(Reference reference) {
            boolean sameOwner = owner.endsWith("/") ? reference.owner().startsWith(owner)
                    : reference.owner().equals(owner);
            return sameOwner && (name.equals("*") || name.equals(reference.name()))
                    && (descriptor.equals("*") || reference.descriptor().startsWith(descriptor));
        }
    }

    private static final List<Rule> RULES = readRules();

    private final Class<?> anchor;
    private final boolean below;
    private final List<String> exceptions;

    private ForbiddenCalls(Class<?> anchor, boolean below, List<String> exceptions) {
        this.anchor = anchor;
        this.below = below;
        this.exceptions = exceptions;
    }

    /** In the package of that class, and not in those below it, from where that class was loaded (folder or jar). */
    public static ForbiddenCalls inPackageOf(Class<?> anchor) {
        return new ForbiddenCalls(anchor, false, List.of());
    }

    /** In the packages below as well. */
    public ForbiddenCalls andBelow() {
        return new ForbiddenCalls(anchor, true, exceptions);
    }

    /**
     * Leaves out a class with its nested ones, or a package with those below it.
     *
     * @param name as in an import: {@code com.example.host} or {@code com.example.HostClock}
     */
    public ForbiddenCalls except(String name) {
        List<String> more = new ArrayList<>(exceptions);
        more.add(name.replace('.', '/'));
        return new ForbiddenCalls(anchor, below, List.copyOf(more));
    }

    static List<Rule> rules() {
        return RULES;
    }

    /** What was found, by class and member; empty if all is well. */
    public List<Finding> findings() {
        TreeSet<String> seen = new TreeSet<>();
        List<Finding> findings = new ArrayList<>();
        String folder = anchor.getPackageName().replace('.', '/') + "/";
        try {
            Path source = Path.of(anchor.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(source)) {
                scanFolder(source, folder, seen, findings);
            } else {
                scanJar(source, folder, seen, findings);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
        return findings;
    }

    private void scanFolder(Path root, String folder, TreeSet<String> seen, List<Finding> findings) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root.resolve(folder), below ? Integer.MAX_VALUE : 1)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            String name = root.relativize(file).toString().replace('\\', '/');
            if (isWanted(name, folder)) {
                try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                    scan(in, seen, findings);
                }
            }
        }
    }

    private void scanJar(Path jar, String folder, TreeSet<String> seen, List<Finding> findings) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            TreeSet<String> names = new TreeSet<>();
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                String name = entries.nextElement().getName();
                if (isWanted(name, folder)) {
                    names.add(name);
                }
            }
            for (String name : names) {
                try (InputStream in = new BufferedInputStream(file.getInputStream(file.getEntry(name)))) {
                    scan(in, seen, findings);
                }
            }
        }
    }

    private boolean isWanted(String file, String folder) {
        if (!file.endsWith(".class") || !file.startsWith(folder) || file.endsWith("package-info.class")
                || (!below && file.indexOf('/', folder.length()) >= 0)) {
            return false;
        }
        String name = file.substring(0, file.length() - ".class".length());
        for (String exception : exceptions) {
            if (name.equals(exception) || name.startsWith(exception + "$") || name.startsWith(exception + "/")) {
                return false;
            }
        }
        return true;
    }

    private static void scan(InputStream in, TreeSet<String> seen, List<Finding> findings) throws IOException {
        ClassReferences file = ClassReferences.read(in);
        for (Reference reference : file.references()) {
            for (Rule rule : RULES) {
                if (rule.matches(reference)) {
                    Finding finding = new Finding(file.className().replace('/', '.'),
                            reference.owner().replace('/', '.') + "." + reference.name(), rule.reason());
                    if (seen.add(finding.toString())) {
                        findings.add(finding);
                    }
                    break;
                }
            }
        }
    }

    private static List<Rule> readRules() {
        List<Rule> rules = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                ForbiddenCalls.class.getResourceAsStream("forbidden-calls.txt"), StandardCharsets.UTF_8))) {
            String reason = null;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("## ")) {
                    reason = line.substring(3).strip();
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    String[] parts = line.strip().split("\\s+");
                    rules.add(new Rule(parts[0], parts.length > 1 ? parts[1] : "*", parts.length > 2 ? parts[2] : "*",
                            reason));
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return List.copyOf(rules);
    }
}
