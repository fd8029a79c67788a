package dev.reprise.proptest.scan.sample;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;

/** Does what a guest must not, each in its own way. */
public final class Sinner {

    private final Map<String, Long> times = new HashMap<>();

    public long now() {
        LongSupplier byReference = System::nanoTime;
        return byReference.getAsLong() + new Random().nextInt() + System.identityHashCode(this);
    }

    public double wave(double x) {
        return Math.sin(x) + times.size();
    }

    /** A nested class, in a file of its own. */
    public static final class Nested {
        public String loud(String text) {
            return text.toUpperCase();
        }
    }
}
