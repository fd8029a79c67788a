package dev.reprise.machine.stats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The figures of one run, written as JSON by {@code --stats}; the schema stands beside this class as a resource,
 * {@code stats.schema.json}. Filled by the thread that owns the run, after its guest thread has ended.
 */
public final class RunStats {

    private static final double NS_PER_SECOND = 1e9;

    /** The command: run, record or replay. */
    public String command = "";
    /** Instructions that retired. */
    public long instructions;
    public long steps;
    /** From the start of the guest thread to the end of the run, the start of the JVM left out. */
    public long wallNs;
    /** CPU time of the guest thread. */
    public long guestCpuNs;
    /** CPU time of the whole process so far, the start of the JVM included; below 0 if the host does not say. */
    public long processCpuNs = -1;
    /** Bytes of heap that the guest thread has asked for, RAM touched for the first time included. */
    public long allocatedBytes;
    /** How often the guest asked the host: clocks, entropy; 0 in a replay. */
    public long hostCalls;
    /** Guest time at the end. */
    public long guestNs;
    /** Bytes that the guest wrote to its console and that were accepted there; the same in a replay. */
    public long consoleBytes;
    /** Bytes of manifest, segments and mark; 0 without a recording. */
    public long logBytes;
    /** Digest of the final state in hex, or null if there is none. */
    public String digest;
    /** The last link of the log's chain in hex, or null if there is none. */
    public String headHash;
    /** Why it ended, one word. */
    public String stop = "";
    public int guestCode;
    public int exitStatus;
    public String message = "";
    /** Events by kind, lower case. */
    public final SortedMap<String, Long> events = new TreeMap<>();
    /** What was waited for: how often, by name. */
    public final SortedMap<String, Long> waits = new TreeMap<>();
    /** Interrupts, exceptions and checkpoints. */
    public final SortedMap<String, Long> witnessed = new TreeMap<>();
    /** Character devices, and the monitor, by name. */
    public final SortedMap<String, DeviceStats> characterDevices = new TreeMap<>();
    /** Digests that were asked for, by step. */
    public final SortedMap<Long, String> digests = new TreeMap<>();

    /** Writes the file whole, by rename. */
    public void write(Path file) throws IOException {
        WholeFile.write(file, toJson());
    }

    public String toJson() {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeStringField("command", command);
            json.writeNumberField("instructions", instructions);
            json.writeNumberField("steps", steps);
            json.writeNumberField("wallSeconds", wallNs / NS_PER_SECOND);
            json.writeNumberField("guestCpuSeconds", guestCpuNs / NS_PER_SECOND);
            if (processCpuNs >= 0) {
                json.writeNumberField("processCpuSeconds", processCpuNs / NS_PER_SECOND);
            }
            json.writeNumberField("mips", guestCpuNs == 0 ? 0 : instructions * 1e3 / guestCpuNs);
            json.writeNumberField("allocatedBytes", allocatedBytes);
            json.writeNumberField("hostCalls", hostCalls);
            json.writeNumberField("guestSeconds", guestNs / NS_PER_SECOND);
            json.writeNumberField("consoleBytes", consoleBytes);
            json.writeNumberField("logBytes", logBytes);
            json.writeStringField("digest", digest);
            json.writeStringField("headHash", headHash);
            json.writeStringField("stop", stop);
            json.writeNumberField("guestCode", guestCode);
            json.writeNumberField("exitStatus", exitStatus);
            json.writeStringField("message", message);
            counts(json, "events", events);
            counts(json, "waits", waits);
            counts(json, "witnessed", witnessed);
            json.writeObjectFieldStart("characterDevices");
            for (var entry : characterDevices.entrySet()) {
                json.writeObjectFieldStart(entry.getKey());
                counts(json, entry.getValue().counts());
                json.writeStringField("failure", entry.getValue().failure());
                json.writeStringField("logFailure", entry.getValue().logFailure());
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeObjectFieldStart("digests");
            for (var entry : digests.entrySet()) {
                json.writeStringField(entry.getKey().toString(), entry.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out + "\n";
    }

    private static void counts(JsonGenerator json, String name, SortedMap<String, Long> counts) throws IOException {
        json.writeObjectFieldStart(name);
        counts(json, counts);
        json.writeEndObject();
    }

    private static void counts(JsonGenerator json, SortedMap<String, Long> counts) throws IOException {
        for (var entry : counts.entrySet()) {
            json.writeNumberField(entry.getKey(), entry.getValue());
        }
    }
}
