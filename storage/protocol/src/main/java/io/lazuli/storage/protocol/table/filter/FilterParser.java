package io.lazuli.storage.protocol.table.filter;

import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.protocol.table.DateTimes;
import io.lazuli.storage.protocol.table.Guids;
import io.lazuli.storage.protocol.table.TableErrors;
import io.lazuli.storage.protocol.table.json.PropertyNames;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads a {@code $filter}, by recursive descent:
 *
 * <pre>
 * or         = and *("or" and)
 * and        = term *("and" term)
 * term       = "not" term | operand [operator operand]
 * operand    = "(" or ")" | property | literal
 * operator   = "eq" | "ne" | "gt" | "ge" | "lt" | "le"
 * literal    = 'text' | number ["L" | "D" | "F"] | "NaN" | ["-"] "INF" | "true" | "false"
 *            | datetime'…' | guid'…' | X'…' | binary'…'
 * </pre>
 *
 * A comparison is between a property and a literal, on either side; a property alone is compared with true. The service documents
 * 15 comparisons as its limit, but is known to answer queries with more: the limit here is higher. Source: "Querying tables and
 * entities", OData 3.0 URI conventions 5.1.2.
 */
public final class FilterParser {

    static final int MAX_CHARS = 64 * 1024;
    static final int MAX_COMPARISONS = 256;
    static final int MAX_DEPTH = 64;

    private static final int MAX_INT64_CHARS = 20;
    private static final HexFormat HEX = HexFormat.of();

    /** What may stand on a side of an operator. */
    private sealed interface Operand {
        record Property(String name) implements Operand {}

        record Literal(EdmValue value) implements Operand {}

        record Expression(Filter filter) implements Operand {}
    }

    private final String text;
    private int at;
    private int depth;
    private int comparisons;

    private FilterParser(String text) {
        this.text = text;
    }

    /** @throws StorageException InvalidInput, with the position (from 1) where the filter ceases to be understood */
    public static Filter parse(String text) {
        if (text.length() > MAX_CHARS) {
            throw TableErrors.invalidInput("The filter is longer than " + MAX_CHARS + " characters.");
        }
        FilterParser parser = new FilterParser(text);
        Filter filter = parser.expression();
        parser.skipBlanks();
        if (parser.at < text.length()) {
            throw parser.error("an operator or the end is expected");
        }
        return filter;
    }

    private Filter expression() {
        return toFilter(or());
    }

    private Operand or() {
        Operand first = and();
        List<Filter> parts = null;
        while (takeWord("or")) {
            parts = parts == null ? new ArrayList<>(List.of(toFilter(first))) : parts;
            parts.add(toFilter(and()));
        }
        return parts == null ? first : new Operand.Expression(new Filter.Or(parts));
    }

    private Operand and() {
        Operand first = term();
        List<Filter> parts = null;
        while (takeWord("and")) {
            parts = parts == null ? new ArrayList<>(List.of(toFilter(first))) : parts;
            parts.add(toFilter(term()));
        }
        return parts == null ? first : new Operand.Expression(new Filter.And(parts));
    }

    private Operand term() {
        if (takeWord("not")) {
            deeper();
            Operand part = term();
            depth--;
            return new Operand.Expression(new Filter.Not(toFilter(part)));
        }
        Operand left = operand();
        Filter.Operator operator = takeOperator();
        if (operator == null) {
            return left;
        }
        int operatorAt = at;
        Operand right = operand();
        if (left instanceof Operand.Property property && right instanceof Operand.Literal literal) {
            return comparison(property.name(), operator, literal.value());
        }
        if (left instanceof Operand.Literal literal && right instanceof Operand.Property property) {
            return comparison(property.name(), operator.mirrored(), literal.value());
        }
        at = operatorAt;
        throw error("a comparison is between a property and a literal");
    }

    private Operand comparison(String property, Filter.Operator operator, EdmValue literal) {
        if (++comparisons > MAX_COMPARISONS) {
            throw error("there are more than " + MAX_COMPARISONS + " comparisons");
        }
        return new Operand.Expression(new Filter.Comparison(property, operator, literal));
    }

    private Filter toFilter(Operand operand) {
        return switch (operand) {
            case Operand.Expression expression -> expression.filter();
            case Operand.Property property -> toFilter(comparison(property.name(), Filter.Operator.EQ, new EdmValue.OfBoolean(true)));
            case Operand.Literal(EdmValue.OfBoolean flag) -> new Filter.Constant(flag.value());
            case Operand.Literal literal -> throw error("a literal is no condition");
        };
    }

    private Operand operand() {
        skipBlanks();
        if (at >= text.length()) {
            throw error("a property, a literal or a parenthesis is expected");
        }
        char c = text.charAt(at);
        if (c == '(') {
            at++;
            deeper();
            Operand inner = or();
            depth--;
            skipBlanks();
            if (at >= text.length() || text.charAt(at) != ')') {
                throw error("a closing parenthesis is expected");
            }
            at++;
            return inner;
        }
        if (c == '\'') {
            return new Operand.Literal(new EdmValue.OfString(quoted()));
        }
        if (c == '-' || c == '+' || c == '.' || c >= '0' && c <= '9') {
            return new Operand.Literal(number());
        }
        if (PropertyNames.isStart(c)) {
            return wordOperand();
        }
        throw error("a property, a literal or a parenthesis is expected");
    }

    private Operand wordOperand() {
        int start = at;
        String word = word();
        if (at < text.length() && text.charAt(at) == '\'') {
            return new Operand.Literal(typed(word, start));
        }
        return switch (word) {
            case "true" -> new Operand.Literal(new EdmValue.OfBoolean(true));
            case "false" -> new Operand.Literal(new EdmValue.OfBoolean(false));
            case "NaN" -> new Operand.Literal(new EdmValue.OfDouble(Double.NaN));
            case "INF", "Infinity" -> new Operand.Literal(new EdmValue.OfDouble(Double.POSITIVE_INFINITY));
            case "null", "and", "or", "not", "eq", "ne", "gt", "ge", "lt", "le" -> {
                at = start;
                throw error("'" + word + "' is not expected");
            }
            default -> new Operand.Property(word);
        };
    }

    private EdmValue typed(String prefix, int start) {
        String content = quoted();
        try {
            return switch (prefix) {
                case "datetime" -> new EdmValue.OfDateTime(DateTimes.parse(content));
                case "guid" -> new EdmValue.OfGuid(Guids.parse(content));
                case "X", "binary" -> new EdmValue.OfBinary(HEX.parseHex(content));
                default -> throw new IllegalArgumentException(prefix);
            };
        } catch (IllegalArgumentException e) {
            at = start;
            throw error("this is no literal");
        }
    }

    /** With two quotes for one inside. */
    private String quoted() {
        int start = at;
        StringBuilder content = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\'') {
                if (at + 1 >= text.length() || text.charAt(at + 1) != '\'') {
                    at++;
                    return content.toString();
                }
                at++;
            } else if (Character.isHighSurrogate(c) && at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))) {
                content.append(c);
                c = text.charAt(++at);
            } else if (Character.isSurrogate(c)) {
                throw error("this is half of a surrogate pair");
            }
            content.append(c);
        }
        at = start;
        throw error("a quote has no end");
    }

    private EdmValue number() {
        int start = at;
        if (text.startsWith("-INF", at) || text.startsWith("-Infinity", at)) {
            at += text.startsWith("-Infinity", at) ? "-Infinity".length() : "-INF".length();
            return new EdmValue.OfDouble(Double.NEGATIVE_INFINITY);
        }
        boolean fraction = false;
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean exponentSign = (c == '-' || c == '+') && (text.charAt(at - 1) == 'e' || text.charAt(at - 1) == 'E');
            if (c == '.' || c == 'e' || c == 'E' || exponentSign) {
                fraction = true;
            } else if (c < '0' || c > '9') {
                break;
            }
        }
        String digits = text.substring(start, at);
        char suffix = at < text.length() && PropertyNames.isPart(text.charAt(at)) ? text.charAt(at++) : ' ';
        try {
            EdmValue value = switch (suffix) {
                case 'L', 'l' -> new EdmValue.OfInt64(Long.parseLong(digits));
                case 'D', 'd', 'F', 'f' -> new EdmValue.OfDouble(Double.parseDouble(digits));
                case ' ' -> fraction ? new EdmValue.OfDouble(Double.parseDouble(digits)) : integer(digits);
                default -> null;
            };
            if (value != null && (at >= text.length() || !PropertyNames.isPart(text.charAt(at)))) {
                return value;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        at = start;
        throw error("this is no number");
    }

    private static EdmValue integer(String digits) {
        if (digits.length() > MAX_INT64_CHARS) {
            return new EdmValue.OfDouble(Double.parseDouble(digits));
        }
        long value = Long.parseLong(digits);
        return (int) value == value ? new EdmValue.OfInt32((int) value) : new EdmValue.OfInt64(value);
    }

    private Filter.Operator takeOperator() {
        skipBlanks();
        int start = at;
        Filter.Operator operator = at < text.length() && PropertyNames.isStart(text.charAt(at)) ? Filter.Operator.of(word()) : null;
        if (operator == null) {
            at = start;
        }
        return operator;
    }

    private boolean takeWord(String wanted) {
        skipBlanks();
        int end = at + wanted.length();
        if (!text.startsWith(wanted, at) || end < text.length() && (PropertyNames.isPart(text.charAt(end)) || text.charAt(end) == '\'')) {
            return false;
        }
        at = end;
        return true;
    }

    private String word() {
        int start = at;
        while (at < text.length() && PropertyNames.isPart(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t' || text.charAt(at) == '\r' || text.charAt(at) == '\n')) {
            at++;
        }
    }

    private void deeper() {
        if (++depth > MAX_DEPTH) {
            throw error("it is nested more than " + MAX_DEPTH + " deep");
        }
    }

    private StorageException error(String problem) {
        return TableErrors.invalidInput("Syntax error at position " + (at + 1) + " in the filter: " + problem + ".");
    }
}
