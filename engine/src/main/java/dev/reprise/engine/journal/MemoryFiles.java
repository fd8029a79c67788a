package dev.reprise.engine.journal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A file layer in memory: for tests that damage a log a hundred thousand times, and for benchmarks without a disk. */
public final class MemoryFiles implements FileLayer {

    private final TreeMap<String, MemoryFile> files = new TreeMap<>();

    /** The bytes of a file, a copy. */
    public synchronized byte[] bytes(String name) {
        MemoryFile file = files.get(name);
        return Arrays.copyOf(file.bytes, file.size);
    }

    /** Inverts one bit of a file. */
    public synchronized void flip(String name, long bit) {
        MemoryFile file = files.get(name);
        if (bit < 0 || bit >= 8L * file.size) {
            throw new IllegalArgumentException("no such bit of " + file.size + " bytes: " + bit);
        }
        file.bytes[(int) (bit >> 3)] ^= (byte) (1 << (bit & 7));
    }

    /** All files, a copy. */
    public synchronized Map<String, byte[]> snapshot() {
        Map<String, byte[]> all = new TreeMap<>();
        files.forEach((name, file) -> all.put(name, Arrays.copyOf(file.bytes, file.size)));
        return all;
    }

    /** Puts a file there, in place of what was. */
    public synchronized void put(String name, byte[] content) {
        MemoryFile file = new MemoryFile();
        file.bytes = content.clone();
        file.size = content.length;
        files.put(name, file);
    }

    @Override
    public synchronized LogFile create(String name) throws IOException {
        if (files.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        MemoryFile file = new MemoryFile();
        files.put(name, file);
        return file;
    }

    @Override
    public synchronized LogFile open(String name) throws IOException {
        MemoryFile file = files.get(name);
        if (file == null) {
            throw new FileNotFoundException(name);
        }
        return file;
    }

    @Override
    public LogFile openForWrite(String name) throws IOException {
        return open(name);
    }

    @Override
    public synchronized boolean exists(String name) {
        return files.containsKey(name);
    }

    @Override
    public void createFolder(String name) {
        // Folders are only parts of names here.
    }

    @Override
    public synchronized List<String> list(String folder) {
        List<String> names = new ArrayList<>();
        String prefix = folder.isEmpty() ? "" : folder + "/";
        for (String name : files.keySet()) {
            if (name.startsWith(prefix)) {
                String rest = name.substring(prefix.length());
                int slash = rest.indexOf('/');
                String entry = slash < 0 ? rest : rest.substring(0, slash);
                if (names.isEmpty() || !names.get(names.size() - 1).equals(entry)) {
                    names.add(entry);
                }
            }
        }
        return names;
    }

    @Override
    public void forceFolder(String name) {
        // Memory keeps what it has.
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        MemoryFile file = files.remove(from);
        if (file == null) {
            throw new FileNotFoundException(from);
        }
        files.put(to, file);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        if (files.remove(name) == null) {
            throw new FileNotFoundException(name);
        }
    }

    private static final class MemoryFile implements LogFile {

        private byte[] bytes = new byte[1 << 12];
        private int size;

        @Override
        public synchronized int write(ByteBuffer from, long position) {
            int count = from.remaining();
            int end = Math.toIntExact(position + count);
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
            }
            from.get(bytes, (int) position, count);
            size = Math.max(size, end);
            return count;
        }

        @Override
        public synchronized int read(ByteBuffer into, long position) {
            if (position >= size && into.hasRemaining()) {
                return -1;
            }
            int count = (int) Math.max(0, Math.min(into.remaining(), size - position));
            into.put(bytes, (int) Math.min(position, size), count);
            return count;
        }

        @Override
        public synchronized long size() {
            return size;
        }

        @Override
        public void force() {
            // Memory keeps what it has.
        }

        @Override
        public synchronized void truncate(long newSize) {
            if (newSize < size) {
                Arrays.fill(bytes, (int) newSize, size, (byte) 0);
                size = (int) newSize;
            }
        }

        @Override
        public void close() {
            // Nothing to give back.
        }
    }
}
