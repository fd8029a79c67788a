package dev.reprise.bench.qemu;

import dev.reprise.bench.machine.MedianInterval;
import java.util.List;

/**
 * A sample in three numbers.
 *
 * @param median of an even sample the mean of the two in the middle
 */
record Spread(double median, double min, double max) {

    /** @throws IllegalArgumentException if the sample is empty */
    static Spread of(List<Double> sample) {
        double[] values = sample.stream().mapToDouble(Double::doubleValue).toArray();
        double median = MedianInterval.of(values).median();
        double min = values[0];
        double max = values[0];
        for (double value : values) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        return new Spread(median, min, max);
    }

    /**
     * The mean of ratios: a peer twice as fast on one guest and half as fast on another is as fast.
     *
     * @return NaN if there are none
     * @throws IllegalArgumentException if one is not above 0
     */
    static double geometricMean(List<Double> ratios) {
        double logarithms = 0;
        for (double ratio : ratios) {
            if (!(ratio > 0)) {
                throw new IllegalArgumentException("a ratio must be above 0: ratio=" + ratio);
            }
            logarithms += Math.log(ratio);
        }
        return Math.exp(logarithms / ratios.size());
    }
}
