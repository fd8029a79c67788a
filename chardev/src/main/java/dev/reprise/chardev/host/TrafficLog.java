package dev.reprise.chardev.host;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Files that hold what passes through a backend, byte for byte: what the guest has put out in PATH, what it was sent in
 * PATH.in. Written by the backend's own two threads, one file each. In a replay, whose guest is sent what its log says and
 * nothing from here, PATH alone: what stands in PATH.in since it was recorded stays. A file that cannot be written any
 * more is given up, and says so once; the run goes on.
 */
final class TrafficLog {

    static final String INPUT_SUFFIX = ".in";

    private final OutputStream output;
    private final OutputStream input;
    private volatile boolean outputFailed;
    private volatile boolean inputFailed;
    private volatile String failure;

    /** @param input null where nothing comes from here to the guest */
    TrafficLog(OutputStream output, OutputStream input) {
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
        FileOutputStream output = null;
        try {
            output = new FileOutputStream(path);
            return new TrafficLog(output, both ? new FileOutputStream(path + INPUT_SUFFIX) : null);
        } catch (FileNotFoundException refused) {
            if (output != null) {
                output.close();
            }
            throw new IOException("cannot write the log file: " + refused.getMessage(), refused);
        }
    }

    /** Writer thread: the host has taken these bytes. */
    void out(byte[] bytes, int offset, int length) {
        if (!outputFailed) {
            outputFailed = !write(output, bytes, offset, length);
        }
    }

    /** Reader thread: these bytes were published to the guest. */
    void in(byte[] bytes, int offset, int length) {
        if (!inputFailed && input != null) {
            inputFailed = !write(input, bytes, offset, length);
        }
    }

    private boolean write(OutputStream to, byte[] bytes, int offset, int length) {
        try {
            to.write(bytes, offset, length);
            return true;
        } catch (IOException gone) {
            failure = "log file: " + gone.getMessage();
            return false;
        }
    }

    String failure() {
        return failure;
    }

    void close() {
        try (output; input) {
            output.flush();
        } catch (IOException late) {
            failure = "log file: " + late.getMessage();
        }
    }
}
