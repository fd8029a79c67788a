package dev.reprise.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MedianIntervalTest {

    private static double[] oneTo(int n) {
        return IntStream.rangeClosed(1, n).mapToDouble(i -> i).toArray();
    }

    @Test
    void shouldHaveNoIntervalBelowSixValues() {
        MedianInterval five = MedianInterval.of(oneTo(5));
        assertEquals(3, five.median());
        assertEquals(Double.POSITIVE_INFINITY, five.width());
    }

    @Test
    void shouldChooseTheRanksOfTheSignTest() {
        // The ranks that tables of the sign test give for 95%.
        assertEquals(new MedianInterval(3.5, 1, 6), MedianInterval.of(oneTo(6)));
        assertEquals(new MedianInterval(5, 2, 8), MedianInterval.of(oneTo(9)));
        assertEquals(new MedianInterval(10.5, 6, 15), MedianInterval.of(oneTo(20)));
        assertEquals(new MedianInterval(15.5, 10, 21), MedianInterval.of(oneTo(30)));
    }

    @Test
    void shouldNotDependOnTheOrderOfTheSample() {
        double[] shuffled = {9, 2, 7, 4, 5, 6, 3, 8, 1};
        assertEquals(MedianInterval.of(oneTo(9)), MedianInterval.of(shuffled));
    }

    @Test
    void shouldHoldTheTrueMedianInNineteenOfTwentySamples() {
        SplittableRandom random = new SplittableRandom(20260101);
        int samples = 20_000;
        int held = 0;
        for (int i = 0; i < samples; i++) {
            double[] sample = new double[17];
            Arrays.setAll(sample, j -> Math.pow(random.nextDouble(), 3));
            MedianInterval interval = MedianInterval.of(sample);
            if (interval.low() <= 0.125 && 0.125 <= interval.high()) {
                held++;
            }
        }
        int inSamples = held;
        assertTrue(inSamples >= 0.95 * samples, () -> inSamples + " of " + samples);
    }
}
