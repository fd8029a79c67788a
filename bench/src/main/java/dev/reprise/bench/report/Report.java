package dev.reprise.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All figures of one measurement.
 *
 * @param surroundings what they depend on beside the program: machine, JDK, effort, load
 */
record Report(Map<String, String> surroundings, List<Figure> figures) {

    static Report empty() {
        return new Report(new LinkedHashMap<>(), new ArrayList<>());
    }

    List<Figure> of(Suite suite) {
        return figures.stream().filter(suite::has).toList();
    }

    Map<Figure.Key, Figure> byKey() {
        Map<Figure.Key, Figure> byKey = new LinkedHashMap<>();
        figures.forEach(figure -> byKey.put(figure.key(), figure));
        return byKey;
    }

    Optional<Figure> find(String benchmark, Map<String, String> some) {
        return figures.stream().filter(figure -> figure.benchmark().equals(benchmark)
                && figure.parameters().entrySet().containsAll(some.entrySet())).findFirst();
    }
}
