package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.reprise.engine.ClockMode;
import dev.reprise.engine.SessionConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ManifestJsonTest {

    private static final Manifest MANIFEST = new Manifest(Manifest.FORMAT, "0123456789abcdef0123456789abcdef",
            "2026-01-01T00:00:00Z", "virt", "steps", ClockMode.HOST, 42_949_672_960L, 50_000_000,
            List.of(new SessionConfig.Device("serial0", "16550a", 1)), new TreeMap<>(Map.of("cpu", 1, "board", 2)),
            new TreeMap<>(Map.of("memory", "512M", "append", "console=ttyS0 \"quoted\"\n\u00e4")),
            List.of(new Manifest.ImageEntry("kernel", "ab".repeat(32), 12345678901L, true)));

    @Test
    void shouldReadBackWhatItWritesAndWriteTheSameBytes() {
        byte[] bytes = ManifestJson.write(MANIFEST);
        Manifest back = ManifestJson.read(bytes);
        assertEquals(MANIFEST, back);
        assertArrayEquals(bytes, ManifestJson.write(back));
    }

    @Test
    void shouldKeepToItsSchema() {
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Manifest.class.getResourceAsStream("manifest.schema.json"));
        String text = new String(ManifestJson.write(MANIFEST), StandardCharsets.UTF_8);
        assertTrue(schema.validate(text, InputFormat.JSON).isEmpty(), schema.validate(text, InputFormat.JSON)::toString);
        assertTrue(!schema.validate(text.replace("\"unit\"", "\"units\""), InputFormat.JSON).isEmpty());
    }

    @Test
    void shouldRefuseWithOneLineWhateverTheBytes() {
        byte[] bytes = ManifestJson.write(MANIFEST);
        SplittableRandom random = new SplittableRandom(20261121);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] broken = bytes.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            try {
                ManifestJson.read(broken);
            } catch (BadRecordingException expected) {
                refused++;
                assertEquals(1, expected.getMessage().lines().count(), expected.getMessage());
            }
        }
        assertTrue(refused > 1000);
    }

    @Test
    void shouldNameBothVersionsOfANewerFormat() {
        String text = new String(ManifestJson.write(MANIFEST), StandardCharsets.UTF_8);
        BadRecordingException refused = assertThrows(BadRecordingException.class, () -> ManifestJson.read(
                text.replace("\"format\" : 1", "\"format\" : 9").getBytes(StandardCharsets.UTF_8)));
        assertEquals("the recording has format 9; this release reads format 1", refused.getMessage());
    }
}
