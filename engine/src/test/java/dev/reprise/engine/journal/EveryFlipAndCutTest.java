package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventKind;
import dev.reprise.engine.journal.LogCheck.Report;
import dev.reprise.engine.journal.LogCheck.Verdict;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A log of 64 KiB, each bit of it flipped and each byte of it the last; ten times larger it is ten such logs, with groups of
 * other sizes ({@link JournalSizes}). All cores look.
 */
class EveryFlipAndCutTest {

    private static final int LOG_BYTES = 65_536;
    private static final byte[] MANIFEST = SampleLogs.MANIFEST;
    private static final String SEGMENT = Layout.segment(0);
    /** Events of a group, by log. */
    private static final int[] SEAL_EVERY = {60, 5, 11, 23, 37, 89, 150, 300, 450, 900};
    private static final int FORCE_AT = 1_000;

    /** The log, and the mark as it stood in the middle. */
    private record Log(MemoryFiles files, byte[] olderMark, long olderGroups) {

        /** The same, for another thread. */
        Log copy() {
            MemoryFiles copied = new MemoryFiles();
            files.snapshot().forEach(copied::put);
            return new Log(copied, olderMark, olderGroups);
        }
    }

    private static Log write(int events, int pad, int sealEvery, boolean compress) throws IOException {
        MemoryFiles files = new MemoryFiles();
        byte[] older = null;
        long olderGroups = 0;
        try (JournalWriter writer = new JournalWriter(files, MANIFEST, compress, 1L << 30)) {
            Event event = Event.slot();
            for (int i = 1; i <= events; i++) {
                writer.append(SampleLogs.sample(event, i));
                if (i % sealEvery == 0) {
                    writer.seal();
                }
                if (i == FORCE_AT) {
                    writer.force();
                    older = files.bytes(Layout.MARK);
                    olderGroups = writer.durableGroups();
                }
            }
            writer.append(event.set(EventKind.CHAR_INPUT, 1, events * 1000L + 1, 0, 0).payload(new byte[128], 0, pad));
            SampleLogs.end(writer, events * 1000L + 5);
            writer.finish(true);
        }
        return new Log(files, older, olderGroups);
    }

    /** A log of exactly so many bytes, without compression; with it, of about as many. */
    private static Log logOf(int bytes, int sealEvery, boolean compress) throws IOException {
        int events = FORCE_AT;
        int step = 2_000;
        while (step > 0) {
            while (write(events + step, 0, sealEvery, compress).files.bytes(SEGMENT).length <= bytes) {
                events += step;
            }
            step /= 4;
        }
        int pad = compress ? 0 : bytes - write(events, 0, sealEvery, false).files.bytes(SEGMENT).length;
        Log log = write(events, pad, sealEvery, compress);
        if (!compress) {
            assertEquals(bytes, log.files.bytes(SEGMENT).length);
        }
        assertEquals(Verdict.WHOLE, LogCheck.check(log.files, MANIFEST).verdict());
        return log;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDetectEveryFlippedBit(boolean compress) throws Exception {
        for (int i = 0; i < JournalSizes.things(); i++) {
            Log log = logOf(LOG_BYTES, SEAL_EVERY[i], compress);
            int bits = 8 * log.files.bytes(SEGMENT).length;
            // Of a compressed log a part: the checksum is over what is stored, whatever that means.
            int step = JournalSizes.step() * (compress ? 15 : 1);
            EveryPlace places = new EveryPlace("flipped bits detected, log " + (i + 1), bits, step);
            places.look(() -> {
                Log own = log.copy();
                return bit -> {
                    own.files.flip(SEGMENT, bit);
                    Report report = LogCheck.check(own.files, MANIFEST);
                    own.files.flip(SEGMENT, bit);
                    assertNotEquals(Verdict.WHOLE, report.verdict(), () -> "bit " + bit);
                    assertEquals(Verdict.DAMAGED, report.verdict(), () -> "bit " + bit + ", all of it durable");
                };
            });
            assertEquals(Verdict.WHOLE, LogCheck.check(log.files, MANIFEST).verdict());
        }
    }

    @Test
    void shouldGiveExactlyThePrefixOfEveryCut() throws Exception {
        for (int i = 0; i < JournalSizes.things(); i++) {
            Log log = logOf(LOG_BYTES, SEAL_EVERY[i], false);
            byte[] segment = log.files.bytes(SEGMENT);
            byte[] mark = log.files.bytes(Layout.MARK);
            int[] starts = SampleLogs.groups(segment);
            String[] heads = heads(segment, starts);
            EveryPlace places = new EveryPlace("cuts with the true mark, an older one, none, log " + (i + 1),
                    segment.length, JournalSizes.step());
            places.look(() -> {
                Log own = log.copy();
                return length -> expectAfterCut(own, segment, mark, starts, heads, length);
            });
        }
    }

    private static void expectAfterCut(Log log, byte[] segment, byte[] mark, int[] starts, String[] heads, int length)
            throws IOException {
        log.files.put(SEGMENT, Arrays.copyOf(segment, length));
        int groups = 0;
        while (groups < starts.length && (groups + 1 < starts.length ? starts[groups + 1] : segment.length) <= length) {
            groups++;
        }
        boolean clean = length >= SegmentDescriptor.BYTES
                && (groups == starts.length ? segment.length : starts[groups]) == length;
        log.files.put(Layout.MARK, mark);
        expect(log, Verdict.DAMAGED, clean ? RecoveryRow.MISSING_END : null, groups, heads, length);
        log.files.put(Layout.MARK, log.olderMark);
        boolean kept = groups >= log.olderGroups;
        expect(log, kept ? Verdict.TORN : Verdict.DAMAGED,
                kept ? clean ? RecoveryRow.KILLED : RecoveryRow.TORN_TAIL : null, groups, heads, length);
        log.files.delete(Layout.MARK);
        expect(log, groups > 0 ? Verdict.DAMAGED : Verdict.TORN, groups > 0 ? RecoveryRow.MARK_MISSING : null,
                groups, heads, length);
    }

    private static String[] heads(byte[] segment, int[] starts) {
        Chain chain = new Chain(MANIFEST);
        String[] heads = new String[starts.length + 1];
        heads[0] = chain.headHex();
        for (int i = 0; i < starts.length; i++) {
            chain.append(i, segment, starts[i], GroupDescriptor.int32(segment, starts[i] + GroupDescriptor.STORED_OFFSET));
            heads[i + 1] = chain.headHex();
        }
        return heads;
    }

    private static void expect(Log log, Verdict verdict, RecoveryRow row, int groups, String[] heads, int length)
            throws IOException {
        Report report = LogCheck.check(log.files, MANIFEST);
        assertEquals(verdict, report.verdict(), () -> "cut after " + length + ": " + report.reason());
        assertEquals(groups, report.groups(), () -> "cut after " + length);
        assertEquals(heads[groups], report.headHash(), () -> "cut after " + length);
        if (row != null) {
            assertEquals(row, report.row(), () -> "cut after " + length + ": " + report.reason());
        }
    }
}
