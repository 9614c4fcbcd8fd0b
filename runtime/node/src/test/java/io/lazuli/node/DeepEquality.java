package io.lazuli.node;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Equality of values that travel, with arrays compared by content wherever they are. Says where two values differ. */
final class DeepEquality {

    private DeepEquality() {}

    /** Empty if equal, else the path to the first difference and both sides of it. */
    static Optional<String> difference(Object left, Object right) {
        return difference("", left, right);
    }

    private static Optional<String> difference(String path, Object left, Object right) {
        if (left == null || right == null) {
            return left == right ? Optional.empty() : differ(path, left, right);
        }
        if (left instanceof byte[] bytes) {
            return right instanceof byte[] others && java.util.Arrays.equals(bytes, others) ? Optional.empty() : differ(path, left, right);
        }
        if (left instanceof List<?> list && right instanceof List<?> other) {
            return ofElements(path, list.iterator(), other.iterator(), list.size(), other.size());
        }
        if (left instanceof Map<?, ?> map && right instanceof Map<?, ?> other) {
            if (!map.keySet().equals(other.keySet())) {
                return differ(path + ".keys", map.keySet(), other.keySet());
            }
            return map.keySet().stream().map(key -> difference(path + "[" + key + "]", map.get(key), other.get(key)))
                    .flatMap(Optional::stream).findFirst();
        }
        if (left instanceof Optional<?> optional && right instanceof Optional<?> other) {
            return difference(path + ".get", optional.orElse(null), other.orElse(null));
        }
        if (left instanceof Record && left.getClass() == right.getClass()) {
            return ofRecords(path, left, right);
        }
        return left.equals(right) ? Optional.empty() : differ(path, left, right);
    }

    private static Optional<String> ofElements(String path, Iterator<?> left, Iterator<?> right, int leftSize, int rightSize) {
        if (leftSize != rightSize) {
            return differ(path + ".size", leftSize, rightSize);
        }
        for (int i = 0; left.hasNext(); i++) {
            Optional<String> difference = difference(path + "[" + i + "]", left.next(), right.next());
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> ofRecords(String path, Object left, Object right) {
        for (RecordComponent component : left.getClass().getRecordComponents()) {
            try {
                Method accessor = component.getAccessor();
                accessor.setAccessible(true);
                Optional<String> difference =
                        difference(path + "." + component.getName(), accessor.invoke(left), accessor.invoke(right));
                if (difference.isPresent()) {
                    return difference;
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> differ(String path, Object left, Object right) {
        return Optional.of(path + ": " + left + " became " + right);
    }
}
