package dev.reprise.bench.report;

import dev.reprise.bench.cpu.Executors;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Bars, drawn by XChart as SVG that stands in the page. */
final class Charts {

    private static final int BAR_GROUP_PIXELS = 34;
    private static final Map<String, Color> COLOURS = Map.of(
            Executors.INTERPRETER, new Color(0xb0b0b0), Executors.TRANSLATOR, new Color(0x1f5fa8),
            "OFF", new Color(0xb0b0b0), "RECORD", new Color(0x1f5fa8), "REPLAY", new Color(0x58a55c));

    private Charts() {}

    /** MIPS of each class on both executors, logarithmic. */
    static String mips(List<InstructionTable.Row> rows) throws IOException {
        Map<String, Map<String, Double>> series = new LinkedHashMap<>();
        for (InstructionTable.Row row : rows) {
            put(series, Executors.INTERPRETER, row.name(), row.interpreter() == null ? 0 : row.interpreter().score());
            put(series, Executors.TRANSLATOR, row.name(), row.translator() == null ? 0 : row.translator().score());
        }
        return svg("million instructions per second", "MIPS", series, true, 0);
    }

    /** How many times slower than the integer loop each class is, logarithmic, with a line where a reason is wanted. */
    static String timesSlower(List<InstructionTable.Row> rows) throws IOException {
        Map<String, Map<String, Double>> series = new LinkedHashMap<>();
        for (InstructionTable.Row row : rows) {
            put(series, Executors.INTERPRETER, row.name(), row.interpreterTimesSlower());
            put(series, Executors.TRANSLATOR, row.name(), row.translatorTimesSlower());
        }
        return svg("times slower than the executor's integer loop", "times", series, true,
                InstructionTable.WANTS_A_REASON);
    }

    /** Figures of one suite, a group of bars for each of its cases, and a colour for each value of a parameter. */
    static String bars(Suite suite, List<Figure> figures, String colour) throws IOException {
        Map<String, Map<String, Double>> series = new LinkedHashMap<>();
        Set<String> units = new LinkedHashSet<>();
        for (Figure figure : figures) {
            StringBuilder name = new StringBuilder();
            figure.parameters().forEach((parameter, value) -> {
                if (!parameter.equals(colour) && figures.stream().anyMatch(other -> !other.parameter(parameter).equals(value)
                        && !other.parameter(parameter).isEmpty())) {
                    name.append(name.isEmpty() ? "" : " ").append(value);
                }
            });
            if (name.isEmpty() || figures.stream().anyMatch(other -> !other.benchmark().equals(figure.benchmark()))) {
                String method = figure.benchmark().substring(figure.benchmark().lastIndexOf('.') + 1);
                name.insert(0, method + (name.isEmpty() ? "" : " "));
            }
            units.add(figure.unit());
            put(series, colour == null ? "" : figure.parameter(colour), name.toString(), figure.score());
        }
        return svg(suite.title, String.join(", ", units), series, true, 0);
    }

    private static void put(Map<String, Map<String, Double>> series, String name, String group, double value) {
        series.computeIfAbsent(name, n -> new LinkedHashMap<>()).put(group, value);
    }

    private static String svg(String title, String unit, Map<String, Map<String, Double>> series, boolean logarithmic,
            double line) throws IOException {
        Set<String> groups = new LinkedHashSet<>();
        series.values().forEach(values -> groups.addAll(values.keySet()));
        double least = Double.MAX_VALUE;
        double most = line;
        for (Map<String, Double> values : series.values()) {
            for (double value : values.values()) {
                least = value > 0 ? Math.min(least, value) : least;
                most = Math.max(most, value);
            }
        }
        if (groups.isEmpty() || most <= 0) {
            return "";
        }
        CategoryChart chart = new CategoryChartBuilder().width(260 + BAR_GROUP_PIXELS * groups.size()).height(460)
                .title(title).yAxisTitle(unit).build();
        CategoryStyler styler = chart.getStyler();
        styler.setLegendPosition(LegendPosition.OutsideE);
        styler.setLegendVisible(series.size() > 1);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setAvailableSpaceFill(0.8);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setAnnotationLineColor(Color.RED);
        styler.setXAxisLabelRotation(60);
        styler.setYAxisLogarithmic(logarithmic);
        // A bar begins at the axis, which a logarithm never reaches: a power of ten below the least.
        styler.setYAxisMin(logarithmic ? Math.pow(10, Math.floor(Math.log10(least))) : 0);
        styler.setYAxisMax(logarithmic ? Math.pow(10, Math.ceil(Math.log10(most))) : most * 1.1);
        double floor = styler.getYAxisMin();
        series.forEach((name, values) -> {
            List<Double> heights = new ArrayList<>();
            groups.forEach(group -> heights.add(Math.max(floor, values.getOrDefault(group, 0.0))));
            chart.addSeries(name.isEmpty() ? unit : name, List.copyOf(groups), heights)
                    .setFillColor(COLOURS.getOrDefault(name, new Color(0x1f5fa8)));
        });
        if (line > 0) {
            chart.addAnnotation(new AnnotationLine(line, false, false));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
        String svg = bytes.toString(StandardCharsets.UTF_8);
        // In a page the element stands alone, without the document's first lines.
        return svg.substring(svg.indexOf("<svg"));
    }
}
