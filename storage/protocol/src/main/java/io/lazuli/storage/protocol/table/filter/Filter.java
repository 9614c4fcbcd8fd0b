package io.lazuli.storage.protocol.table.filter;

import io.lazuli.storage.partition.table.EdmValue;
import java.util.List;
import java.util.function.Function;

/**
 * A {@code $filter} as it was understood. Two-valued: a comparison with a property that is absent or of another type is false,
 * whatever the operator ({@code ne} too), and {@code not} turns that into true. Source: "Querying tables and entities".
 */
public sealed interface Filter {

    /** @param values a property's value by name, null if it is absent */
    boolean matches(Function<String, EdmValue> values);

    /** @param parts two or more */
    record And(List<Filter> parts) implements Filter {
        @Override
        public boolean matches(Function<String, EdmValue> values) {
            for (Filter part : parts) {
                if (!part.matches(values)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @param parts two or more */
    record Or(List<Filter> parts) implements Filter {
        @Override
        public boolean matches(Function<String, EdmValue> values) {
            for (Filter part : parts) {
                if (part.matches(values)) {
                    return true;
                }
            }
            return false;
        }
    }

    record Not(Filter part) implements Filter {
        @Override
        public boolean matches(Function<String, EdmValue> values) {
            return !part.matches(values);
        }
    }

    record Constant(boolean value) implements Filter {
        @Override
        public boolean matches(Function<String, EdmValue> values) {
            return value;
        }
    }

    record Comparison(String property, Operator operator, EdmValue literal) implements Filter {
        @Override
        public boolean matches(Function<String, EdmValue> values) {
            EdmValue value = values.apply(property);
            return value != null && Comparisons.holds(value, operator, literal);
        }
    }

    enum Operator {
        EQ("eq"),
        NE("ne"),
        GT("gt"),
        GE("ge"),
        LT("lt"),
        LE("le");

        private final String word;

        Operator(String word) {
            this.word = word;
        }

        /** Null if the word is no operator. */
        static Operator of(String word) {
            for (Operator operator : values()) {
                if (operator.word.equals(word)) {
                    return operator;
                }
            }
            return null;
        }

        public String word() {
            return word;
        }

        /** What it is when its sides change places. */
        Operator mirrored() {
            return switch (this) {
                case EQ -> EQ;
                case NE -> NE;
                case GT -> LT;
                case GE -> LE;
                case LT -> GT;
                case LE -> GE;
            };
        }

        /** What holds where it does not. */
        Operator negated() {
            return switch (this) {
                case EQ -> NE;
                case NE -> EQ;
                case GT -> LE;
                case GE -> LT;
                case LT -> GE;
                case LE -> GT;
            };
        }

        /** @param order negative, zero or positive */
        boolean holds(int order) {
            return switch (this) {
                case EQ -> order == 0;
                case NE -> order != 0;
                case GT -> order > 0;
                case GE -> order >= 0;
                case LT -> order < 0;
                case LE -> order <= 0;
            };
        }
    }
}
