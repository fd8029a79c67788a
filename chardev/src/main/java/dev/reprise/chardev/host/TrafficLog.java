package dev.reprise.chardev.host;

import java.io.FileNotFoundException;
import java.io.IOException;

/**
 * Files that hold what passes through a backend, byte for byte: what the guest has put out in PATH, what it was sent in
 * PATH.in. Written by the backend's own two threads, one file each. In a replay, whose guest is sent what its log says and
 * nothing from here, PATH alone: what stands in PATH.in since it was recorded stays. A file that cannot be written any
 * more is given up; the run goes on, and what is missing there is counted.
 */
final class TrafficLog {

    static final String INPUT_SUFFIX = ".in";

    private final TrafficFile output;
    /** Null where nothing comes from here to the guest. */
    private final TrafficFile input;

    private TrafficLog(TrafficFile output, TrafficFile input) {
        this.output = output;
        this.input = input;
    }

    /** @return null if {@code path} is: nothing is logged then */
    static TrafficLog open(String path) throws IOException {
        return open(path, true);
    }

    /** As {@link #open(String)}, without the file for the input, which is not touched. */
    static TrafficLog openOutput(String path) throws IOException {
        return open(path, false);
    }

    private static TrafficLog open(String path, boolean both) throws IOException {
        if (path == null) {
            return null;
        }
        TrafficFile output = null;
        try {
            output = new TrafficFile(path);
            return new TrafficLog(output, both ? new TrafficFile(path + INPUT_SUFFIX) : null);
        } catch (FileNotFoundException refused) {
            if (output != null) {
                output.close();
            }
            throw new IOException("cannot write the log file: " + refused.getMessage(), refused);
        }
    }

    /** Writer thread: the host has taken these bytes. */
    void out(byte[] bytes, int offset, int length) {
        output.write(bytes, offset, length);
    }

    /** Reader thread: these bytes were published to the guest. */
    void in(byte[] bytes, int offset, int length) {
        if (input != null) {
            input.write(bytes, offset, length);
        }
    }

    void close() {
        output.close();
        if (input != null) {
            input.close();
        }
    }

    /** @param log null for none */
    static BackendCounters.Log countersOf(TrafficLog log) {
        if (log == null) {
            return BackendCounters.Log.NONE;
        }
        String failure = log.output.failure();
        return new BackendCounters.Log(log.output.lostBytes() + (log.input == null ? 0 : log.input.lostBytes()),
                failure != null || log.input == null ? failure : log.input.failure());
    }
}
