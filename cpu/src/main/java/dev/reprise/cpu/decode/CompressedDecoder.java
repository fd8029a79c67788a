package dev.reprise.cpu.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * Decodes instructions of 16 bits into the packed form of the instruction that each stands for (the layout is in
 * {@link Decoder}). Hints become instructions without effect; reserved encodings are illegal (unprivileged
 * specification, chapter C).
 */
public final class CompressedDecoder {
    /** The candidates for each quadrant (bits 1 to 0) and funct3 (bits 15 to 13). */
    private static final Encoding[][] CANDIDATES = new Encoding[32][];

    static {
        for (int bucket = 0; bucket < CANDIDATES.length; bucket++) {
            int fixed = bucket >>> 3 | (bucket & 7) << 13;
            List<Encoding> encodings = new ArrayList<>();
            for (Encoding encoding : EncodingTable.compressed()) {
                if ((encoding.match() & 0xe003) == fixed) {
                    encodings.add(encoding);
                }
            }
            CANDIDATES[bucket] = encodings.toArray(new Encoding[0]);
        }
    }

    private CompressedDecoder() {
    }

    /** The packed form of the low 16 bits; the higher ones are ignored. */
    public static long decode(int halfword) {
        int word = halfword & 0xffff;
        for (Encoding encoding : CANDIDATES[(word & 3) << 3 | word >>> 13]) {
            if (encoding.matches(word)) {
                return encoding.pack(word);
            }
        }
        return Decoder.illegal(word);
    }
}
