package dev.reprise.engine.replay;

import dev.reprise.engine.KeptOutput;
import dev.reprise.engine.OutputLedger;
import dev.reprise.engine.event.Event;

/**
 * What a replayed guest has put out since the ledger of the log last agreed, per device: where it began, and the bytes
 * where the log has them, so that the first that differs can be named. Guest thread only.
 */
final class OutputComparison {

    /** Nothing differs. */
    static final int EQUAL = -1;

    private static final long NONE = -1;

    private final KeptOutput[] kept;
    private final long[] agreedBytes;
    private final long[] firstPosition;
    private final long[] lastPosition;

    /** @param devices one more than there are: the first is 1 */
    OutputComparison(int devices) {
        kept = new KeptOutput[devices];
        agreedBytes = new long[devices];
        firstPosition = new long[devices];
        lastPosition = new long[devices];
        java.util.Arrays.fill(firstPosition, NONE);
    }

    void keep(int device) {
        kept[device] = new KeptOutput();
    }

    void add(int device, byte[] bytes, int offset, int count, long position) {
        if (count == 0) {
            return;
        }
        if (firstPosition[device] == NONE) {
            firstPosition[device] = position;
        }
        lastPosition[device] = position;
        if (kept[device] != null) {
            kept[device].add(bytes, offset, count, position);
        }
    }

    void agreed(int device, long bytes) {
        agreedBytes[device] = bytes;
        firstPosition[device] = NONE;
    }

    /**
     * Compares bytes of the log with those put out, which are then forgotten.
     *
     * @param total what the device has put out so far
     * @return index of the first byte of the event that differs, or is missing here; or {@link #EQUAL}
     */
    int compare(int device, long total, Event event) {
        KeptOutput own = kept[device];
        if (own == null || event.a() != total - own.length()) {
            return 0;
        }
        for (int i = 0; i < event.length(); i++) {
            if (i >= own.length() || own.bytes()[i] != event.payload()[i]) {
                return i;
            }
        }
        own.drop(event.length());
        return EQUAL;
    }

    long positionOf(int device, int index, long otherwise) {
        KeptOutput own = kept[device];
        return own != null && index < own.length() ? own.positionOf(index) : otherwise;
    }

    String firstDifference(String name, int device, Event event, int index) {
        KeptOutput own = kept[device];
        String put = own == null || index >= own.length() ? "nothing" : String.format("%02x", own.bytes()[index]);
        return "has put out on device " + name + " at offset " + (event.a() + index) + " " + put + ", in the log "
                + String.format("%02x", event.payload()[index]);
    }

    /** With hashes alone: between which offsets and positions the first difference is. */
    String difference(String name, int device, OutputLedger ledger, long recordedBytes) {
        return ledger.bytes() + " bytes on device " + name + " with hash " + Long.toHexString(ledger.hash())
                + ": the first that differs is at an offset from " + agreedBytes[device] + " to "
                + Math.max(ledger.bytes(), recordedBytes) + (firstPosition[device] == NONE ? ", where it put out nothing"
                : ", put out from " + firstPosition[device] + " to " + lastPosition[device]);
    }
}
