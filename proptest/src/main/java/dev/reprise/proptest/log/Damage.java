package dev.reprise.proptest.log;

import dev.reprise.engine.journal.FileLayer;
import dev.reprise.engine.journal.Layout;
import dev.reprise.engine.journal.LogFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Something that happens to the files of a recording, as a plan: which file and which bytes of it is decided when it is
 * applied, so one damage fits every recording.
 *
 * @param what what is done
 * @param file which of the files, the segments in order and then the mark; counted around
 * @param place which byte of it, counted around
 * @param bytes how many bytes, at least 1; of {@link What#FLIP} the bit
 * @param seed of the bytes that {@link What#OVERWRITE} writes
 */
public record Damage(What what, int file, long place, int bytes, long seed) {

    /** What can happen to a file. */
    public enum What {
        /** One bit is another. */
        FLIP,
        /** The file ends early. */
        CUT,
        /** Some bytes are zeros, as of a block that was never written. */
        ZERO,
        /** Some bytes are any others. */
        OVERWRITE,
        /** Some bytes are missing, and the rest moves up. */
        DROP,
        /** Some bytes stand there twice. */
        DOUBLE,
        /** The file is gone. */
        DELETE
    }

    /**
     * Damages the files.
     *
     * @return what was done to which bytes of which file; says "nothing" if the bytes are as they were
     */
    public String apply(FileLayer files) {
        try {
            List<String> names = new ArrayList<>();
            files.list(Layout.SEGMENTS).forEach(name -> names.add(Layout.SEGMENTS + "/" + name));
            names.add(Layout.MARK);
            String name = names.get(Math.floorMod(file, names.size()));
            if (what == What.DELETE) {
                files.delete(name);
                return "deleted " + name;
            }
            byte[] before = read(files, name);
            if (before.length == 0) {
                return "nothing: " + name + " is empty";
            }
            int at = (int) Math.floorMod(place, (long) before.length);
            int count = Math.min(bytes, before.length - at);
            byte[] after = damaged(before, at, count);
            if (Arrays.equals(before, after)) {
                return "nothing: " + what + " changes none of " + name;
            }
            write(files, name, after);
            return what + (what == What.FLIP ? " bit " + Math.floorMod(bytes, Byte.SIZE) + " of byte " + at
                    : what == What.CUT ? " at byte " + at : " " + count + " bytes from " + at)
                    + " of " + name + " (" + before.length + " bytes)";
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private byte[] damaged(byte[] before, int at, int count) {
        byte[] after = before.clone();
        switch (what) {
            case FLIP -> after[at] ^= (byte) (1 << Math.floorMod(bytes, Byte.SIZE));
            case CUT -> after = Arrays.copyOf(before, at);
            case ZERO -> Arrays.fill(after, at, at + count, (byte) 0);
            case OVERWRITE -> {
                byte[] random = new byte[count];
                new SplittableRandom(seed).nextBytes(random);
                System.arraycopy(random, 0, after, at, count);
            }
            case DROP -> {
                after = Arrays.copyOf(before, before.length - count);
                System.arraycopy(before, at + count, after, at, before.length - at - count);
            }
            case DOUBLE -> {
                after = Arrays.copyOf(before, before.length + count);
                System.arraycopy(before, at, after, at + count, before.length - at);
            }
            case DELETE -> throw new IllegalStateException("done before");
        }
        return after;
    }

    private static byte[] read(FileLayer files, String name) throws IOException {
        try (LogFile from = files.open(name)) {
            ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(from.size()));
            from.readFully(all, 0);
            return all.array();
        }
    }

    private static void write(FileLayer files, String name, byte[] bytes) throws IOException {
        try (LogFile to = files.openForWrite(name)) {
            to.truncate(0);
            to.writeFully(ByteBuffer.wrap(bytes), 0);
        }
    }
}
