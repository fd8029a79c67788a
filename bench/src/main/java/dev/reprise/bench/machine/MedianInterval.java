package dev.reprise.bench.machine;

import java.util.Arrays;

/**
 * The median of a sample and an interval that holds the median of what was sampled with at least 95% confidence. The
 * interval's ends are two values of the sample, chosen by the binomial distribution: nothing is assumed of how the
 * values are distributed, and nothing is drawn at random.
 *
 * @param median of the sample
 * @param low the interval's lower end; negative infinity if the sample is too small (under 6 values)
 * @param high the interval's upper end; positive infinity if the sample is too small
 */
public record MedianInterval(double median, double low, double high) {

    /** Half of what may lie outside. */
    private static final double TAIL = 0.025;

    public static MedianInterval of(double[] sample) {
        if (sample.length == 0) {
            throw new IllegalArgumentException("a sample has values");
        }
        double[] sorted = sample.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
        int left = valuesLeftOut(n);
        return left < 0 ? new MedianInterval(median, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)
                : new MedianInterval(median, sorted[left], sorted[n - 1 - left]);
    }

    /** How many values at either end may lie outside the interval; -1 if not even the extremes are far enough. */
    private static int valuesLeftOut(int n) {
        double probability = Math.pow(0.5, n);
        double below = probability;
        int left = -1;
        // Invariant: below is the chance that at most left + 1 of n values lie under the true median.
        while (below <= TAIL) {
            left++;
            probability *= (double) (n - left) / (left + 1);
            below += probability;
        }
        return left;
    }

    public double width() {
        return high - low;
    }
}
