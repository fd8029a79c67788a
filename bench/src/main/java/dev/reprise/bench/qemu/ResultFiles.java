package dev.reprise.bench.qemu;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.reprise.bench.qemu.Results.Sample;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The results as files for programs: peers.json holds everything (peers.schema.json describes it), peers.csv each run. */
final class ResultFiles {

    private static final int VERSION = 1;

    private ResultFiles() {}

    static void write(Path folder, Map<String, String> surroundings, Results results) throws IOException {
        Files.createDirectories(folder);
        replace(folder.resolve("peers.json"), json(surroundings, results));
        replace(folder.resolve("peers.csv"), csv(results));
    }

    /** Whole or not at all, so that a reader never sees half of it. */
    static void replace(Path file, String text) throws IOException {
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(whole, text);
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    static String csv(Results results) {
        StringBuilder text = new StringBuilder("guest,kind,peer,round,seconds,cpuSeconds,instructions,logBytes\n");
        for (GuestProgram guest : results.guests()) {
            for (Peer peer : Peer.values()) {
                for (Sample sample : results.samples(guest, peer)) {
                    text.append(String.format(Locale.ROOT, "%s,%s,%s,%d,%.6f,%.2f,%d,%d%n", guest.name(), guest.kind().id,
                            peer.id, sample.round(), sample.seconds(), sample.cpuSeconds(), sample.instructions(),
                            sample.logBytes()));
                }
            }
        }
        return text.toString();
    }

    static String json(Map<String, String> surroundings, Results results) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartObject();
            json.writeNumberField("version", VERSION);
            json.writeObjectFieldStart("surroundings");
            for (Map.Entry<String, String> entry : surroundings.entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("guests");
            for (GuestProgram guest : results.guests()) {
                writeGuest(json, results, guest);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("geometricMeans");
            for (GuestProgram.Kind kind : GuestProgram.Kind.values()) {
                for (Peer peer : Peer.values()) {
                    writeMean(json, results, kind, peer);
                }
            }
            json.writeEndArray();
            json.writeArrayFieldStart("failures");
            for (String failure : results.failures()) {
                json.writeString(failure);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text + "\n";
    }

    private static void writeGuest(JsonGenerator json, Results results, GuestProgram guest) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", guest.name());
        json.writeStringField("kind", guest.kind().id);
        json.writeNumberField("instructions", results.instructions(guest));
        json.writeArrayFieldStart("peers");
        for (Peer peer : Peer.values()) {
            Spread seconds = results.seconds(guest, peer);
            if (seconds != null) {
                json.writeStartObject();
                json.writeStringField("peer", peer.id);
                json.writeNumberField("median", seconds.median());
                json.writeNumberField("min", seconds.min());
                json.writeNumberField("max", seconds.max());
                OptionalDouble ratio = results.ratio(guest, peer);
                if (ratio.isPresent() && peer != Peer.START_UP) {
                    json.writeNumberField("ratio", ratio.getAsDouble());
                }
                json.writeArrayFieldStart("runs");
                for (Sample sample : results.samples(guest, peer)) {
                    json.writeStartObject();
                    json.writeNumberField("round", sample.round());
                    json.writeNumberField("seconds", sample.seconds());
                    json.writeNumberField("cpuSeconds", sample.cpuSeconds());
                    json.writeNumberField("instructions", sample.instructions());
                    json.writeNumberField("logBytes", sample.logBytes());
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeMean(JsonGenerator json, Results results, GuestProgram.Kind kind, Peer peer)
            throws IOException {
        double mean = results.geometricMean(kind, peer);
        if (peer != Peer.START_UP && !Double.isNaN(mean)) {
            json.writeStartObject();
            json.writeStringField("kind", kind.id);
            json.writeStringField("peer", peer.id);
            json.writeNumberField("ratio", mean);
            json.writeEndObject();
        }
    }
}
