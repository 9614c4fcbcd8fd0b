package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.partition.AccessPolicy;
import java.util.List;
import java.util.Locale;

/**
 * One table as its account's directory knows it.
 *
 * @param name as it was created
 * @param number under which its ranges and intents are kept, never given again
 */
public record TableEntry(State state, String name, long number, List<AccessPolicy> policies) {

    /**
     * Where a table stands. A name can be used again once its entry is gone; the number behind it is then another.
     *
     * <pre>
     * (none) --create--> CREATING --first range initialized--> LIVE --delete--> DELETING --all ranges destroyed--> (none)
     * </pre>
     */
    public enum State {
        CREATING(1),
        LIVE(2),
        DELETING(3);

        private final int code;

        State(int code) {
            this.code = code;
        }

        /** Part of stored rows: never change or reuse one. */
        int code() {
            return code;
        }

        static State ofCode(int code) {
            return switch (code) {
                case 1 -> CREATING;
                case 2 -> LIVE;
                case 3 -> DELETING;
                default -> throw new IllegalStateException("no state of a table has the code " + code);
            };
        }
    }

    public TableEntry {
        policies = List.copyOf(policies);
    }

    /** What names of tables are compared by. */
    public static String keyOf(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    TableEntry in(State next) {
        return new TableEntry(next, name, number, policies);
    }

    TableEntry withPolicies(List<AccessPolicy> next) {
        return new TableEntry(state, name, number, next);
    }
}
