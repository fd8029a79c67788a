package dev.reprise.bench.engine;

import dev.reprise.bench.AllocatesNothing;
import dev.reprise.engine.event.Event;
import dev.reprise.engine.event.EventCodec;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Bytes of one event, each direction alone. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EventCodecBenchmark {

    private static final int RECORDS = 512;

    @Param({"character", "clock", "output", "payload40"})
    public String event;

    private final EventCodec encoder = new EventCodec();
    private final EventCodec decoder = new EventCodec();
    private final byte[] group = new byte[RECORDS * EventCodec.MAX_RECORD_BYTES];
    private final byte[] encoded = new byte[RECORDS * EventCodec.MAX_RECORD_BYTES];
    private final Event into = Event.slot();
    private Event sample;
    private int encodedBytes;
    private int writeAt;
    private int readAt;

    @Setup
    public void encodeAGroup() {
        sample = SampleEvents.of(event);
        EventCodec codec = new EventCodec();
        for (int i = 0; i < RECORDS; i++) {
            encodedBytes = codec.encode(SampleEvents.next(sample), encoded, encodedBytes);
        }
    }

    @Benchmark
    @AllocatesNothing
    public int encode() {
        if (writeAt + EventCodec.MAX_RECORD_BYTES > group.length) {
            writeAt = 0;
        }
        writeAt = encoder.encode(SampleEvents.next(sample), group, writeAt);
        return writeAt;
    }

    @Benchmark
    @AllocatesNothing
    public Event decode() {
        if (readAt == encodedBytes) {
            readAt = 0;
            decoder.reset();
        }
        readAt = decoder.decode(encoded, readAt, encodedBytes, into);
        if (readAt < 0) {
            throw new IllegalStateException("a record did not decode");
        }
        return into;
    }
}
