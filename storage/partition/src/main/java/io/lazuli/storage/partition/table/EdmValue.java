package io.lazuli.storage.partition.table;

import java.util.Arrays;
import java.util.UUID;

/** A property's value, kept exactly as it came. There is no null: a property that is null is left out. */
public sealed interface EdmValue {

    EdmType type();

    record OfString(String value) implements EdmValue {
        @Override
        public EdmType type() {
            return EdmType.STRING;
        }
    }

    record OfInt32(int value) implements EdmValue {
        @Override
        public EdmType type() {
            return EdmType.INT32;
        }
    }

    record OfInt64(long value) implements EdmValue {
        @Override
        public EdmType type() {
            return EdmType.INT64;
        }
    }

    /** Any double, NaN and the infinities included. */
    record OfDouble(double value) implements EdmValue {
        @Override
        public EdmType type() {
            return EdmType.DOUBLE;
        }
    }

    record OfBoolean(boolean value) implements EdmValue {
        @Override
        public EdmType type() {
            return EdmType.BOOLEAN;
        }
    }

    /** @param ticks of 100 ns since 0001-01-01T00:00:00Z, as in {@link Ticks} */
    record OfDateTime(long ticks) implements EdmValue {
        @Override
        public EdmType type() {
            return EdmType.DATE_TIME;
        }
    }

    record OfGuid(UUID value) implements EdmValue {
        @Override
        public EdmType type() {
            return EdmType.GUID;
        }
    }

    /** @param value given away */
    record OfBinary(byte[] value) implements EdmValue {
        @Override
        public EdmType type() {
            return EdmType.BINARY;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof OfBinary that && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }
    }
}
