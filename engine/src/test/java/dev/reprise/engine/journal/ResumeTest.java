package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.ring.Poison;
import dev.reprise.engine.ring.ReplayRing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log that goes on where its recorder was killed, above all within a message of several records. */
class ResumeTest {

    private static final byte[] MANIFEST = SampleLogs.MANIFEST;
    private static final String SEGMENT = Layout.segment(0);
    private static final int WHOLE_EVENTS = 30;
    private static final long MESSAGE_POSITION = 50_000;
    private static final int MESSAGE_RECORDS = 6;
    private static final int RING_SLOTS = 1024;

    /** The next records of a message. */
    private static void append(JournalWriter writer, long position, int from, int to, int of, boolean sealEach)
            throws IOException {
        byte[] bytes = new byte[Event.SLOT_PAYLOAD_BYTES];
        for (int i = from; i < to; i++) {
            Arrays.fill(bytes, (byte) i);
            writer.append(Event.slot().set(EventKind.CHAR_INPUT, 1, position, 0, 0).more(i + 1 < of)
                    .payload(bytes, 0, bytes.length));
            if (sealEach) {
                writer.seal();
            }
        }
    }

    /** Some events, then a message's first records. */
    private static MemoryFiles killedWithin(int records, int of, boolean sealEach) throws IOException {
        MemoryFiles files = new MemoryFiles();
        try (JournalWriter writer = new JournalWriter(files, MANIFEST, false)) {
            SampleLogs.append(writer, 0, WHOLE_EVENTS, 10);
            append(writer, MESSAGE_POSITION, 0, records, of, sealEach);
            writer.seal();
        }
        return files;
    }

    /** Recovers the log and goes on with a whole message and the end; returns what was there before. */
    private static Recovery.Result goOn(MemoryFiles files, int messageRecords, String what) throws IOException {
        Recovery.Result recovered = Recovery.recover(files, MANIFEST, false);
        long position = recovered.before().lastPosition();
        try (JournalWriter writer = JournalWriter.resume(files, MANIFEST, true, SegmentDescriptor.TARGET_BYTES)) {
            append(writer, position, 0, messageRecords, messageRecords, false);
            SampleLogs.end(writer, position + 1);
            writer.finish(true);
        }
        LogCheck.Report report = LogCheck.check(files, MANIFEST);
        assertEquals(RecoveryRow.CLEAN_END, report.row(), () -> what + ": " + report.reason());
        assertEquals(recovered.before().events() + 1 + messageRecords + 1, report.events(), what);
        return recovered;
    }

    /** What a replay's guest thread is given: whole messages, copies. */
    private static List<Event> messages(MemoryFiles files) throws IOException {
        ReplayRing ring = new ReplayRing(RING_SLOTS, new Poison());
        List<Event> messages = new ArrayList<>();
        try (JournalReader reader = new JournalReader(files, MANIFEST)) {
            Event record = Event.slot();
            int slots = 0;
            while (reader.next(record)) {
                assertTrue(ring.publish(record));
                if (!record.more()) {
                    messages.add(new Event(0).copyFrom(ring.peek()));
                    ring.take();
                    slots = 0;
                }
                assertTrue(++slots < RING_SLOTS);
            }
            assertNull(reader.finding().reason(), reader.finding()::toString);
        }
        return messages;
    }

    private static void expectMessages(MemoryFiles files, int whole, long position, int messageRecords, String what)
            throws IOException {
        List<Event> messages = messages(files);
        assertEquals(whole + 3, messages.size(), what);
        Event resume = messages.get(whole);
        assertEquals(EventKind.RESUME, resume.kind(), what);
        assertEquals(position, resume.position(), what);
        assertEquals(3, resume.a(), what);
        Event next = messages.get(whole + 1);
        assertEquals(EventKind.CHAR_INPUT, next.kind(), what);
        assertEquals(messageRecords * Event.SLOT_PAYLOAD_BYTES, next.length(), what);
        assertEquals(0, next.payload()[0], what);
        assertEquals(EventKind.END, messages.get(whole + 2).kind(), what);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndAMessageThatTheKilledRecorderHadBegun(boolean sealEach) throws IOException {
        for (int records = 0; records <= MESSAGE_RECORDS; records++) {
            String what = records + " records of " + MESSAGE_RECORDS;
            MemoryFiles files = killedWithin(records, MESSAGE_RECORDS, sealEach);
            goOn(files, 3, what);
            expectMessages(files, WHOLE_EVENTS + records / MESSAGE_RECORDS,
                    records == 0 ? WHOLE_EVENTS * 1000 : MESSAGE_POSITION, 3, what);
        }
    }

    /** Whatever stands behind the last whole group is cut first; the groups may break off within the message or before it. */
    @Test
    void shouldGoOnBehindEveryCutOfAMessage() throws IOException {
        byte[] whole = killedWithin(MESSAGE_RECORDS, MESSAGE_RECORDS, true).bytes(SEGMENT);
        int[] at = SampleLogs.groups(whole);
        int within = 0;
        for (int length = at[at.length - MESSAGE_RECORDS]; length < whole.length; length++) {
            String what = "cut after " + length + " bytes";
            MemoryFiles files = killedWithin(MESSAGE_RECORDS, MESSAGE_RECORDS, true);
            files.put(SEGMENT, Arrays.copyOf(whole, length));
            Recovery.Result recovered = goOn(files, 1, what);
            within += recovered.before().events() > WHOLE_EVENTS ? 1 : 0;
            expectMessages(files, WHOLE_EVENTS, recovered.before().lastPosition(), 1, what);
        }
        assertTrue(within > whole.length / 4, "only " + within + " cuts were within the message");
    }

    @Test
    void shouldNotCountWhatWasBrokenOffForTheNextMessage() throws IOException {
        int most = Event.MAX_MESSAGE_BYTES / Event.SLOT_PAYLOAD_BYTES;
        MemoryFiles files = killedWithin(most - 1, most, false);
        goOn(files, most, "the longest message, twice");
        expectMessages(files, WHOLE_EVENTS, MESSAGE_POSITION, most, "the longest message, twice");
    }

    @Test
    void shouldBreakAMessageOffAsOftenAsItsRecorderIsKilled() throws IOException {
        MemoryFiles files = killedWithin(2, MESSAGE_RECORDS, false);
        for (int kill = 1; kill <= 3; kill++) {
            Recovery.recover(files, MANIFEST, false);
            try (JournalWriter writer = JournalWriter.resume(files, MANIFEST, true, SegmentDescriptor.TARGET_BYTES)) {
                append(writer, MESSAGE_POSITION, 0, kill, MESSAGE_RECORDS, false);
                writer.seal();
            }
            LogCheck.Report report = LogCheck.check(files, MANIFEST);
            assertEquals(RecoveryRow.KILLED, report.row(), report.reason());
        }
        goOn(files, 1, "the last of four");
        assertEquals(WHOLE_EVENTS + 3 + 3, messages(files).size());
        assertNotNull(messages(files).get(WHOLE_EVENTS + 3));
    }
}
