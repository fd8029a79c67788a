package dev.reprise.bench.report;

import dev.reprise.bench.qemu.TimeLeft;
import java.io.PrintWriter;
import java.util.Collection;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/** A line for each figure that is there, with the time that the others will take. */
final class Progress implements OutputFormat {

    private final PrintWriter to;
    private final int all;
    private final double expectedSeconds;
    private final long startNs = System.nanoTime();
    private int done;

    /**
     * @param all figures that there will be
     * @param expectedSeconds of each, until it is known better
     */
    Progress(PrintWriter to, int all, double expectedSeconds) {
        this.to = to;
        this.all = all;
        this.expectedSeconds = expectedSeconds;
    }

    void begin() {
        to.println(all + " figures, about " + TimeLeft.text(all * expectedSeconds));
        to.flush();
    }

    @Override
    public void endBenchmark(BenchmarkResult result) {
        done++;
        double each = (System.nanoTime() - startNs) / 1e9 / done;
        String what = "nothing";
        if (result != null) {
            Result<?> primary = result.getPrimaryResult();
            what = Measurer.name(result.getParams().getBenchmark()) + " "
                    + Figure.text(Measurer.parameters(result.getParams())) + ": " + Figure.text(primary.getScore()) + " " + primary.getScoreUnit();
        }
        to.println("[" + done + "/" + all + ", " + TimeLeft.text((all - done) * each) + " left] " + what);
        to.flush();
    }

    @Override
    public void iteration(BenchmarkParams benchmark, IterationParams iteration, int number) {
        // One line a figure is enough.
    }

    @Override
    public void iterationResult(BenchmarkParams benchmark, IterationParams iteration, int number, IterationResult result) {
        // One line a figure is enough.
    }

    @Override
    public void startBenchmark(BenchmarkParams benchmark) {
        // Its end is told.
    }

    @Override
    public void startRun() {
        // One of several.
    }

    @Override
    public void endRun(Collection<RunResult> results) {
        // One of several.
    }

    @Override
    public void print(String text) {
        // What a fork says is of interest to nobody, and a failure comes as an exception.
    }

    @Override
    public void println(String text) {
        // As above.
    }

    @Override
    public void verbosePrintln(String text) {
        // As above.
    }

    @Override
    public void write(int value) {
        // As above.
    }

    @Override
    public void write(byte[] bytes) {
        // As above.
    }

    @Override
    public void flush() {
        to.flush();
    }

    @Override
    public void close() {
        // Standard error stays open.
    }
}
