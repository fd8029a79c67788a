package dev.reprise.bench.report;

import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * One figure of one benchmark with one set of parameters.
 *
 * @param benchmark class and method, as the table in README.md has them, and a counter's name behind a colon if it is
 *     one's
 * @param parameters by name
 * @param unit as JMH writes it: {@code ops/us} is more the better, {@code ns/op} less
 * @param score the mean
 * @param low lower end of the interval that holds the mean with 99.9% confidence, as JMH computes it; of samples too
 *     small for that, the least
 * @param high its upper end
 * @param samples how many there were
 * @param bytesPerOperation allocated on the heap; -1 if it was not measured
 */
record Figure(String benchmark, SortedMap<String, String> parameters, String unit, double score, double low, double high,
        int samples, double bytesPerOperation) {

    /** What two reports have in common. */
    record Key(String benchmark, SortedMap<String, String> parameters) {}

    Key key() {
        return new Key(benchmark, parameters);
    }

    boolean moreIsBetter() {
        return unit.startsWith("ops/");
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** Half of the interval's width, for people. */
    double error() {
        return (high - low) / 2;
    }

    String parametersText() {
        return text(parameters);
    }

    /** Parameters as in {@code executor=interpreter program=loads}. */
    static String text(SortedMap<String, String> parameters) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            text.append(text.isEmpty() ? "" : " ").append(parameter.getKey()).append('=').append(parameter.getValue());
        }
        return text.toString();
    }

    /** Three significant digits, or all before the point. */
    static String text(double value) {
        double size = Math.abs(value);
        String pattern = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, pattern, value);
    }
}
