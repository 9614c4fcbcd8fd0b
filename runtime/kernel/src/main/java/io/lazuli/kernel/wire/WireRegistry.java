package io.lazuli.kernel.wire;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All registered classes of all {@link WireCatalog}s, the same on every node whatever the order in which the catalogs
 * were found. Immutable. Two catalogs that want the same number or class stop the start.
 */
public final class WireRegistry {

    static final int FIRST_MESSAGE_NUMBER = 1000;
    static final int LAST_MESSAGE_NUMBER = 9999;

    private final SortedMap<Integer, Class<?>> types;
    private final Map<Class<?>, RecordShape> shapes;

    private WireRegistry(SortedMap<Integer, Class<?>> types) {
        this.types = Collections.unmodifiableSortedMap(types);
        Map<Class<?>, RecordShape> found = new HashMap<>();
        for (Class<?> type : types.values()) {
            if (type.isRecord()) {
                found.put(type, RecordShape.of(type));
            }
        }
        this.shapes = Map.copyOf(found);
    }

    /** Reads the catalogs that {@code loader} sees. @throws IllegalStateException if two of them clash */
    public static WireRegistry load(ClassLoader loader) {
        return of(ServiceLoader.load(WireCatalog.class, loader));
    }

    /** @throws IllegalStateException if a number is taken twice, out of range, or a class is no record or enum */
    public static WireRegistry of(Iterable<WireCatalog> catalogs) {
        Registration registration = new Registration();
        for (WireCatalog catalog : catalogs) {
            registration.catalog = catalog.getClass().getName();
            catalog.register(registration);
        }
        return new WireRegistry(registration.types);
    }

    /** The registered classes by number, without the JDK's that every node knows. */
    public SortedMap<Integer, Class<?>> types() {
        return types;
    }

    RecordShape shapeOf(Class<?> recordType) {
        return shapes.get(recordType);
    }

    private static final class Registration implements WireCatalog.Registrar {

        private final SortedMap<Integer, Class<?>> types = new TreeMap<>();
        private final Map<Class<?>, String> owners = new HashMap<>();
        private String catalog;

        @Override
        public WireCatalog.Registrar message(int number, Class<?> type) {
            if (number < FIRST_MESSAGE_NUMBER || number > LAST_MESSAGE_NUMBER) {
                throw refused(number, type, "numbers are within " + FIRST_MESSAGE_NUMBER + ".." + LAST_MESSAGE_NUMBER);
            }
            if (!type.isRecord() && !type.isEnum()) {
                throw refused(number, type, "only records and enums travel");
            }
            if (owners.containsKey(type)) {
                throw refused(number, type, "the class is registered by " + owners.get(type));
            }
            Class<?> other = types.get(number);
            if (other != null) {
                throw refused(number, type, "the number is taken by " + other.getName() + " of " + owners.get(other));
            }
            types.put(number, type);
            owners.put(type, catalog);
            return this;
        }

        private IllegalStateException refused(int number, Class<?> type, String why) {
            return new IllegalStateException(catalog + " cannot register " + type.getName() + " as " + number + ": " + why);
        }
    }
}
