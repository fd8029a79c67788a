package dev.reprise.bench.qemu;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether all peers said the same. A program of guests/bench says the same everywhere, byte for byte. The kernel's
 * console has times and counts in it, so of a boot the results of its computations are compared between peers; but a
 * replay says what its recording said, byte for byte.
 */
final class Consoles {

    /** A result of guests/debian/init: a checksum or a size after the guest's clock. */
    private static final Pattern RESULT = Pattern.compile("\\[\\d+ ns] ((?:hash|numbers|sort|gzip|bzip2): .*|computed)");
    private static final int RESULTS = 6;
    private static final int SHOWN = 200;

    private final GuestProgram guest;
    private final Map<Peer, byte[]> last = new EnumMap<>(Peer.class);
    private String first;
    private Peer firstPeer;

    Consoles(GuestProgram guest) {
        this.guest = guest;
    }

    /**
     * Takes what a peer wrote.
     *
     * @return what is wrong with it, null if nothing is
     */
    String check(Peer peer, byte[] console) {
        last.put(peer, console);
        String said = essence(console);
        if (said == null) {
            return "the console has not the " + RESULTS + " results of the boot: " + tail(text(console));
        }
        if (said.isEmpty()) {
            return "the console is empty";
        }
        if (first == null) {
            first = said;
            firstPeer = peer;
        } else if (!first.equals(said)) {
            return "said " + tail(said) + " where " + firstPeer.title + " said " + tail(first);
        }
        byte[] recorded = peer.recording() == null ? null : last.get(peer.recording());
        if (recorded != null && !Arrays.equals(recorded, console)) {
            return "the console differs from that of " + peer.recording().title + " at byte "
                    + Arrays.mismatch(recorded, console);
        }
        return null;
    }

    private String essence(byte[] console) {
        if (guest.kind() != GuestProgram.Kind.BOOT) {
            return text(console);
        }
        List<String> results = new ArrayList<>();
        Matcher matcher = RESULT.matcher(text(console));
        while (matcher.find()) {
            results.add(matcher.group(1).strip());
        }
        return results.size() == RESULTS ? String.join("\n", results) : null;
    }

    private static String text(byte[] console) {
        return new String(console, StandardCharsets.ISO_8859_1);
    }

    private static String tail(String text) {
        String shown = text.strip();
        return '"' + shown.substring(Math.max(0, shown.length() - SHOWN)) + '"';
    }
}
