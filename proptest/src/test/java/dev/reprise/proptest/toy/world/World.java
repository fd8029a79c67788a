package dev.reprise.proptest.toy.world;

/** The host's side of the toys' questions: answers that differ each time, as a real host's do. */
public final class World {

    private World() {}

    public static long answer() {
        return System.nanoTime();
    }

    /** Fills some of the range, or fails, as the host's clock has it. */
    public static int answer(byte[] into, int offset, int length) {
        long now = System.nanoTime();
        if ((now & 3) == 0) {
            return -5;
        }
        int count = (int) ((now >>> 2) % (length + 1));
        for (int i = 0; i < count; i++) {
            into[offset + i] = (byte) (now >>> i);
        }
        return count;
    }
}
