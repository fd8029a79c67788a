package dev.reprise.engine;

import java.security.SecureRandom;
import java.time.Instant;

/**
 * The host, as far as a guest can ask it: every call is an outcome that a recording holds. In replay nobody calls it,
 * which a counting implementation shows.
 */
public interface Host {

    /** The machine that this runs on. */
    Host SYSTEM = new Host() {

        private final SecureRandom random = new SecureRandom();

        @Override
        public long clockNs(int clockKind) {
            if (clockKind == ClockKind.HOST) {
                Instant now = Instant.now();
                return now.getEpochSecond() * 1_000_000_000L + now.getNano();
            }
            if (clockKind == ClockKind.VIRTUAL_REALTIME) {
                return System.nanoTime();
            }
            throw new IllegalArgumentException("no such clock on this host: kind=" + clockKind);
        }

        @Override
        public void random(byte[] into, int offset, int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            System.arraycopy(bytes, 0, into, offset, length);
        }
    };

    /** @param clockKind one of {@link ClockKind}, or an embedder's own */
    long clockNs(int clockKind);

    void random(byte[] into, int offset, int length);
}
