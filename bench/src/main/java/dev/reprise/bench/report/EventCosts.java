package dev.reprise.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What recording costs the guest thread, per event: the same benchmark with it on and off, in one report. */
final class EventCosts {

    /** Nanoseconds per event that recording may cost at most. */
    static final double LIMIT_NS = 150;

    /** @param recordedNs the whole, with recording on */
    record Cost(String benchmark, String parameters, double offNs, double recordedNs) {

        double ns() {
            return recordedNs - offNs;
        }
    }

    private EventCosts() {}

    static List<Cost> of(Report report) {
        List<Cost> costs = new ArrayList<>();
        for (Figure recorded : report.of(Suite.COST)) {
            if (recorded.parameter("mode").equals("RECORD")) {
                TreeMap<String, String> parameters = new TreeMap<>(recorded.parameters());
                parameters.put("mode", "OFF");
                report.find(recorded.benchmark(), parameters).ifPresent(off -> {
                    parameters.remove("mode");
                    parameters.remove("warmBursts");
                    costs.add(new Cost(recorded.benchmark(), Figure.text(parameters), off.score(), recorded.score()));
                });
            }
        }
        return costs;
    }

    static List<String> complaints(Report report) {
        return of(report).stream().filter(cost -> cost.ns() > LIMIT_NS).map(cost -> cost.benchmark() + " "
                + cost.parameters() + ": recording costs " + Figure.text(cost.ns()) + " ns, more than " + LIMIT_NS).toList();
    }
}
