package dev.reprise.engine.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.engine.journal.LogCheck.Report;
import dev.reprise.engine.journal.LogCheck.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/**
 * Groups that somebody has moved, doubled, taken out, put in from another recording or edited. As long as not everything
 * was computed anew, the log itself shows it; if it was, the head hash does, to one who has it from elsewhere.
 */
class ForgedGroupsTest {

    private static final long SEED = Long.getLong("reprise.seed", 20_261_121L);
    private static final byte[] MANIFEST = SampleLogs.MANIFEST;
    private static final byte[] OTHER = "{\"other\":1}\n".getBytes(StandardCharsets.US_ASCII);
    private static final int H = GroupDescriptor.HEADER_BYTES;

    private enum Forgery { SWAP, DOUBLE, DROP, SPLICE, EDIT }

    /** How much the forger computes anew. */
    private enum Care { NONE, CHECKSUM, NUMBERS_AND_CHECKSUMS, EVERYTHING }

    private final MemoryFiles original;
    private final List<byte[]> groups;
    private final List<byte[]> foreign;
    private final byte[] header;
    private final MarkDescriptor.Mark mark;
    private final String head;

    ForgedGroupsTest() throws IOException {
        original = SampleLogs.write(MANIFEST, 200, 10, 40, true);
        header = Arrays.copyOf(original.bytes(Layout.segment(0)), SegmentDescriptor.BYTES);
        groups = split(original);
        foreign = split(SampleLogs.write(OTHER, 200, 10, 40, true));
        mark = LogCheck.readMark(original, new Chain(MANIFEST).link0()).best();
        head = LogCheck.check(original, MANIFEST).headHash();
    }

    private static List<byte[]> split(MemoryFiles files) {
        byte[] segment = files.bytes(Layout.segment(0));
        int[] starts = SampleLogs.groups(segment);
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
            all.add(Arrays.copyOfRange(segment, starts[i], i + 1 < starts.length ? starts[i + 1] : segment.length));
        }
        return all;
    }

    @Test
    void shouldDetectEveryForgery() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        int count = JournalSizes.of(100_000);
        Map<Forgery, Integer> byLog = new EnumMap<>(Forgery.class);
        Map<Forgery, Integer> byHead = new EnumMap<>(Forgery.class);
        for (int i = 0; i < count; i++) {
            Forgery forgery = Forgery.values()[random.nextInt(Forgery.values().length)];
            Care care = Care.values()[random.nextInt(Care.values().length)];
            List<byte[]> forged = forge(forgery, random);
            Report report = check(forged, care);
            if (report == null) {
                i--;
                continue;
            }
            String what = "seed " + SEED + ", forgery " + i + ": " + forgery + " " + care;
            if (care != Care.EVERYTHING) {
                assertTrue(report.verdict() != Verdict.WHOLE, what);
            }
            assertTrue(report.verdict() != Verdict.WHOLE || !report.headHash().equals(head), what);
            (report.verdict() != Verdict.WHOLE ? byLog : byHead).merge(forgery, 1, Integer::sum);
        }
        System.out.println("journal: " + count + " forgeries detected, seed " + SEED + ", by the log " + byLog
                + ", by the head hash " + byHead);
        if (count > 1000) {
            // The harness can fail: with everything computed anew the log alone does not show these.
            assertTrue(byHead.containsKey(Forgery.DROP) && byHead.containsKey(Forgery.EDIT), byHead::toString);
        }
    }

    private List<byte[]> forge(Forgery forgery, SplittableRandom random) {
        List<byte[]> list = new ArrayList<>();
        groups.forEach(group -> list.add(group.clone()));
        // The last group holds the end event: a log without it is not whole anyway.
        int i = random.nextInt(list.size() - 1);
        int j = random.nextInt(list.size() - 1);
        switch (forgery) {
            case SWAP -> {
                byte[] one = list.get(i);
                list.set(i, list.get(j));
                list.set(j, one);
            }
            case DOUBLE -> list.add(j, list.get(i).clone());
            case DROP -> list.remove(i);
            case SPLICE -> {
                if (random.nextBoolean()) {
                    list.set(i, foreign.get(j).clone());
                } else {
                    list.add(i, foreign.get(j).clone());
                }
            }
            case EDIT -> {
                byte[] group = list.get(i);
                group[random.nextInt(group.length)] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return list;
    }

    /** Null if the forger's care has made the original again. */
    private Report check(List<byte[]> forged, Care care) throws IOException {
        MemoryFiles files = new MemoryFiles();
        Chain chain = new Chain(MANIFEST);
        CRC32C crc = new CRC32C();
        byte[][] parts = new byte[forged.size() + 1][];
        parts[0] = header;
        long bytes = header.length;
        for (int n = 0; n < forged.size(); n++) {
            byte[] group = forged.get(n).clone();
            int stored = group.length - H;
            if (care == Care.NUMBERS_AND_CHECKSUMS || care == Care.EVERYTHING) {
                GroupDescriptor.write(group, 0, GroupDescriptor.codec(group, 0), stored,
                        GroupDescriptor.int32(group, GroupDescriptor.DECODED_OFFSET), n, 1,
                        Math.min(n, GroupDescriptor.uint32(group, GroupDescriptor.DURABLE_OFFSET)));
            }
            if (care == Care.EVERYTHING) {
                chain.append(n, group, 0, stored);
            }
            if (care != Care.NONE) {
                GroupDescriptor.seal(group, 0, care == Care.EVERYTHING ? chain.check()
                        : GroupDescriptor.int64(group, GroupDescriptor.LINK_OFFSET), stored, crc, chain.link0());
            }
            parts[n + 1] = group;
            bytes += group.length;
        }
        byte[] segment = SampleLogs.concat(parts);
        if (Arrays.equals(segment, original.bytes(Layout.segment(0)))) {
            return null;
        }
        files.put(Layout.segment(0), segment);
        byte[] slots = original.bytes(Layout.MARK);
        if (care == Care.EVERYTHING) {
            for (int sequence = mark.sequence() - 1; sequence <= mark.sequence(); sequence++) {
                MarkDescriptor.Mark now = new MarkDescriptor.Mark(sequence, 1, forged.size(), bytes, 0, bytes,
                        mark.events(), mark.position(), chain.head(), sequence == mark.sequence());
                System.arraycopy(MarkDescriptor.encode(now, chain.link0()).array(), 0, slots,
                        (int) MarkDescriptor.slotOffset(sequence), MarkDescriptor.STRIDE_BYTES);
            }
        }
        files.put(Layout.MARK, slots);
        return LogCheck.check(files, MANIFEST);
    }
}
