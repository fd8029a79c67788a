package dev.reprise.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/** A report as JSON, which report.schema.json describes: written whole or not at all, and read again to be compared with. */
final class ReportFile {

    private static final int VERSION = 1;

    private ReportFile() {}

    static void write(Path file, String text) throws IOException {
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(whole, text);
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    static String json(Report report) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartObject();
            json.writeNumberField("version", VERSION);
            writeTexts(json, "surroundings", report.surroundings());
            json.writeArrayFieldStart("figures");
            for (Figure figure : report.figures()) {
                json.writeStartObject();
                json.writeStringField("benchmark", figure.benchmark());
                writeTexts(json, "parameters", figure.parameters());
                json.writeStringField("unit", figure.unit());
                json.writeNumberField("score", figure.score());
                json.writeNumberField("low", figure.low());
                json.writeNumberField("high", figure.high());
                json.writeNumberField("samples", figure.samples());
                if (figure.bytesPerOperation() >= 0) {
                    json.writeNumberField("bytesPerOperation", figure.bytesPerOperation());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text + "\n";
    }

    private static void writeTexts(JsonGenerator json, String name, Map<String, String> texts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }

    /** @throws IOException if it is no report, or one of another version; the message names the file */
    static Report read(Path file) throws IOException {
        Report report = Report.empty();
        int version = -1;
        try (JsonParser json = new JsonFactory().createParser(Files.readString(file))) {
            expect(json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "version" -> version = json.getIntValue();
                    case "surroundings" -> report.surroundings().putAll(texts(json));
                    case "figures" -> {
                        expect(value, JsonToken.START_ARRAY);
                        while (json.nextToken() == JsonToken.START_OBJECT) {
                            report.figures().add(figure(json));
                        }
                    }
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new IOException(file + ": is no report: " + e.getMessage(), e);
        }
        if (version != VERSION) {
            throw new IOException(file + ": version " + version + " of a report, and this program knows " + VERSION);
        }
        return report;
    }

    private static Figure figure(JsonParser json) throws IOException {
        Map<String, String> parameters = Map.of();
        Map<String, String> texts = new TreeMap<>();
        Map<String, Double> numbers = new TreeMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (name.equals("parameters")) {
                parameters = texts(json);
            } else if (value.isNumeric()) {
                numbers.put(name, json.getDoubleValue());
            } else {
                texts.put(name, json.getText());
            }
        }
        for (String needed : new String[] {"score", "low", "high", "samples"}) {
            if (!numbers.containsKey(needed)) {
                throw new IOException("a figure lacks " + needed);
            }
        }
        if (!texts.containsKey("benchmark") || !texts.containsKey("unit")) {
            throw new IOException("a figure lacks its benchmark or its unit");
        }
        return new Figure(texts.get("benchmark"), new TreeMap<>(parameters), texts.get("unit"), numbers.get("score"),
                numbers.get("low"), numbers.get("high"), numbers.get("samples").intValue(),
                numbers.getOrDefault("bytesPerOperation", -1.0));
    }

    private static Map<String, String> texts(JsonParser json) throws IOException {
        expect(json.currentToken(), JsonToken.START_OBJECT);
        Map<String, String> texts = new TreeMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            expect(json.nextToken(), JsonToken.VALUE_STRING);
            texts.put(name, json.getText());
        }
        return texts;
    }

    private static void expect(JsonToken there, JsonToken wanted) throws IOException {
        if (there != wanted) {
            throw new IOException(wanted + " expected, not " + there);
        }
    }
}
