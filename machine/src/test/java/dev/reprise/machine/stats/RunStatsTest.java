package dev.reprise.machine.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.reprise.chardev.guest.TransmitCounters;
import dev.reprise.chardev.host.BackendCounters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStatsTest {

    private static RunStats full() {
        RunStats stats = new RunStats();
        stats.command = "record";
        stats.instructions = 50_000_000;
        stats.steps = Long.MAX_VALUE;
        stats.wallNs = 2_000_000_000;
        stats.guestCpuNs = 1_000_000_000;
        stats.processCpuNs = 3_000_000_000L;
        stats.digest = "0123456789abcdef".repeat(4);
        stats.headHash = "fedcba9876543210".repeat(4);
        stats.stop = "guest-shutdown";
        stats.message = "the guest \"powered\" off\n";
        stats.events.put("char_input", 3L);
        stats.waits.put("journalFull", 0L);
        stats.digests.put(77L, stats.digest);
        BackendCounters host = new BackendCounters(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, "Broken pipe", "full");
        stats.characterDevices.put("uart", DeviceStats.of(host, new TransmitCounters(13, 14, 15)));
        stats.characterDevices.put("monitor", DeviceStats.of(host, null));
        return stats;
    }

    @Test
    void shouldHoldToItsSchema() throws IOException {
        JsonSchema schema = JsonSchema.ofResource("stats.schema.json");
        assertEquals(List.of(), schema.errors(full().toJson()));
        RunStats empty = new RunStats();
        empty.command = "run";
        empty.stop = "bad-input";
        assertEquals(List.of(), schema.errors(empty.toJson()));
    }

    @Test
    void shouldBeFoundOutIfItDoesNot() throws IOException {
        JsonSchema schema = JsonSchema.ofResource("stats.schema.json");
        RunStats wrong = full();
        wrong.digest = "beef";
        wrong.command = "dance";
        assertEquals(2, schema.errors(wrong.toJson()).size());
        assertFalse(schema.errors("{}").isEmpty());
        assertFalse(schema.errors(full().toJson().replace("\"steps\"", "\"strides\"")).isEmpty());
        assertFalse(schema.errors(full().toJson().replace("\"roomWaits\"", "\"rooms\"")).isEmpty());
    }

    @Test
    void shouldCountMipsByTheGuestThreadsCpuTime(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("stats.json");
        full().write(file);
        assertEquals("50.0", StatsFile.fields(file).get("mips"));
        assertEquals("3", StatsFile.fields(file).get("events.char_input"));
        assertEquals("14", StatsFile.fields(file).get("characterDevices.uart.discardedCharacters"));
        assertEquals("Broken pipe", StatsFile.fields(file).get("characterDevices.monitor.failure"));
        assertEquals("7", StatsFile.fields(file).get("characterDevices.uart.logLostBytes"));
        assertEquals("full", StatsFile.fields(file).get("characterDevices.uart.logFailure"));
        assertEquals(full().digest, StatsFile.fields(file).get("digests.77"));
        RunStats none = new RunStats();
        none.write(file);
        assertEquals("0.0", StatsFile.fields(file).get("mips"));
        assertNull(StatsFile.fields(file).get("digest"));
        assertEquals(List.of(file), Files.list(directory).toList());
    }
}
