package dev.reprise.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.reprise.bench.cpu.InstructionClasses;
import dev.reprise.bench.machine.ScriptMain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report: what it measures, writes, compares and complains about. */
class BenchReportTest {

    @TempDir
    private Path folder;

    private final StringWriter tables = new StringWriter();
    private final StringWriter progress = new StringWriter();

    private int run(String... arguments) {
        return ScriptMain.of(new BenchReport()).setOut(new PrintWriter(tables, true)).setErr(new PrintWriter(progress, true))
                .execute(arguments);
    }

    private static Figure figure(String benchmark, Map<String, String> parameters, String unit, double score, double error) {
        return new Figure(benchmark, new TreeMap<>(parameters), unit, score, score - error, score + error, 15, 0);
    }

    private static Figure mips(String program, String executor, double score) {
        return figure("InstructionBenchmark.run", Map.of("program", program, "executor", executor), "ops/us", score, 1);
    }

    private static Figure burst(String mode, double ns) {
        return figure("GuestEventBenchmark.burst", Map.of("event", "input", "executor", "translator", "mode", mode), "ns/op",
                ns, 1);
    }

    private static Report report(Figure... figures) {
        Report report = Report.empty();
        for (String name : List.of("begun", "cpu", "effort", "jdk", "kernel", "loadBefore")) {
            report.surroundings().put(name, "a \"<" + name + ">\"");
        }
        report.figures().addAll(List.of(figures));
        return report;
    }

    private Path write(String name, Report report) throws IOException {
        Path file = folder.resolve(name);
        ReportFile.write(file, ReportFile.json(report));
        return file;
    }

    private static void assertValid(String json) throws IOException {
        try (var schema = Report.class.getResourceAsStream("report.schema.json")) {
            JsonSchema compiled = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
            assertEquals("[]", compiled.validate(json, InputFormat.JSON).toString());
        }
    }

    @Test
    void shouldMeasureAndWriteTablesAndChartsAndWhatAProgramReads() throws IOException {
        int status = run("--tiny", "--suites", "instructions,dispatch,translation", "-p", "program=integer,bits", "-p",
                "way=nextBlock", "--out", folder.toString());
        assertTrue(status == 0 || status == 1, () -> progress.toString());
        String json = Files.readString(folder.resolve("report.json"));
        assertValid(json);
        Report read = ReportFile.read(folder.resolve("report.json"));
        assertEquals(4, read.of(Suite.INSTRUCTIONS).size());
        assertEquals(4, read.of(Suite.DISPATCH).size());
        assertEquals(18, read.of(Suite.TRANSLATION).size(), "three sizes of code of two kinds, each with two counters");
        assertTrue(progress.toString().contains("[4/14, "), progress.toString());
        String page = Files.readString(folder.resolve("report.html"));
        assertEquals(2 + 1 + 1, page.split("<svg", -1).length - 1, "charts");
        assertTrue(page.contains("DispatchBenchmark.go"), page);
        assertTrue(tables.toString().contains("bits"), tables.toString());
    }

    @Test
    void shouldReadWhatItWrote() throws IOException {
        Report report = report(mips("integer", "translator", 5000), burst("OFF", 20));
        assertValid(ReportFile.json(report));
        Report read = ReportFile.read(write("a.json", report));
        assertEquals(report.figures(), read.figures());
        assertEquals(report.surroundings(), new TreeMap<>(read.surroundings()));
    }

    @Test
    void shouldRefuseWhatIsNoReport() throws IOException {
        Path file = Files.writeString(folder.resolve("other.json"), "{\"version\": 2, \"figures\": []}");
        assertTrue(assertThrows(IOException.class, () -> ReportFile.read(file)).getMessage().contains("version 2"));
        Files.writeString(file, "{\"figures\": [{\"benchmark\": \"a.b\"}]}");
        assertThrows(IOException.class, () -> ReportFile.read(file));
        Files.writeString(file, "[]");
        assertThrows(IOException.class, () -> ReportFile.read(file));
        assertEquals(2, run("--from", file.toString(), "--out", folder.toString()));
    }

    @Test
    void shouldMarkADifferenceThatIsOutsideBothIntervalsAndNoOther() {
        Figure before = figure("A.b", Map.of(), "ns/op", 100, 5);
        assertEquals(Difference.WORSE, Difference.of(before, figure("A.b", Map.of(), "ns/op", 110, 5)));
        assertEquals(Difference.BETTER, Difference.of(before, figure("A.b", Map.of(), "ns/op", 90, 5)));
        assertEquals(Difference.NONE, Difference.of(before, figure("A.b", Map.of(), "ns/op", 104, 1)), "within the first");
        assertEquals(Difference.NONE, Difference.of(before, figure("A.b", Map.of(), "ns/op", 110, 11)), "within the second");
        assertEquals(Difference.NEW, Difference.of(before, figure("A.b", Map.of(), "us/op", 1, 0)));
        assertEquals(Difference.NEW, Difference.of(null, before));
        Figure fast = figure("A.b", Map.of(), "ops/us", 100, 5);
        assertEquals(Difference.BETTER, Difference.of(fast, figure("A.b", Map.of(), "ops/us", 110, 5)));
    }

    @Test
    void shouldCompareWithAnEarlierReport() throws IOException {
        Path before = write("before.json", report(mips("integer", "translator", 5000), mips("bits", "translator", 4000)));
        Path now = write("now.json", report(mips("integer", "translator", 5000), mips("bits", "translator", 3000)));
        assertEquals(0, run("--from", now.toString(), "--compare", before.toString(), "--out", folder.toString()));
        assertTrue(tables.toString().contains("WORSE: InstructionBenchmark.run executor=translator program=bits: 4,000"
                + " before, now 3,000 ops/us (-25%)"), tables.toString());
        String page = Files.readString(folder.resolve("report.html"));
        assertTrue(page.contains("<b>WORSE</b> -25%"), page);
        assertTrue(page.contains("a &quot;&lt;cpu&gt;&quot;"), "what is not ours is escaped");
    }

    @Test
    void shouldFailIfAClassIsSlowAndNothingSaysWhy() throws IOException {
        Map<String, String> reasons = InstructionClasses.reasons();
        assertTrue(reasons.get("multiply").isEmpty() && !reasons.get("divide").isEmpty(), "other names are wanted here");
        Path explained = write("explained.json", report(mips("integer", "interpreter", 500), mips("multiply", "interpreter", 101),
                mips("integer", "translator", 5000), mips("divide", "translator", 500)));
        assertEquals(0, run("--from", explained.toString(), "--out", folder.toString()));
        Path slow = write("slow.json", report(mips("integer", "interpreter", 500), mips("multiply", "interpreter", 99)));
        assertEquals(1, run("--from", slow.toString(), "--out", folder.toString()));
        assertTrue(tables.toString().contains("FAILED: multiply is 5.05 times (interpreter)"), tables.toString());
    }

    @Test
    void shouldFailIfTheCompilerHasTakenTheWorkOutOfALoop() throws IOException {
        Path file = write("empty.json", report(mips("integer", "translator", 5000), mips("loads", "translator", 120_000)));
        assertEquals(1, run("--from", file.toString(), "--out", folder.toString()));
        assertTrue(tables.toString().contains("FAILED: loads makes 120,000 MIPS"), tables.toString());
    }

    @Test
    void shouldFailIfRecordingAnEventCostsTooMuch() throws IOException {
        Path cheap = write("cheap.json", report(burst("OFF", 200), burst("RECORD", 340)));
        assertEquals(0, run("--from", cheap.toString(), "--out", folder.toString()));
        Path dear = write("dear.json", report(burst("OFF", 200), burst("RECORD", 360)));
        assertEquals(1, run("--from", dear.toString(), "--out", folder.toString()));
        assertTrue(tables.toString().contains("recording costs 160 ns, more than 150"), tables.toString());
    }

    @Test
    void shouldRefuseASuiteThatThereIsNot() {
        assertEquals(2, run("--suites", "instruction"));
        assertTrue(progress.toString().contains("no such suite: instruction; there are instructions, "), progress.toString());
        assertFalse(Files.exists(folder.resolve("report.json")));
    }

    @Test
    void shouldHaveBenchmarksInEverySuite() throws Exception {
        for (Suite suite : Suite.values()) {
            for (String pattern : suite.patterns()) {
                var found = org.openjdk.jmh.runner.BenchmarkList.defaultList().find(new Progress(new PrintWriter(progress),
                        0, 0), List.of(pattern), List.of());
                assertFalse(found.isEmpty(), pattern);
                assertTrue(found.stream().allMatch(entry -> suite.has(figure(Measurer.name(entry.getUsername()), Map.of(),
                        "ns/op", 1, 0))), pattern);
            }
        }
    }
}
