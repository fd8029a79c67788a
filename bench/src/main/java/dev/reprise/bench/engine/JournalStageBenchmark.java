package dev.reprise.bench.engine;

import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventCodec;
import dev.reprise.engine.journal.LogFile;
import dev.reprise.engine.ring.JournalRing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What is done once per group of 64 KiB, each stage alone: the slowest bounds the path. Groups take turns over as much
 * memory as the ring has, so that none is warmer here than there; all hold what the path's events encode to.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class JournalStageBenchmark {

    private static final int GROUP_BYTES = 1 << 16;

    /** Of the compression; the journal's is 1. */
    @Param({"1", "6"})
    public int level;

    private static final int RING_BYTES = JournalRing.DEFAULT_BYTES;

    private final byte[] ring = new byte[RING_BYTES];
    private final byte[] packed = new byte[GROUP_BYTES];
    private final byte[] link = new byte[Long.BYTES + 64];
    private final byte[] hash = new byte[32];
    private final ByteBuffer buffer = ByteBuffer.wrap(ring);
    private final CRC32C crc = new CRC32C();
    private Deflater deflater;
    private final EventCodec codec = new EventCodec();
    private final Event event = SampleEvents.of("payload40");
    private MessageDigest sha;
    private PageCacheFiles files;
    private LogFile segment;
    private int number;
    private long written;
    private int group;

    @Setup
    public void open() throws IOException, GeneralSecurityException {
        for (int i = 0; i < RING_BYTES / GROUP_BYTES; i++) {
            encode();
        }
        deflater = new Deflater(level, true);
        sha = MessageDigest.getInstance("SHA-256");
        files = new PageCacheFiles();
        segment = files.create(number++ + ".seg");
    }

    @TearDown
    public void close() throws IOException {
        deflater.end();
        segment.close();
        files.close();
    }

    /** Where the next group begins. */
    private int next() {
        group = (group + GROUP_BYTES) & RING_BYTES - 1;
        return group;
    }

    @Benchmark
    public long checksum() {
        crc.reset();
        crc.update(ring, next(), GROUP_BYTES);
        return crc.getValue();
    }

    /** The group's hash, and the link of it and the one before. */
    @Benchmark
    public byte[] hash() throws GeneralSecurityException {
        sha.update(ring, next(), GROUP_BYTES);
        sha.digest(link, Long.BYTES + hash.length, hash.length);
        System.arraycopy(hash, 0, link, Long.BYTES, hash.length);
        sha.update(link);
        sha.digest(hash, 0, hash.length);
        return hash;
    }

    /** As many events as a group holds. */
    @Benchmark
    public int encode() {
        codec.reset();
        int at = next();
        int end = at + GROUP_BYTES - EventCodec.MAX_RECORD_BYTES;
        while (at <= end) {
            at = codec.encode(SampleEvents.next(event), ring, at);
        }
        return at;
    }

    @Benchmark
    public int compress() {
        deflater.reset();
        deflater.setInput(ring, next(), GROUP_BYTES);
        deflater.finish();
        return deflater.deflate(packed, 0, GROUP_BYTES);
    }

    /** Appends, as the journal does: the page cache has to find pages, not only to copy. */
    @Benchmark
    public long write() throws IOException {
        if (written == JournalAppendBenchmark.SEGMENT_BYTES) {
            segment.close();
            segment = files.create(number++ + ".seg");
            written = 0;
        }
        int from = next();
        buffer.clear().position(from).limit(from + GROUP_BYTES);
        segment.writeFully(buffer, written);
        written += GROUP_BYTES;
        return written;
    }
}
