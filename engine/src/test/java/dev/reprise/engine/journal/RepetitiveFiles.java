package dev.reprise.engine.journal;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files in memory of which the first segment may be a gigabyte long, if its groups all hold the same: of each write the
 * header is kept, and the bytes behind it once for all that are equal to those of the write before.
 */
final class RepetitiveFiles {

    private static final int H = GroupDescriptor.HEADER_BYTES;

    private RepetitiveFiles() {}

    static FileLayer over(MemoryFiles files) {
        String name = Layout.segment(0);
        Segment segment = new Segment();
        return (FileLayer) Proxy.newProxyInstance(RepetitiveFiles.class.getClassLoader(), new Class<?>[] {FileLayer.class},
                (proxy, method, args) -> {
                    try {
                        // The file in memory stays empty, and stands for the name.
                        Object result = method.invoke(files, args);
                        return result instanceof LogFile && args[0].equals(name) ? segment : result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static final class Segment implements LogFile {

        private record Written(byte[] head, byte[] rest) {
            int length() {
                return head.length + rest.length;
            }
        }

        private final TreeMap<Long, Written> writes = new TreeMap<>();
        private byte[] last = new byte[0];
        private long size;

        @Override
        public synchronized int write(ByteBuffer from, long position) throws IOException {
            if (position != size) {
                throw new IOException("written at " + position + ", behind " + size + " bytes");
            }
            int length = from.remaining();
            byte[] head = new byte[Math.min(H, length)];
            byte[] rest = new byte[length - head.length];
            from.get(head).get(rest);
            if (!Arrays.equals(rest, last)) {
                last = rest;
            }
            writes.put(position, new Written(head, last));
            size += length;
            return length;
        }

        @Override
        public synchronized int read(ByteBuffer into, long position) {
            if (position >= size && into.hasRemaining()) {
                return -1;
            }
            Map.Entry<Long, Written> entry = writes.floorEntry(position);
            Written from = entry.getValue();
            int at = (int) (position - entry.getKey());
            boolean inHead = at < from.head.length;
            byte[] bytes = inHead ? from.head : from.rest;
            int start = inHead ? at : at - from.head.length;
            int count = Math.min(into.remaining(), bytes.length - start);
            into.put(bytes, start, count);
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
        public synchronized void truncate(long newSize) throws IOException {
            while (size > newSize) {
                size -= writes.pollLastEntry().getValue().length();
            }
            if (size < newSize) {
                throw new IOException("cut within a write: " + newSize);
            }
        }

        @Override
        public void close() {
            // Nothing to give back.
        }
    }
}
