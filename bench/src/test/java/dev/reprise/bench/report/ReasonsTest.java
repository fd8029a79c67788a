package dev.reprise.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reprise.bench.cpu.InstructionClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table of the classes of instructions in this module's README.md. */
class ReasonsTest {

    private static final String HEADER = "| class | interpreter | times slower | translator | times slower | why |";

    @Test
    void shouldSayInTheTableWhatTheReportSays() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("README.md"));
        Map<String, String> reasons = new LinkedHashMap<>();
        int first = lines.indexOf(HEADER) + 2;
        for (String line : lines.subList(first, lines.size())) {
            if (!line.startsWith("|")) {
                break;
            }
            String[] cells = line.split("\\|", -1);
            assertEquals(8, cells.length, line);
            reasons.put(cells[1].strip(), cells[6].strip());
        }
        assertEquals(InstructionClasses.reasons().toString(), reasons.toString());
    }
}
