package dev.reprise.chardev.host;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** No input; output goes to a file, which is made anew. */
public final class FileBackend extends OutputOnlyBackend {

    /** @throws IOException if the file cannot be created; the message is one line that names it */
    public FileBackend(String path) throws IOException {
        this(path, null);
    }

    FileBackend(String path, TrafficLog log) throws IOException {
        super("file", create(path), true, log);
    }

    private static OutputStream create(String path) throws IOException {
        try {
            return new FileOutputStream(path);
        } catch (FileNotFoundException refused) {
            throw new IOException("cannot write the serial output to a file: " + refused.getMessage(), refused);
        }
    }
}
