package dev.reprise.proptest.run;

import java.util.Map;
import java.util.TreeMap;

/** Counts by name of what a set of runs has met, so that a property that holds of nothing is seen. Any thread. */
public final class Coverage {

    private static final int LINE = 110;

    private final TreeMap<String, Long> counts = new TreeMap<>();

    public void add(String name) {
        add(name, 1);
    }

    public synchronized void add(String name, long count) {
        counts.merge(name, count, Long::sum);
    }

    void addAll(Map<String, Long> events) {
        events.forEach(this::add);
    }

    public synchronized long count(String name) {
        return counts.getOrDefault(name, 0L);
    }

    /** Names and counts, sorted by name, in lines of about a hundred characters. */
    public synchronized String report() {
        StringBuilder text = new StringBuilder();
        int lineStart = 0;
        for (Map.Entry<String, Long> entry : counts.entrySet()) {
            String item = entry.getKey() + " " + entry.getValue();
            if (text.length() - lineStart + item.length() > LINE) {
                text.append('\n');
                lineStart = text.length();
            }
            text.append(text.length() == lineStart ? "    " : ", ").append(item);
        }
        return text.append('\n').toString();
    }
}
