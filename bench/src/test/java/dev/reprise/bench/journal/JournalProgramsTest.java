package dev.reprise.bench.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The journal's programs run and say what they are there for. */
class JournalProgramsTest {

    @Test
    void shouldSayWhatAnEventCostsEachThread() throws Exception {
        String line = CpuPerEvent.measure("reprise", 400_000);
        assertTrue(line.matches("reprise: [0-9.]+ M/s; ns of CPU time per event:.* journaler [0-9.]+,.* all [0-9.]+"), line);
    }

    @Test
    void shouldSayHowLateEventsWereAtASteadyRate() throws Exception {
        double saturated = PublishLatency.saturated("reprise", new byte[EventLog.PAYLOAD_BYTES], 200_000);
        String line = PublishLatency.measure("reprise", saturated, 1, 10_000);
        assertTrue(line.matches("reprise: saturated [0-9.]+ M/s, at 0.01 M/s for 1 s: 50% [0-9]+ ns,.* max [0-9]+; late by"
                + " more than 1 us [0-9.]+%; publication alone: 50% [0-9]+ ns,.* max [0-9]+; gaps over 1 us: .*"), line);
        line = PublishLatency.measure("encode-only", Double.NaN, 1, 10_000);
        assertTrue(line.matches("encode-only: at 0.01 M/s for 1 s: 50% [0-9]+ ns,.*"), line);
        line = PublishLatency.measure("clock-only", Double.NaN, 1, 10_000);
        assertTrue(line.matches("clock-only: at 0.01 M/s for 1 s: 50% [0-9]+ ns,.* max [0-9]+; gaps over 1 us: [0-9]+ per"
                + " second, [0-9.]+% of the time"), line);
    }
}
