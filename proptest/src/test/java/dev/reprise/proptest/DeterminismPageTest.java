package dev.reprise.proptest;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Example;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The page for authors says what the code does. */
class DeterminismPageTest {

    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/determinism.md")).replaceAll("\\s+", " ");
    }

    @Test
    void shouldListEveryReasonOfTheScan() throws IOException {
        String page = page();
        int reasons = 0;
        for (String line : Files.readAllLines(
                Path.of("src/main/resources/dev/reprise/proptest/scan/forbidden-calls.txt"))) {
            if (line.startsWith("## ")) {
                String[] parts = line.substring(3).split(": ", 2);
                assertTrue(page.contains("**" + parts[0] + "**: " + parts[1]), () -> "not on the page: " + line);
                reasons++;
            }
        }
        assertTrue(reasons > 5);
    }

    @Test
    void shouldListEveryProperty() throws IOException {
        String page = page();
        for (Method method : DeterminismContract.class.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Property.class) || method.isAnnotationPresent(Example.class)) {
                assertTrue(page.contains("`" + method.getName() + "`"), () -> "not on the page: " + method.getName());
            }
        }
        assertFalse(page.isEmpty());
    }

    @Test
    void shouldShowASampleThatIsRunAsATest() throws IOException {
        String sample = Files.readString(
                Path.of("src/test/java/dev/reprise/proptest/FrameConsoleDeterminismTest.java")).replaceAll("\\s+", " ");
        String page = page();
        int start = page.indexOf("```java ") + "```java ".length();
        assertTrue(sample.contains(page.substring(start, page.indexOf(" ```", start))));
    }
}
