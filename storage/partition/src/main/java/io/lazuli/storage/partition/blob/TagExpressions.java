package io.lazuli.storage.partition.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Reads tag expressions.
 *
 * <pre>
 * or         = and { OR and }                          OR in conditions only
 * and        = comparison { AND comparison }
 * comparison = key op 'text'     op: = &lt; &lt;= &gt; &gt;=, in conditions also &lt;&gt;
 * key        = letters, digits and _, or "anything", or @container (searches only, with =)
 * </pre>
 *
 * <p>Texts compare by their characters; a quotation mark in a text is doubled. A tag that a blob does not have fulfils {@code <>} only. A
 * condition's comparisons may stand in parentheses. Bounded: {@value #MAX_CHARS} characters, {@value #MAX_COMPARISONS} comparisons.
 */
public final class TagExpressions {

    static final int MAX_CHARS = 8 << 10;
    static final int MAX_COMPARISONS = 50;
    private static final int MAX_DEPTH = 10;
    private static final String CONTAINER = "@container";

    private enum Dialect {
        SEARCH,
        CONDITION
    }

    private record Comparison(String key, String value, IntPredicate holds, boolean ifAbsent) implements TagExpression {

        @Override
        public boolean matches(Map<String, String> tags) {
            String tag = tags.get(key);
            return tag == null ? ifAbsent : holds.test(tag.compareTo(value));
        }

        @Override
        public Set<String> keys() {
            return Set.of(key);
        }

        @Override
        public String container() {
            return null;
        }
    }

    private record InContainer(String container) implements TagExpression {

        @Override
        public boolean matches(Map<String, String> tags) {
            return true;
        }

        @Override
        public Set<String> keys() {
            return Set.of();
        }
    }

    private record All(List<TagExpression> parts) implements TagExpression {

        @Override
        public boolean matches(Map<String, String> tags) {
            return parts.stream().allMatch(part -> part.matches(tags));
        }

        @Override
        public Set<String> keys() {
            return keysOf(parts);
        }

        @Override
        public String container() {
            return parts.stream().map(TagExpression::container).filter(name -> name != null).findFirst().orElse(null);
        }
    }

    private record Any(List<TagExpression> parts) implements TagExpression {

        @Override
        public boolean matches(Map<String, String> tags) {
            return parts.stream().anyMatch(part -> part.matches(tags));
        }

        @Override
        public Set<String> keys() {
            return keysOf(parts);
        }

        @Override
        public String container() {
            return null;
        }
    }

    private static final class Malformed extends RuntimeException {

        private Malformed() {
            super("no tag expression", null, false, false);
        }
    }

    private final String text;
    private final Dialect dialect;
    private int at;
    private int comparisons;

    private TagExpressions(String text, Dialect dialect) {
        this.text = text;
        this.dialect = dialect;
    }

    /** The {@code where} of Find Blobs by Tags. @throws StorageException InvalidQueryParameterValue */
    public static TagExpression ofSearch(String text) {
        try {
            return new TagExpressions(text, Dialect.SEARCH).whole();
        } catch (Malformed e) {
            throw new StorageException(
                    StorageErrorCode.INVALID_QUERY_PARAMETER_VALUE, Map.of("QueryParameterName", "where", "QueryParameterValue", text));
        }
    }

    /** The value of {@code x-ms-if-tags}. @throws StorageException InvalidHeaderValue */
    public static TagExpression ofCondition(String text) {
        try {
            return new TagExpressions(text, Dialect.CONDITION).whole();
        } catch (Malformed e) {
            throw new StorageException(StorageErrorCode.INVALID_HEADER_VALUE, Map.of("HeaderName", "x-ms-if-tags", "HeaderValue", text));
        }
    }

    private TagExpression whole() {
        require(text.length() <= MAX_CHARS);
        TagExpression expression = or(0);
        skipBlanks();
        require(at == text.length());
        return expression;
    }

    private TagExpression or(int depth) {
        List<TagExpression> parts = new ArrayList<>();
        parts.add(and(depth));
        while (dialect == Dialect.CONDITION && word("OR")) {
            parts.add(and(depth));
        }
        return parts.size() == 1 ? parts.get(0) : new Any(parts);
    }

    private TagExpression and(int depth) {
        List<TagExpression> parts = new ArrayList<>();
        parts.add(primary(depth));
        while (word("AND")) {
            parts.add(primary(depth));
        }
        return parts.size() == 1 ? parts.get(0) : new All(parts);
    }

    private TagExpression primary(int depth) {
        skipBlanks();
        if (dialect == Dialect.CONDITION && at < text.length() && text.charAt(at) == '(') {
            require(depth < MAX_DEPTH);
            at++;
            TagExpression inner = or(depth + 1);
            skipBlanks();
            require(at < text.length() && text.charAt(at) == ')');
            at++;
            return inner;
        }
        return comparison();
    }

    private TagExpression comparison() {
        require(++comparisons <= MAX_COMPARISONS);
        String key = key();
        String operator = operator();
        String value = value();
        if (key.equals(CONTAINER)) {
            require(dialect == Dialect.SEARCH && operator.equals("="));
            return new InContainer(value);
        }
        return switch (operator) {
            case "=" -> new Comparison(key, value, order -> order == 0, false);
            case "<>" -> new Comparison(key, value, order -> order != 0, true);
            case "<" -> new Comparison(key, value, order -> order < 0, false);
            case "<=" -> new Comparison(key, value, order -> order <= 0, false);
            case ">" -> new Comparison(key, value, order -> order > 0, false);
            case ">=" -> new Comparison(key, value, order -> order >= 0, false);
            default -> throw new Malformed();
        };
    }

    private String key() {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == '"') {
            String quoted = quoted('"');
            require(!quoted.isEmpty() && !quoted.equals(CONTAINER));
            return quoted;
        }
        int from = at;
        if (at < text.length() && text.charAt(at) == '@') {
            at++;
        }
        while (at < text.length() && (isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        String key = text.substring(from, at);
        require(!key.isEmpty() && (key.charAt(0) != '@' || key.equals(CONTAINER)));
        return key;
    }

    private String operator() {
        skipBlanks();
        int from = at;
        while (at < text.length() && "<>=".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String operator = text.substring(from, at);
        require(!operator.equals("<>") || dialect == Dialect.CONDITION);
        return operator;
    }

    private String value() {
        skipBlanks();
        require(at < text.length() && text.charAt(at) == '\'');
        return quoted('\'');
    }

    private String quoted(char mark) {
        StringBuilder value = new StringBuilder();
        at++;
        while (true) {
            int end = text.indexOf(mark, at);
            require(end >= 0);
            value.append(text, at, end);
            at = end + 1;
            if (at == text.length() || text.charAt(at) != mark) {
                return value.toString();
            }
            value.append(mark);
            at++;
        }
    }

    /** Whether this word comes next; if so it is read. */
    private boolean word(String word) {
        skipBlanks();
        int end = at + word.length();
        boolean next = end <= text.length() && text.substring(at, end).toUpperCase(Locale.ROOT).equals(word)
                && (end == text.length() || !isLetterOrDigit(text.charAt(end)));
        at = next ? end : at;
        return next;
    }

    private void skipBlanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private static Set<String> keysOf(List<TagExpression> parts) {
        return parts.stream().flatMap(part -> part.keys().stream()).collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new Malformed();
        }
    }
}
