package dev.reprise.engine;

/** What one device has put out so far: a count and a running hash. Guest thread only; part of the digest. */
public final class OutputLedger {

    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private long bytes;
    private long hash;
    private long witnessed;

    public void add(byte[] from, int offset, int length) {
        long h = hash;
        for (int i = offset; i < offset + length; i++) {
            h = mix(h, from[i]);
        }
        hash = h;
        bytes += length;
    }

    public void add(byte value) {
        hash = mix(hash, value);
        bytes++;
    }

    private static long mix(long h, byte value) {
        long x = (h ^ (value & 0xff)) * MULTIPLIER + 1;
        return x ^ (x >>> 29);
    }

    public long bytes() {
        return bytes;
    }

    public long hash() {
        return hash;
    }

    /** Whether anything came since the last output event. */
    public boolean hasNews() {
        return bytes != witnessed;
    }

    public void witnessed() {
        witnessed = bytes;
    }

    public void write(StateSink sink) {
        sink.putLong(bytes);
        sink.putLong(hash);
    }
}
