package io.lazuli.storage.partition.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.wire.WireCatalog;
import io.lazuli.storage.partition.BlobWireCatalog;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whatever a command or an answer about blobs is made of can travel between nodes. */
class BlobWireCatalogTest {

    private static final String OURS = "io.lazuli.storage.partition.blob";

    @Test
    void allThatTravelsIsRegisteredInItsRangeOfNumbers() {
        Set<Class<?>> registered = new HashSet<>();
        WireCatalog.Registrar registrar = new WireCatalog.Registrar() {

            @Override
            public WireCatalog.Registrar message(int number, Class<?> type) {
                assertTrue(number >= 1600 && number <= 1699, number + " " + type);
                registered.add(type);
                return this;
            }
        };
        new BlobWireCatalog().register(registrar);
        Set<Class<?>> travelling = new HashSet<>();
        for (Class<?> root : new Class<?>[] {BlobCommand.class, BlobReply.class, ContainerCommand.class, ContainerState.class}) {
            collect(root, travelling);
        }
        Set<String> missing = new TreeSet<>();
        travelling.stream().filter(type -> !registered.contains(type)).forEach(type -> missing.add(type.getName()));
        assertEquals(Set.of(), missing);
        assertTrue(travelling.size() > 50, travelling.size() + " kinds");
    }

    private static void collect(Type type, Set<Class<?>> found) {
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                collect(argument, found);
            }
        } else if (type instanceof Class<?> known && known.getName().startsWith(OURS)) {
            if (known.isSealed()) {
                for (Class<?> kind : known.getPermittedSubclasses()) {
                    collect(kind, found);
                }
            } else if (found.add(known) && known.isRecord()) {
                for (RecordComponent component : known.getRecordComponents()) {
                    collect(component.getGenericType(), found);
                }
            }
        }
    }
}
