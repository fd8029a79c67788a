package dev.reprise.proptest.run;

import dev.reprise.engine.RunResult;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run has shown.
 *
 * @param digests by position, those that were asked for
 * @param outputs by device, from 1 on: every byte that was accepted
 * @param events number by kind's name
 */
public record Trace(RunResult result, Map<Long, String> digests, List<byte[]> outputs, Map<String, Long> events) {

    /** Fails unless the other run has shown the same, number of events included. */
    public void requireSame(Trace other, String what) {
        requireSameView(other, what);
        if (!events.equals(other.events)) {
            throw new AssertionError(what + ": events " + events + " became " + other.events);
        }
    }

    /** As {@link #requireSame}, but how often output and digests were journaled may differ. */
    public void requireSameView(Trace other, String what) {
        for (int device = 1; device < outputs.size(); device++) {
            byte[] mine = outputs.get(device);
            byte[] theirs = other.outputs.get(device);
            int at = Arrays.mismatch(mine, theirs);
            if (at >= 0) {
                throw new AssertionError(what + ": device " + device + " put out " + mine.length + " bytes and then "
                        + theirs.length + ", different from byte " + at + " on: " + from(mine, at) + " and "
                        + from(theirs, at));
            }
        }
        if (!digests.equals(other.digests)) {
            throw new AssertionError(what + ": digests " + digests + " became " + other.digests);
        }
        if (!result.equals(other.result)) {
            throw new AssertionError(what + ": " + result + " became " + other.result);
        }
        if (!inputsAndOutcomes(events).equals(inputsAndOutcomes(other.events))) {
            throw new AssertionError(what + ": events " + events + " became " + other.events);
        }
    }

    private static Map<String, Long> inputsAndOutcomes(Map<String, Long> events) {
        Map<String, Long> some = new TreeMap<>(events);
        some.remove("OUTPUT");
        some.remove("DIGEST");
        return some;
    }

    private static String from(byte[] bytes, int at) {
        return HexFormat.of().formatHex(bytes, at, Math.min(bytes.length, at + 8));
    }
}
