package io.lazuli.security;

import java.util.List;

/**
 * What an operation asks of a signature's permission letters: one or more sets of letters, one of which the signature must have whole.
 * Immutable.
 */
public final class Permission {

    /** No signature of that kind allows the operation. */
    public static final Permission NONE = new Permission(List.of());

    /** Every genuine signature allows it, whatever its letters. */
    public static final Permission ANY = new Permission(List.of(""));

    private final List<String> alternatives;

    private Permission(List<String> alternatives) {
        this.alternatives = alternatives;
    }

    /** @param alternatives sets of letters, e.g. {@code "c", "w"} for either and {@code "au"} for both */
    public static Permission of(String... alternatives) {
        return new Permission(List.of(alternatives));
    }

    boolean isGrantable() {
        return !alternatives.isEmpty();
    }

    boolean isGrantedBy(String letters) {
        return alternatives.stream().anyMatch(all -> all.chars().allMatch(letter -> letters.indexOf(letter) >= 0));
    }

    @Override
    public String toString() {
        return "Permission" + alternatives;
    }
}
