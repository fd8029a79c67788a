package dev.reprise.machine.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Manifest;
import dev.reprise.engine.journal.Recording;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a recording is of. */
@Command(name = "info", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Says what a recording is of, and in what state its log is.")
final class InfoCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The recording.")
    private Path directory;

    @Option(names = "--json", description = "Print JSON (schema: info.schema.json among the resources).")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Recording recording = Recording.open(directory);
        LogCheck.Report report = recording.check();
        if (json) {
            printJson(recording, report, System.out);
        } else {
            print(recording, report, System.out);
        }
        String verdict = report.verdict().name().toLowerCase(Locale.ROOT);
        String message = "the log is " + verdict + (report.reason() == null ? "" : ": " + report.reason());
        return Main.endPrinted(System.err, switch (report.verdict()) {
            case WHOLE -> new Ending(ExitStatus.OK.code(), verdict, 0, message);
            case TORN -> new Ending(ExitStatus.INCOMPLETE.code(), "incomplete", 0, message);
            case DAMAGED -> Ending.failure(ExitStatus.DAMAGED.code(), message);
            case UNSUPPORTED -> Ending.failure(ExitStatus.USAGE.code(), message);
        });
    }

    private static void print(Recording recording, LogCheck.Report report, PrintStream out) {
        Manifest m = recording.manifest();
        line(out, "recording  " + m.id() + " of " + m.created() + ", format " + m.format());
        line(out, "guest      " + m.guest() + ", counted in " + m.unit() + ", clock " + m.clockMode().text());
        m.settings().forEach((key, value) -> line(out, "setting    " + key + " = " + value));
        for (var d : m.devices()) {
            line(out, "device     " + d.name() + " (" + d.kind() + "), revision " + d.revision());
        }
        m.revisions().forEach((part, revision) -> line(out, "model      " + part + ", revision " + revision));
        for (Manifest.ImageEntry image : m.images()) {
            line(out, "image      " + image.name() + ", " + image.bytes() + " bytes, sha256 " + image.sha256()
                    + (image.stored() ? "" : ", not in the recording"));
        }
        line(out, "log        " + report.events() + " events in " + report.groups() + " groups, "
                + recording.logBytes() + " bytes, up to step " + report.lastPosition());
        line(out, "head       " + report.headHash());
        out.flush();
    }

    /** A manifest is not to be trusted with the terminal. */
    private static void line(PrintStream out, String text) {
        out.println(text.replaceAll("\\p{Cc}", "?"));
    }

    private static void printJson(Recording recording, LogCheck.Report report, PrintStream out) throws IOException {
        Manifest m = recording.manifest();
        JsonGenerator json = Json.generator(out);
        json.useDefaultPrettyPrinter();
        json.writeStartObject();
        json.writeNumberField("version", 1);
        json.writeStringField("id", m.id());
        json.writeStringField("created", m.created());
        json.writeNumberField("format", m.format());
        json.writeStringField("guest", m.guest());
        json.writeStringField("unit", m.unit());
        json.writeStringField("clock", m.clockMode().text());
        json.writeNumberField("digestInterval", m.digestInterval());
        json.writeObjectFieldStart("settings");
        for (Map.Entry<String, String> e : m.settings().entrySet()) {
            json.writeStringField(e.getKey(), e.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("devices");
        for (var d : m.devices()) {
            json.writeStartObject();
            json.writeStringField("name", d.name());
            json.writeStringField("kind", d.kind());
            json.writeNumberField("revision", d.revision());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("revisions");
        for (Map.Entry<String, Integer> e : m.revisions().entrySet()) {
            json.writeNumberField(e.getKey(), e.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("images");
        for (Manifest.ImageEntry image : m.images()) {
            json.writeStartObject();
            json.writeStringField("name", image.name());
            json.writeStringField("sha256", image.sha256());
            json.writeNumberField("bytes", image.bytes());
            json.writeBooleanField("stored", image.stored());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("log");
        json.writeStringField("verdict", report.verdict().name().toLowerCase(Locale.ROOT));
        json.writeStringField("reason", report.reason());
        json.writeNumberField("groups", report.groups());
        json.writeNumberField("events", report.events());
        json.writeNumberField("lastStep", report.lastPosition());
        json.writeNumberField("bytes", recording.logBytes());
        json.writeStringField("headHash", report.headHash());
        json.writeEndObject();
        json.writeEndObject();
        json.writeRaw('\n');
        json.flush();
    }
}
