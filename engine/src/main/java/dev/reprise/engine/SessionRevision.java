package dev.reprise.engine;

import java.util.Map;

/**
 * What a session computes beside the guest, as a number in the manifest: a replay computes it as the recording did.
 *
 * <ul>
 * <li>1: the first; no number in the manifest. The ledger's hash is taken byte by byte; nothing is witnessed.
 * <li>2: the ledger's hash is taken word by word; interrupts, exceptions and checkpoints are in the digest.
 * </ul>
 */
public final class SessionRevision {

    /** What this release records. */
    public static final int CURRENT = 2;

    /** Settings of the manifest that begin so are the engine's own. */
    static final String PREFIX = "engine.";
    static final String KEY = PREFIX + "revision";
    static final String WITNESS = PREFIX + "witness";
    static final String LEDGER_BYTES = PREFIX + "ledgerBytes";

    private SessionRevision() {}

    /**
     * The revision that a recording was made with.
     *
     * @throws IncompatibleRecordingException if this release does not know it
     */
    static int of(Map<String, String> settings) {
        String text = settings.get(KEY);
        if (text == null) {
            return 1;
        }
        for (int known = 2; known <= CURRENT; known++) {
            if (text.equals(Integer.toString(known))) {
                return known;
            }
        }
        throw new IncompatibleRecordingException("session revisions differ: recorded " + text + ", here 1 to " + CURRENT);
    }

    /** @throws IncompatibleRecordingException if the recording names none that this release knows */
    static WitnessMode witnessOf(Map<String, String> settings) {
        String text = settings.get(WITNESS);
        try {
            return text == null ? WitnessMode.DIGEST : WitnessMode.ofText(text);
        } catch (IllegalArgumentException unknown) {
            throw new IncompatibleRecordingException("the recording witnesses in a way that is unknown here: " + text);
        }
    }
}
