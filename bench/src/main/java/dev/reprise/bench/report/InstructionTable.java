package dev.reprise.bench.report;

import dev.reprise.bench.cpu.Executors;
import dev.reprise.bench.cpu.InstructionClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The classes of instructions beside the integer loop, on both executors. */
final class InstructionTable {

    static final String INTEGER = "integer";
    /** So many times slower than the integer loop wants a reason. */
    static final double WANTS_A_REASON = 5;

    private static final String BENCHMARK = "InstructionBenchmark.run";
    /** In millions a second: more than any processor retires; the compiler has taken the work out of the loop. */
    private static final double IMPLAUSIBLE_MIPS = 30_000;

    /**
     * A class on both executors; figures that were not taken are null.
     *
     * @param timesSlower of each executor's own integer loop; 0 if it is not known
     */
    record Row(String name, Figure interpreter, double interpreterTimesSlower, Figure translator,
            double translatorTimesSlower, String reason) {

        boolean wantsAReason() {
            return reason.isEmpty()
                    && Math.max(interpreterTimesSlower, translatorTimesSlower) > WANTS_A_REASON;
        }

        boolean isImplausible() {
            return translator != null && translator.score() > IMPLAUSIBLE_MIPS;
        }
    }

    private InstructionTable() {}

    static List<Row> of(Report report) {
        List<Row> rows = new ArrayList<>();
        InstructionClasses.reasons().forEach((name, reason) -> {
            Figure interpreter = figure(report, name, Executors.INTERPRETER);
            Figure translator = figure(report, name, Executors.TRANSLATOR);
            if (interpreter != null || translator != null) {
                rows.add(new Row(name, interpreter, timesSlower(report, interpreter, Executors.INTERPRETER), translator,
                        timesSlower(report, translator, Executors.TRANSLATOR), reason));
            }
        });
        return rows;
    }

    private static double timesSlower(Report report, Figure figure, String executor) {
        Figure integer = figure(report, INTEGER, executor);
        return figure == null || integer == null ? 0 : integer.score() / figure.score();
    }

    private static Figure figure(Report report, String name, String executor) {
        Optional<Figure> found = report.find(BENCHMARK, Map.of("program", name, "executor", executor));
        return found.orElse(null);
    }

    /** What is wrong with the figures, in a sentence each; empty if nothing is. */
    static List<String> complaints(Report report) {
        List<String> complaints = new ArrayList<>();
        for (Row row : of(report)) {
            if (row.wantsAReason()) {
                complaints.add(row.name() + " is " + Figure.text(row.interpreterTimesSlower()) + " times (interpreter) and "
                        + Figure.text(row.translatorTimesSlower())
                        + " times (translator) slower than the integer loop, and nothing says why");
            }
            if (row.isImplausible()) {
                complaints.add(row.name() + " makes " + Figure.text(row.translator().score())
                        + " MIPS: the compiler has taken its work out of the loop");
            }
        }
        return complaints;
    }
}
