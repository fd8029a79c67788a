package dev.reprise.bench.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void shouldTakeTheMiddleOfAnOddSampleWhateverItsOrder() {
        assertEquals(new Spread(2.5, 1.0, 9.0), Spread.of(List.of(9.0, 1.0, 2.5)));
    }

    @Test
    void shouldTakeTheMeanOfTheTwoInTheMiddleOfAnEvenSample() {
        assertEquals(new Spread(3.0, 1.0, 100.0), Spread.of(List.of(4.0, 100.0, 1.0, 2.0)));
    }

    @Test
    void shouldNotMoveTheMedianForOneOutlier() {
        assertEquals(2.0, Spread.of(List.of(2.0, 2.0, 50.0)).median());
    }

    @Test
    void shouldRefuseAnEmptySample() {
        assertThrows(IllegalArgumentException.class, () -> Spread.of(List.of()));
    }

    @Test
    void shouldCallHalfAndTwiceAsFastAsFast() {
        assertEquals(1.0, Spread.geometricMean(List.of(0.5, 2.0)), 1e-12);
        assertEquals(0.5, Spread.geometricMean(List.of(0.125, 1.0, 1.0)), 1e-12);
    }

    @Test
    void shouldHaveNoMeanOfNothingAndRefuseARatioOfZero() {
        assertTrue(Double.isNaN(Spread.geometricMean(List.of())));
        assertThrows(IllegalArgumentException.class, () -> Spread.geometricMean(List.of(1.0, 0.0)));
        assertThrows(IllegalArgumentException.class, () -> Spread.geometricMean(List.of(Double.NaN)));
    }
}
