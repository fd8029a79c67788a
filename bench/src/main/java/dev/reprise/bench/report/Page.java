package dev.reprise.bench.report;

import dev.reprise.bench.report.EventCosts.Cost;
import dev.reprise.bench.report.InstructionTable.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** The report as one HTML file that needs no other: tables, charts, and what differs from an earlier report. */
final class Page {

    private static final String STYLE = """
            body { font: 14px sans-serif; margin: 2em; max-width: 1800px; }
            table { border-collapse: collapse; margin: 1em 0; }
            th, td { border: 1px solid #ccc; padding: 2px 8px; text-align: left; vertical-align: top; }
            td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
            .WORSE { background: #fbd0d0; } .BETTER { background: #d3f2d3; } .bad { color: #b00; }
            svg { max-width: 100%; height: auto; }
            """;

    private final Report report;
    private final Report before;
    private final Map<Figure.Key, Figure> beforeByKey;
    private final StringBuilder html = new StringBuilder();

    private Page(Report report, Report before) {
        this.report = report;
        this.before = before;
        beforeByKey = before == null ? Map.of() : before.byKey();
    }

    /** @param before an earlier report, or null */
    static String of(Report report, Report before) throws IOException {
        Page page = new Page(report, before);
        page.write();
        return page.html.toString();
    }

    private void write() throws IOException {
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Reprise: benchmarks</title>")
                .append("<style>\n").append(STYLE).append("</style></head><body>\n<h1>Reprise: benchmarks</h1>\n");
        surroundings();
        List<String> complaints = new ArrayList<>(InstructionTable.complaints(report));
        complaints.addAll(EventCosts.complaints(report));
        list("What wants a look", complaints);
        if (before != null) {
            list("What differs from the earlier report", differences(report, before));
        }
        instructions();
        costs();
        for (Suite suite : Suite.values()) {
            suite(suite);
        }
        html.append("</body></html>\n");
    }

    private void surroundings() {
        html.append("<table>");
        TreeSet<String> names = new TreeSet<>(report.surroundings().keySet());
        header(before == null ? List.of("", "") : List.of("", "this report", "the earlier one"));
        for (String name : names) {
            html.append("<tr><td>").append(escaped(name)).append("</td><td>")
                    .append(escaped(report.surroundings().get(name))).append("</td>");
            if (before != null) {
                html.append("<td>").append(escaped(before.surroundings().getOrDefault(name, ""))).append("</td>");
            }
            html.append("</tr>\n");
        }
        html.append("</table>\n");
    }

    private void list(String title, List<String> sentences) {
        html.append("<h2>").append(escaped(title)).append("</h2>\n");
        if (sentences.isEmpty()) {
            html.append("<p>nothing</p>\n");
            return;
        }
        html.append("<ul>");
        sentences.forEach(sentence -> html.append("<li>").append(escaped(sentence)).append("</li>\n"));
        html.append("</ul>\n");
    }

    /** What is outside both intervals, the worse first. */
    static List<String> differences(Report report, Report before) {
        Map<Figure.Key, Figure> beforeByKey = before.byKey();
        List<String> worse = new ArrayList<>();
        List<String> better = new ArrayList<>();
        for (Figure now : report.figures()) {
            Figure then = beforeByKey.get(now.key());
            Difference difference = Difference.of(then, now);
            if (difference == Difference.WORSE || difference == Difference.BETTER) {
                (difference == Difference.WORSE ? worse : better).add(String.format(Locale.ROOT, "%s: %s %s: %s before, now %s"
                        + " %s (%s)", difference.mark, now.benchmark(), now.parametersText(), Figure.text(then.score()),
                        Figure.text(now.score()), now.unit(), percent(then, now)));
            }
        }
        worse.addAll(better);
        return worse;
    }

    private static String percent(Figure then, Figure now) {
        return String.format(Locale.ROOT, "%+.0f%%", (now.score() / then.score() - 1) * 100);
    }

    private void instructions() throws IOException {
        List<Row> rows = InstructionTable.of(report);
        if (rows.isEmpty()) {
            return;
        }
        html.append("<h2>Classes of instructions</h2>\n").append(Charts.mips(rows)).append(Charts.timesSlower(rows));
        html.append("<p>MIPS, and how many times slower than the same executor's integer loop.</p><table>");
        List<String> titles = new ArrayList<>(List.of("class", "interpreter", "times slower", "translator", "times slower"));
        if (before != null) {
            titles.addAll(List.of("interpreter before", "translator before"));
        }
        titles.add("why, where it is more than five times");
        header(titles);
        for (Row row : rows) {
            html.append("<tr><td>").append(row.name()).append("</td>");
            number(text(row.interpreter()), "");
            number(times(row.interpreterTimesSlower()), "");
            number(text(row.translator()), row.isImplausible() ? "bad" : "");
            number(times(row.translatorTimesSlower()), row.wantsAReason() ? "bad" : "");
            if (before != null) {
                earlier(row.interpreter());
                earlier(row.translator());
            }
            html.append("<td>").append(escaped(row.reason())).append("</td></tr>\n");
        }
        html.append("</table>\n");
    }

    private static String times(double timesSlower) {
        return timesSlower == 0 ? "" : Figure.text(timesSlower);
    }

    private static String text(Figure figure) {
        return figure == null ? "" : Figure.text(figure.score()) + " &plusmn; " + Figure.text(figure.error());
    }

    private void costs() {
        List<Cost> costs = EventCosts.of(report);
        if (costs.isEmpty()) {
            return;
        }
        html.append("<h2>What recording costs, ns per event on the guest thread</h2>\n<table>");
        header(List.of("benchmark", "parameters", "off", "recorded", "difference"));
        for (Cost cost : costs) {
            html.append("<tr><td>").append(cost.benchmark()).append("</td><td>").append(escaped(cost.parameters()))
                    .append("</td>");
            number(Figure.text(cost.offNs()), "");
            number(Figure.text(cost.recordedNs()), "");
            number(Figure.text(cost.ns()), cost.ns() > EventCosts.LIMIT_NS ? "bad" : "");
            html.append("</tr>\n");
        }
        html.append("</table>\n");
    }

    private void suite(Suite suite) throws IOException {
        List<Figure> figures = report.of(suite);
        if (figures.isEmpty()) {
            return;
        }
        html.append("<h2>").append(escaped(suite.title)).append("</h2>\n");
        if (suite != Suite.INSTRUCTIONS) {
            for (String unit : new TreeSet<>(figures.stream().map(Figure::unit).toList())) {
                List<Figure> same = figures.stream().filter(figure -> figure.unit().equals(unit)).toList();
                html.append(Charts.bars(suite, same, colour(same)));
            }
        }
        html.append("<table>");
        List<String> titles = new ArrayList<>(List.of("benchmark", "parameters", "figure", "unit", "bytes per operation"));
        if (before != null) {
            titles.add("before");
        }
        header(titles);
        for (Figure figure : figures) {
            html.append("<tr><td>").append(figure.benchmark()).append("</td><td>").append(escaped(figure.parametersText()))
                    .append("</td>");
            number(text(figure), "");
            html.append("<td>").append(figure.unit()).append("</td>");
            number(figure.bytesPerOperation() < 0 ? "" : Figure.text(figure.bytesPerOperation()), "");
            if (before != null) {
                earlier(figure);
            }
            html.append("</tr>\n");
        }
        html.append("</table>\n");
    }

    /** The parameter whose values stand side by side. */
    private static String colour(List<Figure> figures) {
        for (String name : List.of("executor", "mode")) {
            if (figures.stream().map(figure -> figure.parameter(name)).distinct().count() > 1) {
                return name;
            }
        }
        return null;
    }

    private void earlier(Figure now) {
        Figure then = now == null ? null : beforeByKey.get(now.key());
        if (then == null) {
            number("", "");
            return;
        }
        Difference difference = Difference.of(then, now);
        number(text(then) + (difference.mark.isEmpty() ? "" : " <b>" + difference.mark + "</b> " + percent(then, now)),
                difference.name());
    }

    private void header(List<String> titles) {
        html.append("<tr>");
        titles.forEach(title -> html.append("<th>").append(escaped(title)).append("</th>"));
        html.append("</tr>\n");
    }

    private void number(String text, String style) {
        html.append("<td class=\"n ").append(style).append("\">").append(text).append("</td>");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
