package dev.reprise.chardev.host;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;

/**
 * Standard output alone: what {@code stdio} is in a replay. The input comes from the log, so standard input is not
 * opened, no terminal is touched, and no thread reads.
 */
public final class ReplayOutput extends OutputOnlyBackend {

    public ReplayOutput() {
        this((TrafficLog) null);
    }

    ReplayOutput(TrafficLog log) {
        super("stdio", new FileOutputStream(FileDescriptor.out), false, log);
    }

    ReplayOutput(OutputStream standardOutput) {
        super("stdio", standardOutput, false, null);
    }
}
