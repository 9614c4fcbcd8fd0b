package io.lazuli.security;

import java.util.ArrayList;
import java.util.List;

/**
 * A request's query parameters, decoded once, in the order in which they came. Names are compared without regard to
 * case, as the storage services do. Bounded by {@link #MAX_PARAMETERS}. Immutable.
 */
public final class QueryString {

    public static final int MAX_PARAMETERS = 100;

    private static final QueryString EMPTY = new QueryString(List.of());

    /** @param rawValue as it was sent, still escaped */
    public record Parameter(String name, String value, String rawValue) {}

    private final List<Parameter> parameters;

    private QueryString(List<Parameter> parameters) {
        this.parameters = parameters;
    }

    public static QueryString empty() {
        return EMPTY;
    }

    /**
     * @param raw what follows the question mark, or null
     * @throws IllegalArgumentException if it has a broken escape or too many parameters
     */
    public static QueryString parse(String raw) {
        if (raw == null || raw.isEmpty()) {
            return EMPTY;
        }
        List<Parameter> parameters = new ArrayList<>(12);
        int start = 0;
        while (start < raw.length()) {
            int end = raw.indexOf('&', start);
            if (end < 0) {
                end = raw.length();
            }
            if (end > start) {
                if (parameters.size() == MAX_PARAMETERS) {
                    throw new IllegalArgumentException("more than " + MAX_PARAMETERS + " query parameters");
                }
                int equals = raw.indexOf('=', start);
                if (equals < 0 || equals > end) {
                    parameters.add(new Parameter(PercentCoding.decode(raw, start, end), "", ""));
                } else {
                    parameters.add(new Parameter(
                            PercentCoding.decode(raw, start, equals),
                            PercentCoding.decode(raw, equals + 1, end),
                            raw.substring(equals + 1, end)));
                }
            }
            start = end + 1;
        }
        return new QueryString(List.copyOf(parameters));
    }

    /** The first value of that name, or null. */
    public String first(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name.equalsIgnoreCase(name)) {
                return parameter.value;
            }
        }
        return null;
    }

    public List<Parameter> parameters() {
        return parameters;
    }
}
