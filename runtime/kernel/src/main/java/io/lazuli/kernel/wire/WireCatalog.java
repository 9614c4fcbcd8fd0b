package io.lazuli.kernel.wire;

/**
 * The messages of one module that travel between nodes. Each module that has any provides one (ServiceLoader), and
 * registers every class of every message with a number that never changes its meaning. A class that no catalog
 * registers is refused by the serializer, when written and when read.
 *
 * <p>Numbers: kernel 1000–1099, store 1100–1199, partition 1200–1299, host 1300–1399, fabric 1400–1499, node 1500–1599, partition (blobs) 1600–1699.
 */
public interface WireCatalog {

    void register(Registrar registrar);

    interface Registrar {

        /**
         * @param type a record, whose components are records, enums, sealed types of them, strings, primitives, {@code byte[]},
         *     lists, sets, maps, optionals, instants, durations, UUIDs and typed actor references; or an enum
         * @throws IllegalStateException if the number or the class is taken, or the class is neither record nor enum
         */
        Registrar message(int number, Class<?> type);
    }
}
