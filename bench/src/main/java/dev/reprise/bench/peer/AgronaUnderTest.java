package dev.reprise.bench.peer;

import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Agrona's ring buffers: messages of bytes, the fields of an event encoded before the payload. They want
 * {@code --add-opens=java.base/jdk.internal.misc=ALL-UNNAMED}.
 */
final class AgronaUnderTest implements HandOffRing {

    private static final int TYPE = 13;
    private static final int SOURCE_OFFSET = 0;
    private static final int STAMP_OFFSET = 8;
    private static final int A_OFFSET = 16;
    private static final int B_OFFSET = 24;
    private static final int PAYLOAD_OFFSET = 32;
    private static final int SLOT_BYTES = 128;

    private final RingBuffer ring;
    private final MessageHandler onMessage = this::onMessage;
    private long sum;

    AgronaUnderTest(boolean manyProducers) {
        UnsafeBuffer bytes = new UnsafeBuffer(
                ByteBuffer.allocateDirect(SLOTS * SLOT_BYTES + RingBufferDescriptor.TRAILER_LENGTH));
        ring = manyProducers ? new ManyToOneRingBuffer(bytes) : new OneToOneRingBuffer(bytes);
    }

    @Override
    public void publish(long stamp, byte[] payload, int length) {
        int index = ring.tryClaim(TYPE, PAYLOAD_OFFSET + length);
        while (index < 0) {
            Thread.onSpinWait();
            index = ring.tryClaim(TYPE, PAYLOAD_OFFSET + length);
        }
        MutableDirectBuffer bytes = ring.buffer();
        bytes.putInt(index + SOURCE_OFFSET, 1);
        bytes.putLong(index + STAMP_OFFSET, stamp);
        bytes.putLong(index + A_OFFSET, 7);
        bytes.putLong(index + B_OFFSET, 1);
        bytes.putBytes(index + PAYLOAD_OFFSET, payload, 0, length);
        ring.commit(index);
    }

    @Override
    public int poll() {
        return ring.read(onMessage);
    }

    private void onMessage(int type, MutableDirectBuffer bytes, int index, int length) {
        sum += bytes.getLong(index + STAMP_OFFSET) + bytes.getByte(index + length - 1);
    }

    @Override
    public long sum() {
        return sum;
    }
}
