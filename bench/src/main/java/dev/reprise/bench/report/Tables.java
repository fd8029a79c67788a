package dev.reprise.bench.report;

import dev.reprise.bench.report.EventCosts.Cost;
import dev.reprise.bench.report.InstructionTable.Row;
import java.util.Locale;

/** What a person wants to see at once, as text for a terminal. */
final class Tables {

    private Tables() {}

    static String of(Report report) {
        StringBuilder text = new StringBuilder();
        var rows = InstructionTable.of(report);
        if (!rows.isEmpty()) {
            text.append(String.format(Locale.ROOT, "%-20s %22s %8s %24s %8s%n", "MIPS", "interpreter", "slower", "translator",
                    "slower"));
            for (Row row : rows) {
                text.append(String.format(Locale.ROOT, "%-20s %22s %8s %24s %8s%n", row.name(), cell(row.interpreter()),
                        times(row.interpreterTimesSlower()), cell(row.translator()), times(row.translatorTimesSlower())));
            }
        }
        for (Suite suite : Suite.values()) {
            if (suite != Suite.INSTRUCTIONS && !report.of(suite).isEmpty()) {
                text.append('\n').append(suite.title).append('\n');
                for (Figure figure : report.of(suite)) {
                    text.append(String.format(Locale.ROOT, "  %-36s %-52s %22s %-8s%s%n", figure.benchmark(),
                            figure.parametersText(), cell(figure), figure.unit(), figure.bytesPerOperation() < 0 ? ""
                                    : " " + Figure.text(figure.bytesPerOperation()) + " B/op"));
                }
            }
        }
        var costs = EventCosts.of(report);
        if (!costs.isEmpty()) {
            text.append("\nrecording, ns per event on the guest thread\n");
            for (Cost cost : costs) {
                text.append(String.format(Locale.ROOT, "  %-28s %-38s %8s off %8s recorded %8s difference%n", cost.benchmark(),
                        cost.parameters(), Figure.text(cost.offNs()), Figure.text(cost.recordedNs()),
                        Figure.text(cost.ns())));
            }
        }
        return text.toString();
    }

    /** The classes as README.md has them. */
    static String markdown(Report report) {
        StringBuilder text = new StringBuilder("| class | interpreter | times slower | translator | times slower | why |\n"
                + "|---|---|---|---|---|---|\n");
        for (Row row : InstructionTable.of(report)) {
            text.append(String.join(" | ", "| " + row.name(), score(row.interpreter()), times(row.interpreterTimesSlower()),
                    score(row.translator()), times(row.translatorTimesSlower()), row.reason())).append(" |\n");
        }
        return text.toString();
    }

    private static String score(Figure figure) {
        return figure == null ? "" : Figure.text(figure.score());
    }

    private static String times(double timesSlower) {
        return timesSlower == 0 ? "" : Figure.text(timesSlower);
    }

    private static String cell(Figure figure) {
        return figure == null ? "" : Figure.text(figure.score()) + " +- " + Figure.text(figure.error());
    }
}
