package dev.reprise.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table *benchmark | cost centre | why it matters* in this module's README.md. */
class BenchmarkTableTest {

    @Test
    void shouldHaveOneRowForEachBenchmarkAndNoOther() throws IOException {
        List<String> rows = new ArrayList<>();
        for (String[] row : rows()) {
            rows.add(row[0]);
        }
        List<String> benchmarks = Benchmarks.all().stream().map(Benchmarks::name).toList();
        assertEquals(benchmarks.size(), rows.size(), () -> "rows: " + rows);
        assertEquals(new TreeSet<>(benchmarks), new TreeSet<>(rows));
    }

    @Test
    void shouldNameTheCostCentreAndTheReasonInEveryRow() throws IOException {
        for (String[] row : rows()) {
            assertEquals(3, row.length, () -> "cells of the row of " + row[0]);
            assertFalse(row[1].isBlank() || row[2].isBlank(), () -> "an empty cell in the row of " + row[0]);
        }
    }

    /** Cells of the rows that begin with a benchmark's name in code font. */
    private static List<String[]> rows() throws IOException {
        List<String[]> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            if (line.startsWith("| `")) {
                String[] cells = line.substring(1, line.lastIndexOf('|')).split("\\|");
                for (int i = 0; i < cells.length; i++) {
                    cells[i] = cells[i].strip();
                }
                cells[0] = cells[0].replace("`", "");
                rows.add(cells);
            }
        }
        return rows;
    }
}
