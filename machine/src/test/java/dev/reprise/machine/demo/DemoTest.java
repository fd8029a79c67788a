package dev.reprise.machine.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DemoTest {

    @Test
    void shouldAgreeAndSaySo() throws Exception {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        ByteArrayOutputStream progress = new ByteArrayOutputStream();
        boolean agrees = new Demo(new PrintStream(page), new PrintStream(progress), 20_260_101).run();
        String text = page.toString(StandardCharsets.UTF_8);
        assertTrue(agrees, text);
        assertTrue(text.contains("VERDICT: the replay is the recorded run"), text);
        assertEquals(7, text.lines().filter(line -> line.startsWith("  ok ")).count());
        assertEquals(5, progress.toString(StandardCharsets.UTF_8).lines().count());
        assertTrue(text.lines().allMatch(line -> line.length() <= 110), text);
    }

    @Test
    void shouldTypeTheSameForASeed() {
        assertEquals(new TypingScript(1).keys(), new TypingScript(1).keys());
        assertNotEquals(new TypingScript(1).keys(), new TypingScript(2).keys());
    }
}
