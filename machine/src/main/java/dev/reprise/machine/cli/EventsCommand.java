package dev.reprise.machine.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.journal.JournalReader;
import dev.reprise.engine.journal.LogCheck;
import dev.reprise.engine.journal.Recording;
import dev.reprise.machine.config.ConfigException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists a recording's events. */
@Command(name = "events", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Lists the events of a recording, one a line, in the order of the log.")
final class EventsCommand implements Callable<Integer> {

    /** A reader that is gone, such as head, is noticed after so many events. */
    private static final int EVENTS_PER_LOOK = 10_000;

    @Parameters(paramLabel = "DIR", description = "The recording.")
    private Path directory;

    @Option(names = "--json", description = "One JSON object a line (schema: event.schema.json among the resources).")
    private boolean json;

    @Option(names = "--from", paramLabel = "STEP", description = "Leave out events before this step.")
    private long from;

    @Option(names = "--to", paramLabel = "STEP", description = "Leave out events from this step on.")
    private long to = Long.MAX_VALUE;

    @Override
    public Integer call() throws Exception {
        if (from < 0 || to < from) {
            throw new ConfigException("--from and --to: 0 <= from <= to");
        }
        Recording recording = Recording.open(directory);
        LogCheck.Report report = recording.check();
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.UTF_8);
        long listed = list(recording, report.groups(), out);
        out.flush();
        String message = listed + " events listed of " + report.events();
        return Main.endPrinted(System.err, switch (report.verdict()) {
            case WHOLE -> new Ending(ExitStatus.OK.code(), "whole", 0, message);
            case TORN -> new Ending(ExitStatus.INCOMPLETE.code(), "incomplete", 0,
                    message + "; the log is incomplete: " + report.reason());
            case DAMAGED -> Ending.failure(ExitStatus.DAMAGED.code(), message + "; damaged: " + report.reason());
            case UNSUPPORTED -> Ending.failure(ExitStatus.USAGE.code(), message + "; " + report.reason());
        });
    }

    private long list(Recording recording, long groups, PrintStream out) throws IOException {
        long listed = 0;
        Event event = Event.slot();
        JsonGenerator generator = Json.generator(out);
        generator.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
        try (JournalReader reader = new JournalReader(recording.files(), recording.manifestBytes())) {
            while (reader.next(event) && reader.groups() <= groups && event.position() < to) {
                if (event.position() < from) {
                    continue;
                }
                listed++;
                if (listed % EVENTS_PER_LOOK == 0 && System.out.checkError()) {
                    break;
                }
                if (json) {
                    print(event, generator);
                } else {
                    out.println(text(event));
                }
            }
        }
        if (json && listed > 0) {
            generator.writeRaw('\n');
        }
        generator.flush();
        return listed;
    }

    private static String text(Event event) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%14d  %s", event.position(), name(event)));
        EventKind kind = event.kind();
        if (kind.hasSource()) {
            line.append(" source=").append(event.source());
        }
        if (kind.hasA()) {
            line.append(" a=").append(event.a());
        }
        if (kind.hasB()) {
            line.append(" b=").append(kind.hasFixedB() ? Long.toHexString(event.b()) : Long.toString(event.b()));
        }
        if (kind.hasPayload()) {
            line.append(' ').append(HexFormat.of().formatHex(event.payload(), 0, event.length()));
        }
        return event.more() ? line.append(" ...").toString() : line.toString();
    }

    private static String name(Event event) {
        return event.kind().name().toLowerCase(Locale.ROOT);
    }

    private static void print(Event event, JsonGenerator json) throws IOException {
        EventKind kind = event.kind();
        json.writeStartObject();
        json.writeNumberField("step", event.position());
        json.writeStringField("kind", name(event));
        json.writeStringField("role", kind.role().name().toLowerCase(Locale.ROOT));
        if (kind.hasSource()) {
            json.writeNumberField("source", event.source());
        }
        if (kind.hasA()) {
            json.writeNumberField("a", event.a());
        }
        if (kind.hasB()) {
            json.writeNumberField("b", event.b());
        }
        if (kind.hasPayload()) {
            json.writeStringField("payload", HexFormat.of().formatHex(event.payload(), 0, event.length()));
        }
        if (event.more()) {
            json.writeBooleanField("more", true);
        }
        json.writeEndObject();
    }
}
