package io.lazuli.storage.protocol.table.filter;

import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.EdmValue.OfBinary;
import io.lazuli.storage.partition.table.EdmValue.OfBoolean;
import io.lazuli.storage.partition.table.EdmValue.OfDateTime;
import io.lazuli.storage.partition.table.EdmValue.OfDouble;
import io.lazuli.storage.partition.table.EdmValue.OfGuid;
import io.lazuli.storage.partition.table.EdmValue.OfInt32;
import io.lazuli.storage.partition.table.EdmValue.OfInt64;
import io.lazuli.storage.partition.table.EdmValue.OfString;
import java.util.Arrays;

/**
 * The order of values. Strings by code point (as keys are ordered), binaries by unsigned byte, Guids as they are written, false
 * before true; the three types of numbers compare with each other by their exact value, and NaN as IEEE 754 has it.
 */
final class Comparisons {

    private static final double INT64_END = 0x1p63;

    private Comparisons() {}

    /** False for values of types that do not compare. */
    static boolean holds(EdmValue value, Filter.Operator operator, EdmValue literal) {
        return switch (value) {
            case OfString left -> literal instanceof OfString right && operator.holds(byCodePoint(left.value(), right.value()));
            case OfBoolean left -> literal instanceof OfBoolean right && operator.holds(Boolean.compare(left.value(), right.value()));
            case OfDateTime left -> literal instanceof OfDateTime right && operator.holds(Long.compare(left.ticks(), right.ticks()));
            case OfBinary left -> literal instanceof OfBinary right && operator.holds(Arrays.compareUnsigned(left.value(), right.value()));
            case OfGuid left -> literal instanceof OfGuid right && operator.holds(guids(left, right));
            case OfInt32 left -> integer(left.value(), operator, literal);
            case OfInt64 left -> integer(left.value(), operator, literal);
            case OfDouble left -> number(left.value(), operator, literal);
        };
    }

    private static boolean integer(long left, Filter.Operator operator, EdmValue literal) {
        return switch (literal) {
            case OfInt32 right -> operator.holds(Long.compare(left, right.value()));
            case OfInt64 right -> operator.holds(Long.compare(left, right.value()));
            case OfDouble right -> Double.isNaN(right.value()) ? operator == Filter.Operator.NE : operator.holds(mixed(left, right.value()));
            case OfString right -> false;
            case OfBoolean right -> false;
            case OfDateTime right -> false;
            case OfBinary right -> false;
            case OfGuid right -> false;
        };
    }

    private static boolean number(double left, Filter.Operator operator, EdmValue literal) {
        return switch (literal) {
            case OfInt32 right -> Double.isNaN(left) ? operator == Filter.Operator.NE : operator.holds(-mixed(right.value(), left));
            case OfInt64 right -> Double.isNaN(left) ? operator == Filter.Operator.NE : operator.holds(-mixed(right.value(), left));
            case OfDouble right -> doubles(left, operator, right.value());
            case OfString right -> false;
            case OfBoolean right -> false;
            case OfDateTime right -> false;
            case OfBinary right -> false;
            case OfGuid right -> false;
        };
    }

    private static boolean doubles(double left, Filter.Operator operator, double right) {
        if (Double.isNaN(left) || Double.isNaN(right)) {
            return operator == Filter.Operator.NE;
        }
        return operator.holds(left < right ? -1 : left > right ? 1 : 0);
    }

    /** Exact where a conversion to double would round. The right side is not NaN. */
    private static int mixed(long left, double right) {
        if (right >= INT64_END) {
            return -1;
        }
        if (right < -INT64_END) {
            return 1;
        }
        long whole = (long) right;
        return left != whole ? Long.compare(left, whole) : Double.compare(0, right - whole + 0.0);
    }

    private static int guids(OfGuid left, OfGuid right) {
        int high = Long.compareUnsigned(left.value().getMostSignificantBits(), right.value().getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(left.value().getLeastSignificantBits(), right.value().getLeastSignificantBits());
    }

    static int byCodePoint(String left, String right) {
        int common = Math.min(left.length(), right.length());
        for (int i = 0; i < common; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                return Character.isSurrogate(a) == Character.isSurrogate(b) ? a - b : Character.isSurrogate(a) ? 0x1_0000 - b : a - 0x1_0000;
            }
        }
        return left.length() - right.length();
    }
}
