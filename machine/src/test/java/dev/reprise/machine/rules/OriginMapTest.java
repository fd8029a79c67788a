package dev.reprise.machine.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The map of the origin in engine's package documentation: complete, and each test that it names is there. */
class OriginMapTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> MODULES = List.of("engine", "chardev", "proptest", "machine");

    /** The functions that must have a row: all of QEMU's interface. */
    private static final List<String> FUNCTIONS = List.of("configure, start, finish", "add blocker", "current step",
            "instructions to run", "account executed instructions", "exception", "has exception", "interrupt", "has interrupt",
            "save clock", "read clock", "cached clock", "shutdown request", "checkpoint", "enable, disable", "flush", "clear",
            "has events", "bottom half event", "one-shot bottom half event", "input event", "input sync event", "block event",
            "next block event id", "register char driver", "char be_write", "char write: save", "char write: load",
            "char read-all: load", "char read-all: save error", "char read-all: save buffer", "register net", "unregister net",
            "net packet event", "put byte, word, dword, qword", "put array", "get byte, word, dword, qword", "get array",
            "get array with allocation", "mutex", "check error", "finish event", "fetch data kind", "next event is");

    private static String sources(String fileName) throws IOException {
        for (String module : MODULES) {
            try (Stream<Path> all = Files.walk(ROOT.resolve(module).resolve("src"))) {
                List<Path> found = all.filter(f -> f.getFileName().toString().equals(fileName)).toList();
                if (!found.isEmpty()) {
                    return Files.readString(found.get(0));
                }
            }
        }
        return "";
    }

    @Test
    void shouldNameATestThatIsThereInEachRow() throws IOException {
        String page = Files.readString(ROOT.resolve("engine/src/main/java/dev/reprise/engine/package-info.java"));
        String map = page.substring(page.indexOf("A map of the origin")).replaceAll("\n \\* +", " ");
        List<String> missing = new ArrayList<>();
        Matcher rows = Pattern.compile("<tr><td>(.*?)</td> ?<td>(.*?)</td> ?<td>\\{@code (\\w+)\\.(\\w+)\\}</td></tr>").matcher(map);
        List<String> there = new ArrayList<>();
        while (rows.find()) {
            there.add(rows.group(1));
            assertTrue(rows.group(2).length() > 3, rows.group(1));
            if (!sources(rows.group(3) + ".java").contains("void " + rows.group(4) + "(")) {
                missing.add(rows.group(3) + "." + rows.group(4));
            }
        }
        assertEquals(List.of(), missing);
        assertEquals(map.split("<tr>").length - 2, there.size(), "each row has three cells");
        assertEquals(List.of(), FUNCTIONS.stream().filter(f -> there.stream().noneMatch(row -> row.contains(f))).toList());
    }
}
