package dev.reprise.engine.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.reprise.engine.ClockMode;
import dev.reprise.engine.SessionConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The manifest as JSON, both directions. The schema is {@code manifest.schema.json} beside this class's resources. */
public final class ManifestJson {

    /** A larger file is no manifest. */
    public static final int MAX_BYTES = 1 << 20;

    private static final int MAX_ENTRIES = 4096;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8).maxStringLength(MAX_BYTES).maxNumberLength(24).build())
            .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private ManifestJson() {}

    public static byte[] write(Manifest m) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n")));
            json.writeStartObject();
            json.writeNumberField("format", m.format());
            json.writeStringField("id", m.id());
            json.writeStringField("created", m.created());
            json.writeStringField("guest", m.guest());
            json.writeStringField("unit", m.unit());
            json.writeStringField("clock", m.clockMode().text());
            json.writeNumberField("clockRate", m.clockRate());
            json.writeNumberField("digestInterval", m.digestInterval());
            json.writeArrayFieldStart("devices");
            for (SessionConfig.Device d : m.devices()) {
                json.writeStartObject();
                json.writeStringField("name", d.name());
                json.writeStringField("kind", d.kind());
                json.writeNumberField("revision", d.revision());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeObjectFieldStart("revisions");
            for (Map.Entry<String, Integer> e : new TreeMap<>(m.revisions()).entrySet()) {
                json.writeNumberField(e.getKey(), e.getValue());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("settings");
            for (Map.Entry<String, String> e : new TreeMap<>(m.settings()).entrySet()) {
                json.writeStringField(e.getKey(), e.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("images");
            for (Manifest.ImageEntry i : m.images()) {
                json.writeStartObject();
                json.writeStringField("name", i.name());
                json.writeStringField("sha256", i.sha256());
                json.writeNumberField("bytes", i.bytes());
                json.writeBooleanField("stored", i.stored());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a manifest; what it says is checked, field by field.
     *
     * @throws BadRecordingException if it is none, or of a newer format
     */
    public static Manifest read(byte[] bytes) {
        try (JsonParser json = JSON.createParser(bytes)) {
            Reader r = new Reader(json);
            Manifest manifest = r.manifest();
            if (json.nextToken() != null) {
                throw new BadRecordingException("manifest: bytes after its end");
            }
            return manifest;
        } catch (IOException | IllegalArgumentException malformed) {
            String message = String.valueOf(malformed.getMessage());
            int end = message.indexOf('\n');
            throw new BadRecordingException("manifest: " + (end < 0 ? message : message.substring(0, end)));
        }
    }

    private static final class Reader {

        private final JsonParser json;
        private int format = -1;
        private String id;
        private String created = "";
        private String guest;
        private String unit = "steps";
        private ClockMode clock;
        private long clockRate;
        private long digestInterval;
        private final List<SessionConfig.Device> devices = new ArrayList<>();
        private final Map<String, Integer> revisions = new TreeMap<>();
        private final Map<String, String> settings = new TreeMap<>();
        private final List<Manifest.ImageEntry> images = new ArrayList<>();

        Reader(JsonParser json) {
            this.json = json;
        }

        Manifest manifest() throws IOException {
            json.nextToken();
            expect(JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                field(name);
            }
            expect(JsonToken.END_OBJECT);
            if (id == null || guest == null || clock == null || format < 0) {
                throw new BadRecordingException("manifest: format, id, guest or clock is missing");
            }
            return new Manifest(format, id, created, guest, unit, clock, clockRate, digestInterval,
                    List.copyOf(devices), revisions, settings, List.copyOf(images));
        }

        private void field(String name) throws IOException {
            switch (name) {
                case "format" -> {
                    format = (int) number(0, Integer.MAX_VALUE);
                    if (format != Manifest.FORMAT) {
                        throw new BadRecordingException("the recording has format " + format
                                + "; this release reads format " + Manifest.FORMAT);
                    }
                }
                case "id" -> id = matching(ID, text());
                case "created" -> created = text();
                case "guest" -> guest = text();
                case "unit" -> unit = text();
                case "clock" -> clock = ClockMode.ofText(text());
                case "clockRate" -> clockRate = number(1, dev.reprise.engine.GuestClock.MAX_RATE);
                case "digestInterval" -> digestInterval = number(0, Long.MAX_VALUE);
                case "devices" -> objects(() -> devices.add(device()), devices);
                case "revisions" -> {
                    expect(JsonToken.START_OBJECT);
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String part = json.currentName();
                        json.nextToken();
                        revisions.put(part, (int) number(0, Integer.MAX_VALUE));
                    }
                }
                case "settings" -> {
                    expect(JsonToken.START_OBJECT);
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String key = json.currentName();
                        json.nextToken();
                        settings.put(key, text());
                    }
                }
                case "images" -> objects(() -> images.add(image()), images);
                default -> throw new BadRecordingException("manifest: unknown field: " + name);
            }
        }

        private SessionConfig.Device device() throws IOException {
            String name = null;
            String kind = null;
            int revision = 0;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "name" -> name = text();
                    case "kind" -> kind = text();
                    case "revision" -> revision = (int) number(0, Integer.MAX_VALUE);
                    default -> throw new BadRecordingException("manifest: unknown field of a device: " + field);
                }
            }
            if (name == null || kind == null) {
                throw new BadRecordingException("manifest: a device without name or kind");
            }
            return new SessionConfig.Device(name, kind, revision);
        }

        private Manifest.ImageEntry image() throws IOException {
            String name = null;
            String sha = null;
            long size = -1;
            boolean stored = true;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "name" -> name = text();
                    case "sha256" -> sha = matching(SHA256, text());
                    case "bytes" -> size = number(0, Long.MAX_VALUE);
                    case "stored" -> stored = json.getBooleanValue();
                    default -> throw new BadRecordingException("manifest: unknown field of an image: " + field);
                }
            }
            if (name == null || sha == null || size < 0) {
                throw new BadRecordingException("manifest: an image without name, sha256 or bytes");
            }
            return new Manifest.ImageEntry(name, sha, size, stored);
        }

        private void objects(Element element, List<?> list) throws IOException {
            expect(JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.START_OBJECT) {
                if (list.size() >= MAX_ENTRIES) {
                    throw new BadRecordingException("manifest: a list of more than " + MAX_ENTRIES);
                }
                element.read();
            }
            expect(JsonToken.END_ARRAY);
        }

        private void expect(JsonToken token) {
            if (json.currentToken() != token) {
                throw new BadRecordingException("manifest: expected " + token + ", found " + json.currentToken());
            }
        }

        private String text() throws IOException {
            expect(JsonToken.VALUE_STRING);
            return json.getText();
        }

        private static String matching(Pattern pattern, String text) {
            if (!pattern.matcher(text).matches()) {
                throw new BadRecordingException("manifest: not " + pattern + ": " + text);
            }
            return text;
        }

        private long number(long min, long max) throws IOException {
            expect(JsonToken.VALUE_NUMBER_INT);
            long value = json.getLongValue();
            if (value < min || value > max) {
                throw new BadRecordingException("manifest: out of " + min + ".." + max + ": " + value);
            }
            return value;
        }

        private interface Element {
            void read() throws IOException;
        }
    }
}
