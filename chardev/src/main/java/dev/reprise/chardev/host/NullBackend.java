package dev.reprise.chardev.host;

import java.io.OutputStream;

/** No input; output is taken and dropped. */
public final class NullBackend extends OutputOnlyBackend {

    public NullBackend() {
        this(null);
    }

    NullBackend(TrafficLog log) {
        super("null", OutputStream.nullOutputStream(), false, log);
    }
}
