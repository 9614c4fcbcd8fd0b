package io.lazuli.storage.partition.account;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.AccessPolicy;
import java.util.List;
import java.util.Map;

/** One queue as its account knows it. */
public record DirectoryEntry(State state, PartitionId partition, Map<String, String> metadata, List<AccessPolicy> policies) {

    /**
     * Where a queue stands. A name can be used again once its entry is gone; the partition behind it is then another.
     *
     * <pre>
     * (none) --create--> CREATING --partition initialized--> LIVE --delete--> DELETING --partition destroyed--> (none)
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
                default -> throw new IllegalStateException("no state of a queue has the code " + code);
            };
        }
    }

    public DirectoryEntry {
        metadata = Map.copyOf(metadata);
        policies = List.copyOf(policies);
    }

    DirectoryEntry in(State next) {
        return new DirectoryEntry(next, partition, metadata, policies);
    }

    DirectoryEntry withMetadata(Map<String, String> next) {
        return new DirectoryEntry(state, partition, next, policies);
    }

    DirectoryEntry withPolicies(List<AccessPolicy> next) {
        return new DirectoryEntry(state, partition, metadata, next);
    }
}
