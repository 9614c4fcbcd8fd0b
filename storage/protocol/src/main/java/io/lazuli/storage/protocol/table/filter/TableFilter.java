package io.lazuli.storage.protocol.table.filter;

import io.lazuli.storage.partition.table.EdmValue;
import java.util.List;
import java.util.Locale;

/**
 * A filter over the names of tables, which ignore case as the names do. The names that can match lie between two lower-case names.
 * Source: "Query Tables", "Querying tables and entities".
 *
 * @param fromInclusive empty for the first table
 * @param toExclusive null for the last
 */
public record TableFilter(Filter filter, String fromInclusive, String toExclusive) {

    private static final String NAME = "TableName";

    /** @param filter as parsed, null for all tables */
    public static TableFilter of(Filter filter) {
        if (filter == null) {
            return new TableFilter(new Filter.Constant(true), "", null);
        }
        Filter lowerCase = lowerCase(filter);
        Bounds bounds = bounds(lowerCase);
        return new TableFilter(lowerCase, bounds.from, bounds.to);
    }

    public boolean matches(String table) {
        EdmValue name = new EdmValue.OfString(table.toLowerCase(Locale.ROOT));
        return filter.matches(property -> property.equals(NAME) ? name : null);
    }

    private static Filter lowerCase(Filter filter) {
        return switch (filter) {
            case Filter.Constant constant -> constant;
            case Filter.Not not -> new Filter.Not(lowerCase(not.part()));
            case Filter.And and -> new Filter.And(lowerCase(and.parts()));
            case Filter.Or or -> new Filter.Or(lowerCase(or.parts()));
            case Filter.Comparison comparison when comparison.literal() instanceof EdmValue.OfString name ->
                    new Filter.Comparison(comparison.property(), comparison.operator(), new EdmValue.OfString(name.value().toLowerCase(Locale.ROOT)));
            case Filter.Comparison comparison -> comparison;
        };
    }

    private static List<Filter> lowerCase(List<Filter> parts) {
        return parts.stream().map(TableFilter::lowerCase).toList();
    }

    private record Bounds(String from, String to) {
        static final Bounds ALL = new Bounds("", null);
    }

    /** Only conditions that hold together narrow. */
    private static Bounds bounds(Filter filter) {
        return switch (filter) {
            case Filter.And and -> and.parts().stream().map(TableFilter::bounds).reduce(Bounds.ALL, TableFilter::intersect);
            case Filter.Comparison(String property, Filter.Operator operator, EdmValue.OfString name) when property.equals(NAME) -> switch (operator) {
                case EQ -> new Bounds(name.value(), name.value() + '\0');
                case GT, GE -> new Bounds(name.value(), null);
                case LT -> new Bounds("", name.value());
                case LE -> new Bounds("", name.value() + '\0');
                case NE -> Bounds.ALL;
            };
            case Filter.Comparison comparison -> Bounds.ALL;
            case Filter.Or or -> Bounds.ALL;
            case Filter.Not not -> Bounds.ALL;
            case Filter.Constant constant -> Bounds.ALL;
        };
    }

    private static Bounds intersect(Bounds left, Bounds right) {
        String from = Comparisons.byCodePoint(left.from, right.from) >= 0 ? left.from : right.from;
        String to = left.to == null ? right.to : right.to == null || Comparisons.byCodePoint(left.to, right.to) <= 0 ? left.to : right.to;
        return new Bounds(from, to);
    }
}
