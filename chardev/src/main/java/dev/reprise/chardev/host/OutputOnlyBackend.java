package dev.reprise.chardev.host;

import dev.reprise.engine.Session;
import java.io.OutputStream;

/** A backend that takes output and has no input: what the null, file and replay backends have in common. */
abstract class OutputOnlyBackend implements Backend {

    private final OutputWriter writer;
    private final TrafficLog log;

    /**
     * @param name as in the thread's name, {@code chardev-NAME-out}
     * @param closeAtEnd whether the stream is the backend's own
     * @param log null for none
     */
    OutputOnlyBackend(String name, OutputStream host, boolean closeAtEnd, TrafficLog log) {
        this.log = log;
        writer = new OutputWriter("chardev-" + name + "-out", host, closeAtEnd, log);
    }

    @Override
    public final void start(Session session, int device) {
        writer.start(Attachment.outputOf(session, device));
    }

    @Override
    public final boolean isLive() {
        return false;
    }

    @Override
    public final boolean drain(long timeoutNs) {
        return writer.drain(timeoutNs);
    }

    @Override
    public final void stop() {
        writer.stop();
    }

    @Override
    public final BackendCounters counters() {
        return BackendCounters.of(BackendCounters.Input.NONE, writer.counters(), TrafficLog.countersOf(log), 0,
                writer.failure());
    }
}
