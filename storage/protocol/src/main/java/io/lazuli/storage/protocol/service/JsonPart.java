package io.lazuli.storage.protocol.service;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.lazuli.storage.protocol.service.LifecyclePolicy.Malformed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A value within a JSON document that is read strictly: it knows where it is, for messages. Bounded by the document's length, which is its reader's to
 * check, and by nesting.
 *
 * @param value a Map by name, a List, a String, a Long, a Boolean, or null for null and for fractions
 */
record JsonPart(String at, Object value) {

    private static final int MAX_NESTING = 16;
    private static final int MAX_NUMBER_CHARS = 18;
    private static final int MAX_ECHOED_CHARS = 64;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).maxNumberLength(MAX_NUMBER_CHARS).build())
            .build();

    /** @throws Malformed if it is no JSON */
    static JsonPart read(byte[] json) {
        try (JsonParser in = FACTORY.createParser(json)) {
            in.nextToken();
            JsonPart whole = new JsonPart("", value(in));
            if (in.nextToken() != null) {
                throw new Malformed("the document goes on behind its end");
            }
            return whole;
        } catch (JsonProcessingException e) {
            throw new Malformed("this is no JSON: " + e.getOriginalMessage()
                    + (e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")"));
        } catch (IOException e) {
            // bytes in memory fail only by what they are
            throw new Malformed("this is no well-formed Unicode");
        }
    }

    private static Object value(JsonParser in) throws IOException {
        JsonToken token = in.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> members = new LinkedHashMap<>();
                for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                    in.nextToken();
                    members.put(name, value(in));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(in));
                }
                yield items;
            }
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> in.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case null -> throw new Malformed("there is nothing");
            default -> null;
        };
    }

    Malformed wrong(String why) {
        return new Malformed((at.isEmpty() ? "the document" : at) + ": " + why);
    }

    /** Itself, if it is an object that has no other members than these. */
    JsonPart object(String... known) {
        for (String name : members().keySet()) {
            if (!Set.of(known).contains(name)) {
                String echoed = name.length() > MAX_ECHOED_CHARS ? name.substring(0, MAX_ECHOED_CHARS) + "…" : name;
                throw wrong("'" + echoed + "' is not known here; there can be " + String.join(", ", known));
            }
        }
        return this;
    }

    JsonPart required(String name) {
        return optional(name).orElseThrow(() -> wrong("'" + name + "' is missing"));
    }

    Optional<JsonPart> optional(String name) {
        return members().containsKey(name) ? Optional.of(new JsonPart(at.isEmpty() ? name : at + "." + name, members().get(name))) : Optional.empty();
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> members() {
        if (value instanceof Map<?, ?> members) {
            return (Map<String, Object>) members;
        }
        throw wrong("must be an object");
    }

    List<JsonPart> items(int max) {
        if (!(value instanceof List<?> items)) {
            throw wrong("must be an array");
        }
        if (items.size() > max) {
            throw wrong("there can be " + max + " at most");
        }
        List<JsonPart> parts = new ArrayList<>();
        items.forEach(item -> parts.add(new JsonPart(at + "[" + parts.size() + "]", item)));
        return parts;
    }

    String text() {
        if (value instanceof String text) {
            return text;
        }
        throw wrong("must be a string");
    }

    boolean flag() {
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong("must be true or false");
    }

    long number(long min, long max) {
        if (value instanceof Long number && number >= min && number <= max) {
            return number;
        }
        throw wrong("must be a whole number from " + min + " to " + max);
    }
}
