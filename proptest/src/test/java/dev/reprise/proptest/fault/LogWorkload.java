package dev.reprise.proptest.fault;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.journal.FileLayer;
import dev.reprise.engine.journal.JournalReader;
import dev.reprise.engine.journal.JournalWriter;
import dev.reprise.engine.journal.LogCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Events whose content says their number, written in ways that a journaler might, and looked for again. */
final class LogWorkload {

    static final byte[] MANIFEST = "{\"workload\":1}\n".getBytes(StandardCharsets.US_ASCII);

    private static final int END_BYTES = 40;

    private LogWorkload() {}

    static Event event(Event into, long number) {
        byte[] payload = new byte[(int) (number * 31 % 90)];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (number * 7 + i * number);
        }
        return into.set(EventKind.EMBEDDER_INPUT, 1, number * 10, number, -number).payload(payload, 0, payload.length);
    }

    /** Appends, seals and forces as chance has it; the events go on from those that the writer has. */
    static void write(JournalWriter writer, int steps, boolean end, SplittableRandom random) throws IOException {
        Event event = Event.slot();
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(8)) {
                case 0 -> writer.force();
                case 1, 2, 3 -> writer.seal();
                default -> {
                    for (int n = random.nextInt(30); n >= 0; n--) {
                        writer.append(event(event, writer.events() + 1));
                    }
                }
            }
        }
        if (end) {
            writer.append(event.set(EventKind.END, 0, writer.events() * 10 + 10, 6, 0).payload(new byte[END_BYTES], 0,
                    END_BYTES));
            writer.finish(random.nextBoolean());
        }
    }

    /** Fails unless the whole groups hold exactly the first events of the workload, as many as the report says. */
    static void requirePrefix(FileLayer files, LogCheck.Report report, String what) throws IOException {
        Event read = Event.slot();
        Event expected = Event.slot();
        long number = 0;
        try (JournalReader reader = new JournalReader(files, MANIFEST)) {
            while (reader.next(read) && reader.groups() <= report.groups()) {
                number++;
                boolean same = read.kind() == EventKind.END || read.kind() == EventKind.RESUME
                        || (read.position() == number * 10 && read.sameContent(event(expected, number)));
                if (!same) {
                    throw new AssertionError(what + ": event " + number + " is " + read);
                }
            }
        }
        if (number != report.events()) {
            throw new AssertionError(what + ": " + number + " events, the check says " + report.events());
        }
    }
}
