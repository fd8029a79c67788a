package dev.reprise.machine.board;

import dev.reprise.cpu.bus.PhysicalBus;
import dev.reprise.engine.MalformedStateException;
import dev.reprise.engine.StateSink;
import dev.reprise.engine.StateSource;

/**
 * A split virtqueue as its device sees it (virtio 1.2, section 2.7): the driver's descriptors and available ring are read
 * from RAM, the used ring is written there. Indirect descriptors and event indices are not offered. Guest thread only.
 *
 * <p>What a driver writes there is anything: every access may throw {@link dev.reprise.cpu.bus.BusFault}, and every count
 * is bounded by the queue's size.
 */
final class VirtioQueue {

    /** Entries at most; a power of two. */
    static final int MAX_SIZE = 64;

    private static final int DESCRIPTOR_BYTES = 16;
    private static final int USED_BYTES = 8;
    private static final int NEXT = 1;
    private static final int WRITE = 2;
    private static final int INDIRECT = 4;
    private static final int NO_INTERRUPT = 1;
    private static final int INDEX_MASK = 0xffff;

    /** Fills a part of a buffer that the driver has offered. */
    @FunctionalInterface
    interface Filler {
        /** @return how many bytes were written from {@code address} on, at most {@code length} */
        int fill(long address, int length);
    }

    private final PhysicalBus bus;

    // State, in the order of save().
    int size;
    boolean ready;
    long descriptors;
    long available;
    long used;
    private int taken;

    VirtioQueue(PhysicalBus bus) {
        this.bus = bus;
    }

    void reset() {
        size = 0;
        ready = false;
        descriptors = 0;
        available = 0;
        used = 0;
        taken = 0;
    }

    /** Whether size and places are such as a driver may choose; aligned (section 2.7), no access crosses a page's end. */
    boolean mayBeReady() {
        return size > 0 && size <= MAX_SIZE && Integer.bitCount(size) == 1
                && (descriptors & 15) == 0 && (available & 1) == 0 && (used & 3) == 0;
    }

    /**
     * Takes every buffer that is available now, has its writable parts filled, up to {@code most} bytes each, and gives it
     * back.
     *
     * @return whether the driver wants to be told; {@link #BROKEN} if what it wrote makes no sense
     */
    int serve(int most, Filler filler) {
        int count = index(available + 2) - taken & INDEX_MASK;
        if (count > size) {
            return BROKEN;
        }
        boolean any = count > 0;
        for (; count > 0; count--) {
            int head = (int) bus.load(available + 4 + 2L * (taken & size - 1), 2);
            int written = fill(head, most, filler);
            if (written < 0) {
                return BROKEN;
            }
            long entry = used + 4 + (long) USED_BYTES * (taken & size - 1);
            bus.store(entry, 4, head);
            bus.store(entry + 4, 4, written);
            taken = taken + 1 & INDEX_MASK;
            bus.store(used + 2, 2, taken);
        }
        return any && (index(available) & NO_INTERRUPT) == 0 ? TELL : QUIET;
    }

    static final int QUIET = 0;
    static final int TELL = 1;
    static final int BROKEN = -1;

    private int index(long address) {
        return (int) bus.load(address, 2);
    }

    /** Bytes written to the chain of that head, or -1 if it is none. */
    private int fill(int head, int most, Filler filler) {
        int written = 0;
        int at = head;
        for (int hops = 0; hops < size; hops++) {
            if (at >= size) {
                return -1;
            }
            long descriptor = descriptors + (long) DESCRIPTOR_BYTES * at;
            long address = bus.load(descriptor, 8);
            long length = bus.load(descriptor + 8, 4);
            int flags = (int) bus.load(descriptor + 12, 2);
            if ((flags & INDIRECT) != 0) {
                return -1;
            }
            if ((flags & WRITE) != 0 && written < most && length > 0) {
                written += filler.fill(address, (int) Math.min(length, most - written));
            }
            if ((flags & NEXT) == 0) {
                return written;
            }
            at = (int) bus.load(descriptor + 14, 2);
        }
        return -1;
    }

    void save(StateSink sink) {
        sink.putInt(size);
        sink.putByte(ready ? 1 : 0);
        sink.putLong(descriptors);
        sink.putLong(available);
        sink.putLong(used);
        sink.putInt(taken);
    }

    void load(StateSource source) {
        size = source.getInt();
        int readyByte = source.getByte() & 0xff;
        descriptors = source.getLong();
        available = source.getLong();
        used = source.getLong();
        taken = source.getInt();
        ready = readyByte == 1;
        if (readyByte > 1 || ready && !mayBeReady() || taken < 0 || taken > INDEX_MASK) {
            throw new MalformedStateException("virtqueue: size=" + size + " ready=" + readyByte + " taken=" + taken);
        }
    }
}
