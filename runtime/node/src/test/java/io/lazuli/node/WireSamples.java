package io.lazuli.node;

import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Makes samples of registered records by reflection, from a seed: every component gets a random value of its type, a sealed
 * type one of its registered subtypes. Types whose constructors check more than their type have a generator in
 * {@code known}.
 */
final class WireSamples {

    private static final int MAX_ATTEMPTS = 500;
    private static final int MAX_DEPTH = 12;

    private final Random random;
    private final Set<Class<?>> registered;
    private final ActorRef<?> ref;
    private final Map<Class<?>, Function<Random, Object>> known;

    WireSamples(Random random, Set<Class<?>> registered, ActorRef<?> ref, Map<Class<?>, Function<Random, Object>> known) {
        this.random = random;
        this.registered = registered;
        this.ref = ref;
        this.known = known;
    }

    Object of(Class<?> type) {
        return sample(type, 0);
    }

    /** The registered records and enums that a component of this type may hold. */
    List<Class<?>> choices(Class<?> type) {
        if (!type.isSealed()) {
            return registered.contains(type) ? List.of(type) : List.of();
        }
        List<Class<?>> choices = new ArrayList<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            choices.addAll(choices(permitted));
        }
        return choices;
    }

    private Object sample(Type type, int depth) {
        return switch (type) {
            case Class<?> known when this.known.containsKey(known) -> this.known.get(known).apply(random);
            case Class<?> plain -> plainSample(plain, depth);
            case ParameterizedType generic -> genericSample(generic, depth);
            case WildcardType wildcard -> sample(wildcard.getUpperBounds()[0], depth);
            case TypeVariable<?> variable -> sample(variable.getBounds()[0], depth);
            case GenericArrayType array -> throw new IllegalArgumentException("no sample of " + array);
            default -> throw new IllegalArgumentException("no sample of " + type);
        };
    }

    private Object plainSample(Class<?> type, int depth) {
        if (type.isEnum()) {
            return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        }
        if (type.isRecord()) {
            return recordSample(type, depth);
        }
        if (type.isSealed()) {
            List<Class<?>> choices = choices(type);
            if (choices.isEmpty()) {
                throw new IllegalArgumentException("no permitted subtype of " + type.getName() + " is registered");
            }
            return sample(choices.get(random.nextInt(choices.size())), depth + 1);
        }
        return switch (type.getName()) {
            case "int", "java.lang.Integer" -> random.nextBoolean() ? random.nextInt() : random.nextInt(100);
            case "long", "java.lang.Long" -> random.nextBoolean() ? random.nextLong() : (long) random.nextInt(100);
            case "boolean", "java.lang.Boolean" -> random.nextBoolean();
            case "double", "java.lang.Double" -> random.nextGaussian();
            case "float", "java.lang.Float" -> random.nextFloat();
            case "byte", "java.lang.Byte" -> (byte) random.nextInt();
            case "short", "java.lang.Short" -> (short) random.nextInt();
            case "char", "java.lang.Character" -> (char) random.nextInt(0x10000);
            case "java.lang.String", "java.lang.Object", "java.lang.CharSequence" -> text();
            case "[B" -> bytes();
            case "java.time.Instant" -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
            case "java.time.Duration" -> Duration.ofSeconds(random.nextInt(), random.nextInt(1_000_000_000));
            case "java.util.UUID" -> new UUID(random.nextLong(), random.nextLong());
            case "org.apache.pekko.actor.typed.ActorRef" -> ref;
            default -> throw new IllegalArgumentException("no sample of " + type.getName() + ": it is not a kind of value that travels");
        };
    }

    private Object genericSample(ParameterizedType type, int depth) {
        Class<?> raw = (Class<?>) type.getRawType();
        Type[] arguments = type.getActualTypeArguments();
        int size = depth > MAX_DEPTH ? 0 : random.nextInt(4);
        return switch (raw.getName()) {
            case "java.util.List" -> {
                List<Object> list = new ArrayList<>();
                for (int i = 0; i < size; i++) {
                    list.add(sample(arguments[0], depth + 1));
                }
                yield list;
            }
            case "java.util.Set" -> {
                Set<Object> set = new LinkedHashSet<>();
                for (int i = 0; i < size; i++) {
                    set.add(sample(arguments[0], depth + 1));
                }
                yield set;
            }
            case "java.util.Map" -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                for (int i = 0; i < size; i++) {
                    map.put(sample(arguments[0], depth + 1), sample(arguments[1], depth + 1));
                }
                yield map;
            }
            case "java.util.Optional" -> size == 0 ? Optional.empty() : Optional.of(sample(arguments[0], depth + 1));
            default -> sample(raw, depth);
        };
    }

    private Object recordSample(Class<?> type, int depth) {
        if (depth > 2 * MAX_DEPTH) {
            throw new IllegalArgumentException(type.getName() + " holds itself without end");
        }
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Throwable refusal = null;
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
                Object[] values = new Object[components.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = sample(components[i].getGenericType(), depth + 1);
                }
                try {
                    return constructor.newInstance(values);
                } catch (InvocationTargetException e) {
                    refusal = e.getCause();
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalArgumentException(type.getName() + " refuses every random sample and needs a generator", refusal);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            text.appendCodePoint(random.nextInt(10) == 0 ? 0x1F600 + random.nextInt(50) : ' ' + random.nextInt(0x300));
        }
        return text.toString();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(30)];
        random.nextBytes(bytes);
        return bytes;
    }
}
