package dev.reprise.proptest.arbitrary;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Something that the host does at a position of the guest.
 *
 * @param at from this position on, at the guest's first stop point
 * @param device from 1 on; 0 where it has no meaning
 */
public record HostAction(long at, What what, int device, long a, long b, byte[] bytes) implements Comparable<HostAction> {

    /** What a host can do. */
    public enum What {
        /** Publishes bytes of character input, as many as there is credit for. */
        BYTES,
        /** Publishes a change of the link: a is one of {@link dev.reprise.engine.event.LinkEvent}. */
        LINK,
        /** Publishes a level of an interrupt line: a the line, b 0 or 1. */
        LINE,
        /** Publishes an embedder's input: a, b and bytes. */
        EMBEDDER,
        /** Publishes a user's input: a, b and bytes. */
        USER,
        /** Publishes a packet: a flags, bytes the packet, also longer than a slot. */
        PACKET,
        /** Asks for a reset: a is a {@link dev.reprise.engine.ResetCause}'s code. */
        RESET,
        /** The backend takes up to a bytes of output; what it leaves makes later writes short. */
        TAKE,
        /** The backend is gone: later writes fail. */
        CLOSE,
        /** Asks for the end of the run: a the code. Each scenario ends with one. */
        QUIT
    }

    @Override
    public int compareTo(HostAction o) {
        return Long.compare(at, o.at);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof HostAction h && at == h.at && what == h.what && device == h.device && a == h.a && b == h.b
                && Arrays.equals(bytes, h.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new long[] {at, what.ordinal(), device, a, b, Arrays.hashCode(bytes)});
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("@").append(at).append(' ').append(what);
        if (device != 0) {
            text.append(" device=").append(device);
        }
        if (what != What.BYTES && what != What.CLOSE) {
            text.append(" a=").append(a);
        }
        if (what == What.LINE || what == What.EMBEDDER || what == What.USER) {
            text.append(" b=").append(b);
        }
        if (bytes.length > 0) {
            text.append(" bytes=").append(bytes.length).append(' ')
                    .append(HexFormat.of().formatHex(bytes, 0, Math.min(16, bytes.length)));
        }
        return text.toString();
    }
}
