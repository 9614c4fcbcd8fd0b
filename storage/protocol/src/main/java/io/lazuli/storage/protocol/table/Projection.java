package io.lazuli.storage.protocol.table;

import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * Which properties an answer shows, in the order in which {@code $select} names them. An entity that lacks one of them shows it as
 * null. Source: "Query Entities", "Writing LINQ queries against the Table service".
 *
 * @param names empty for all
 */
public record Projection(SequencedSet<String> names) {

    public static final Projection ALL = new Projection(new LinkedHashSet<>());

    /** As many as an entity can have. */
    private static final int MAX_NAMES = 255;

    /**
     * @param select null for all; names between commas, or {@code *}
     * @throws io.lazuli.storage.model.StorageException InvalidInput for an empty name or more than 255
     */
    public static Projection parse(String select) {
        if (select == null || select.isBlank()) {
            return ALL;
        }
        SequencedSet<String> names = new LinkedHashSet<>();
        boolean all = false;
        for (String part : select.split(",", -1)) {
            String name = part.trim();
            if (name.isEmpty()) {
                throw TableErrors.invalidInput("$select holds an empty name.");
            }
            all |= name.equals("*");
            names.add(name);
            if (names.size() > MAX_NAMES) {
                throw TableErrors.invalidInput("$select holds more than " + MAX_NAMES + " names.");
            }
        }
        return all ? ALL : new Projection(names);
    }

    public boolean isAll() {
        return names.isEmpty();
    }

    public boolean shows(String name) {
        return names.isEmpty() || names.contains(name);
    }
}
