package dev.reprise.machine.stats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The part of JSON Schema (2020-12) that this repository's schemas use. An unknown keyword is an error, so that a
 * schema cannot say more than is checked.
 */
public final class JsonSchema {

    private static final Set<String> KEYWORDS = Set.of("$schema", "title", "description", "type", "enum", "pattern",
            "minimum", "maximum", "required", "properties", "additionalProperties", "items");

    private final Map<?, ?> root;

    private JsonSchema(Map<?, ?> root) {
        this.root = root;
    }

    public static JsonSchema ofResource(String path) throws IOException {
        try (InputStream in = JsonSchema.class.getResourceAsStream(path)) {
            return new JsonSchema((Map<?, ?>) parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }

    /** What is wrong with the document, one line each; empty if nothing is. */
    public List<String> errors(String document) throws IOException {
        List<String> errors = new ArrayList<>();
        check(root, parse(document), "$", errors);
        return errors;
    }

    public static Object parse(String text) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            parser.nextToken();
            return value(parser);
        }
    }

    private static Object value(JsonParser p) throws IOException {
        switch (p.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (p.nextToken() != JsonToken.END_OBJECT) {
                    String name = p.currentName();
                    p.nextToken();
                    if (object.put(name, value(p)) != null) {
                        throw new IOException("twice: " + name);
                    }
                }
                return object;
            }
            case START_ARRAY -> {
                List<Object> array = new ArrayList<>();
                while (p.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(p));
                }
                return array;
            }
            case VALUE_NUMBER_INT -> {
                return p.getLongValue();
            }
            case VALUE_NUMBER_FLOAT -> {
                return p.getDoubleValue();
            }
            case VALUE_NULL -> {
                return null;
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return p.getBooleanValue();
            }
            default -> {
                return p.getText();
            }
        }
    }

    private static void check(Map<?, ?> schema, Object value, String at, List<String> errors) {
        for (Object keyword : schema.keySet()) {
            if (!KEYWORDS.contains(keyword)) {
                throw new IllegalArgumentException("keyword is not supported: " + keyword);
            }
        }
        Object type = schema.get("type");
        List<?> types = type instanceof List<?> list ? list : type == null ? List.of() : List.of(type);
        if (!types.isEmpty() && types.stream().noneMatch(t -> isA(t.toString(), value))) {
            errors.add(at + ": is no " + types + ": " + value);
            return;
        }
        if (schema.get("enum") instanceof List<?> allowed && !allowed.contains(value)) {
            errors.add(at + ": is none of " + allowed + ": " + value);
        }
        if (schema.get("pattern") instanceof String pattern && value instanceof String text
                && !Pattern.compile(pattern).matcher(text).find()) {
            errors.add(at + ": does not match " + pattern + ": " + text);
        }
        if (value instanceof Number number) {
            if (schema.get("minimum") instanceof Number least && number.doubleValue() < least.doubleValue()
                    || schema.get("maximum") instanceof Number most && number.doubleValue() > most.doubleValue()) {
                errors.add(at + ": out of range: " + number);
            }
        }
        if (value instanceof Map<?, ?> object) {
            checkObject(schema, object, at, errors);
        }
        if (value instanceof List<?> array && schema.get("items") instanceof Map<?, ?> items) {
            for (int i = 0; i < array.size(); i++) {
                check(items, array.get(i), at + "[" + i + "]", errors);
            }
        }
    }

    private static void checkObject(Map<?, ?> schema, Map<?, ?> object, String at, List<String> errors) {
        Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> map ? map : Map.of();
        if (schema.get("required") instanceof List<?> required) {
            required.stream().filter(name -> !object.containsKey(name)).forEach(name -> errors.add(at + ": lacks " + name));
        }
        object.forEach((name, inner) -> {
            String there = at + "." + name;
            if (properties.get(name) instanceof Map<?, ?> known) {
                check(known, inner, there, errors);
            } else if (schema.get("additionalProperties") instanceof Map<?, ?> others) {
                check(others, inner, there, errors);
            } else if (Boolean.FALSE.equals(schema.get("additionalProperties"))) {
                errors.add(there + ": is not in the schema");
            }
        });
    }

    private static boolean isA(String type, Object value) {
        return switch (type) {
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "integer" -> value instanceof Long;
            case "number" -> value instanceof Number;
            case "boolean" -> value instanceof Boolean;
            case "null" -> value == null;
            default -> throw new IllegalArgumentException("type is not supported: " + type);
        };
    }
}
