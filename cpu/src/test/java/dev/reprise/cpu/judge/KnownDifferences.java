package dev.reprise.cpu.judge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** The file {@code known.differences}: the only place that keeps anything from being compared. */
final class KnownDifferences {
    private final TreeMap<Integer, Long> zeroBits = new TreeMap<>();
    private final TreeSet<Integer> volatileCsrs = new TreeSet<>();
    private final TreeSet<Integer> avoided = new TreeSet<>();
    private final TreeSet<String> rules = new TreeSet<>();
    private final List<String> lines = new ArrayList<>();

    KnownDifferences() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                KnownDifferences.class.getResourceAsStream("known.differences"), StandardCharsets.US_ASCII))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    lines.add(line);
                    parse(line.split(" *\\| *"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void parse(String[] columns) {
        if (columns.length != 5 || columns[3].isBlank() || columns[4].isBlank()) {
            throw new IllegalStateException("a known difference needs a reason and a section: " + String.join("|", columns));
        }
        switch (columns[0]) {
            case "zero" -> {
                TreeSet<Integer> csrs = new TreeSet<>();
                addRange(csrs, columns[1]);
                long bits = Long.parseUnsignedLong(columns[2].substring(2), 16);
                csrs.forEach(csr -> zeroBits.merge(csr, bits, (a, b) -> a | b));
            }
            case "volatile" -> addRange(volatileCsrs, columns[1]);
            case "avoid" -> addRange(avoided, columns[1]);
            case "rule" -> rules.add(columns[1]);
            default -> throw new IllegalStateException("unknown kind of difference: " + columns[0]);
        }
    }

    private static void addRange(TreeSet<Integer> set, String range) {
        String[] ends = range.split("-");
        for (int csr = Integer.decode(ends[0]); csr <= Integer.decode(ends[ends.length - 1]); csr++) {
            set.add(csr);
        }
    }

    /** The value with the bits cleared that must not be written to this CSR. */
    long writable(int csr, long value) {
        return value & ~zeroBits.getOrDefault(csr, 0L);
    }

    boolean isVolatile(int csr) {
        return volatileCsrs.contains(csr);
    }

    boolean isAvoided(int csr) {
        return avoided.contains(csr);
    }

    boolean rule(String name) {
        return rules.contains(name);
    }

    List<String> lines() {
        return lines;
    }
}
