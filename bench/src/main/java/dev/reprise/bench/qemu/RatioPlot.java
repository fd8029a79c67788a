package dev.reprise.bench.qemu;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Bars of our times as multiples of those of QEMU's recording, a line at 1; drawn by XChart as SVG. */
final class RatioPlot {

    private static final int BAR_GROUP_PIXELS = 90;
    private static final Map<Peer, Color> COLOURS = Map.of(Peer.QEMU, new Color(0xb0b0b0), Peer.RUN,
            new Color(0x4c9be8), Peer.RECORD, new Color(0x1f5fa8), Peer.REPLAY, new Color(0x58a55c));

    private RatioPlot() {}

    /**
     * Writes the chart of all guests of some kinds, unless none of them has a ratio.
     *
     * @return whether there was anything to draw
     */
    static boolean write(Path file, String title, Results results, List<GuestProgram.Kind> kinds) throws IOException {
        List<GuestProgram> guests = results.guests().stream().filter(guest -> kinds.contains(guest.kind()))
                .filter(guest -> results.seconds(guest, Results.BASE) != null).toList();
        if (guests.isEmpty()) {
            return false;
        }
        VectorGraphicsEncoder.saveVectorGraphic(chart(title, results, guests), file.toString(), VectorGraphicsFormat.SVG);
        return true;
    }

    private static CategoryChart chart(String title, Results results, List<GuestProgram> guests) {
        CategoryChart chart = new CategoryChartBuilder().width(300 + BAR_GROUP_PIXELS * guests.size()).height(420)
                .title(title).yAxisTitle("times QEMU record").build();
        CategoryStyler styler = chart.getStyler();
        styler.setLegendPosition(LegendPosition.OutsideE);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setAvailableSpaceFill(0.8);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setAnnotationLineColor(Color.BLACK);
        styler.setYAxisMin(0.0);
        styler.setYAxisDecimalPattern("0.0");
        double highest = 1;
        List<String> names = guests.stream().map(GuestProgram::name).toList();
        for (Peer peer : List.of(Peer.QEMU, Peer.RUN, Peer.RECORD, Peer.REPLAY)) {
            List<Double> ratios = new ArrayList<>();
            guests.forEach(guest -> ratios.add(results.ratio(guest, peer).orElse(0)));
            if (ratios.stream().anyMatch(ratio -> ratio > 0)) {
                highest = Math.max(highest, Collections.max(ratios));
                chart.addSeries(peer.title, names, ratios).setFillColor(COLOURS.get(peer));
            }
        }
        chart.addAnnotation(new AnnotationLine(1, false, false));
        styler.setYAxisMax(highest * 1.1);
        return chart;
    }
}
