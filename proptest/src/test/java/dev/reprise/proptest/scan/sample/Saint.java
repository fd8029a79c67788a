package dev.reprise.proptest.scan.sample;

import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;

/** Does the same as a guest may. */
public final class Saint {

    private final TreeMap<String, Long> times = new TreeMap<>();

    public long seeded(long seed) {
        return new Random(seed).nextInt() + times.size();
    }

    public double wave(double x) {
        return StrictMath.sin(x) + Math.sqrt(x) + Math.abs(x);
    }

    public String loud(String text) {
        return text.toUpperCase(Locale.ROOT);
    }
}
