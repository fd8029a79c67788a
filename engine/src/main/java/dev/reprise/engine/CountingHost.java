package dev.reprise.engine;

/** Counts how often the host was asked, and asks it: every session reaches its host through one. Guest thread only. */
public final class CountingHost implements Host {

    private final Host host;
    private long calls;

    public CountingHost(Host host) {
        this.host = host;
    }

    @Override
    public long clockNs(int clockKind) {
        calls++;
        return host.clockNs(clockKind);
    }

    @Override
    public void random(byte[] into, int offset, int length) {
        calls++;
        host.random(into, offset, length);
    }

    /** Counts a question that the embedder's own supplier answers. */
    public void asked() {
        calls++;
    }

    public long calls() {
        return calls;
    }
}
