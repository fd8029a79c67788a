package dev.reprise.chardev.host;

/**
 * Behind which byte of its output the guest has begun a BREAK, for those that no peer has been told of yet. The guest thread
 * asks and never waits; the writer's thread takes.
 *
 * <p>A BREAK is a moment of the line: where its turn comes while nobody is there, it is nobody's. One that stands behind bytes
 * that are kept for the next peer is kept with them.
 */
final class BreakPlaces {

    /** More than a peer can tell apart; from then on the last is moved. */
    static final int MAX = 64;

    private final long[] places = new long[MAX];
    private int size;

    /** Guest thread: behind so many bytes that it has put out. A line that is held in BREAK is held in it once. */
    synchronized void ask(long bytes) {
        if (size > 0 && places[size - 1] == bytes) {
            return;
        }
        if (size == MAX) {
            size--;
        }
        places[size++] = bytes;
    }

    /** Writer thread: bytes from the {@code passed} first ones on to the next BREAK, 0 or less where it is due. */
    synchronized long distance(long passed) {
        return size == 0 ? Long.MAX_VALUE : places[0] - passed;
    }

    /** Writer thread: those that are due have been told, or have nobody to be told to. */
    synchronized void pass(long passed) {
        int due = 0;
        while (due < size && places[due] <= passed) {
            due++;
        }
        size -= due;
        System.arraycopy(places, due, places, 0, size);
    }

    synchronized int size() {
        return size;
    }
}
