package dev.reprise.proptest.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.proptest.scan.ForbiddenCalls.Finding;
import dev.reprise.proptest.scan.sample.Saint;
import dev.reprise.proptest.scan.sample.Sinner;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForbiddenCallsTest {

    private static final List<String> SINS = List.of(
            "Sinner java.lang.System.identityHashCode", "Sinner java.lang.System.nanoTime", "Sinner java.lang.Math.sin",
            "Sinner java.util.HashMap.<init>", "Sinner java.util.Random.<init>",
            "Sinner$Nested java.lang.String.toUpperCase");

    @TempDir
    Path temp;

    private static List<String> summary(List<Finding> findings) {
        return findings.stream()
                .map(f -> f.className().substring(f.className().lastIndexOf('.') + 1) + " " + f.member())
                .sorted().toList();
    }

    @Test
    void shouldFindWhatDiffersBetweenRunsAndNothingElse() {
        assertEquals(SINS.stream().sorted().toList(), summary(ForbiddenCalls.inPackageOf(Saint.class).findings()));
    }

    @Test
    void shouldNameReasonAndRemedy() {
        String report = ForbiddenCalls.inPackageOf(Sinner.class).findings().toString();
        assertTrue(report.contains("use StrictMath"), report);
        assertTrue(report.contains("use Session.readClock"), report);
    }

    @Test
    void shouldLeaveOutWhatIsExcepted() {
        ForbiddenCalls scan = ForbiddenCalls.inPackageOf(Saint.class);
        assertEquals(List.of(), scan.except("dev.reprise.proptest.scan.sample.Sinner").findings());
        assertEquals(List.of(), scan.except("dev.reprise.proptest.scan.sample").findings());
    }

    @Test
    void shouldLookBelowAPackageOnlyWhenAsked() {
        ForbiddenCalls scan = ForbiddenCalls.inPackageOf(ForbiddenCallsTest.class)
                .except("dev.reprise.proptest.scan.ForbiddenCallsTest");
        assertEquals(List.of(), scan.findings());
        assertEquals(SINS.size(), scan.andBelow().findings().size());
    }

    @Test
    void shouldReadClassesOutOfAJar() throws Exception {
        Path jar = temp.resolve("sample.jar");
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(out)) {
            for (String name : new String[] {"Sinner", "Sinner$Nested", "Saint"}) {
                String path = "dev/reprise/proptest/scan/sample/" + name + ".class";
                entries.putNextEntry(new JarEntry(path));
                try (InputStream in = getClass().getClassLoader().getResourceAsStream(path)) {
                    in.transferTo(entries);
                }
            }
        }
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            Class<?> anchor = loader.loadClass(Saint.class.getName());
            assertEquals(SINS.stream().sorted().toList(), summary(ForbiddenCalls.inPackageOf(anchor).findings()));
        }
    }

    /** A line that names nothing would be silent for ever. */
    @Test
    void shouldNameOnlyWhatThereIs() throws Exception {
        assertFalse(ForbiddenCalls.rules().isEmpty());
        for (ForbiddenCalls.Rule rule : ForbiddenCalls.rules()) {
            assertFalse(rule.reason() == null || rule.reason().isBlank(), () -> "no reason: " + rule);
            if (rule.owner().endsWith("/")) {
                continue;
            }
            Class<?> owner = Class.forName(rule.owner().replace('/', '.'));
            assertTrue(rule.name().equals("*") || hasMember(owner, rule.name()), () -> "no such member: " + rule);
        }
    }

    private static boolean hasMember(Class<?> owner, String name) {
        for (Method method : owner.getDeclaredMethods()) {
            if (method.getName().equals(name)) {
                return true;
            }
        }
        for (Method method : owner.getMethods()) {
            if (method.getName().equals(name)) {
                return true;
            }
        }
        for (Field field : owner.getDeclaredFields()) {
            if (field.getName().equals(name)) {
                return true;
            }
        }
        Constructor<?>[] constructors = owner.getDeclaredConstructors();
        return name.equals("<init>") && constructors.length > 0;
    }
}
