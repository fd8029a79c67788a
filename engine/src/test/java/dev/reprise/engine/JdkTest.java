package dev.reprise.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class JdkTest {

    /** The selection of a second JDK can fail silently; this is how it shows. */
    @Test
    void shouldRunOnTheJdkThatTheBuildSaysItRunsOn() {
        String wanted = System.getProperty("reprise.jdk", "");
        int running = Runtime.version().feature();
        assertEquals(wanted, running >= 25 ? "25" : Integer.toString(running), "running on " + Runtime.version());
    }
}
