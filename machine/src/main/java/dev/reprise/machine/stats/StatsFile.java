package dev.reprise.machine.stats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what {@link RunStats} has written. */
public final class StatsFile {

    private StatsFile() {}

    /** Every value as text, by its name; a field of an inner object has its objects' names, each with a dot, before its own. */
    public static SortedMap<String, String> fields(Path file) throws IOException {
        SortedMap<String, String> fields = new TreeMap<>();
        try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
            ArrayDeque<String> outer = new ArrayDeque<>();
            String prefix = "";
            String name = null;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                switch (token) {
                    case FIELD_NAME -> name = json.currentName();
                    case START_OBJECT -> {
                        outer.push(prefix);
                        prefix = name == null ? "" : prefix + name + ".";
                    }
                    case END_OBJECT -> prefix = outer.pop();
                    case VALUE_NULL -> fields.put(prefix + name, null);
                    default -> {
                        if (token.isScalarValue()) {
                            fields.put(prefix + name, json.getText());
                        }
                    }
                }
            }
        }
        return fields;
    }
}
