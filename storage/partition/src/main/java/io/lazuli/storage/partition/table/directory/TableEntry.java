package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.blob.ContainerDecisions;
import io.lazuli.storage.partition.blob.ContainerState;
import java.util.List;
import java.util.Optional;

/**
 * One table or container as its account's directory knows it.
 *
 * @param name as it was created
 * @param number under which its ranges and intents are kept, never given again
 * @param policies of a table
 * @param container what is known of a container, null of a table
 */
public record TableEntry(State state, String name, long number, List<AccessPolicy> policies, ContainerState container) {

    /** Between a deleted container's name and version in its entry's key: in no name. */
    static final char BEFORE_VERSION = '\0';

    /**
     * Where a table or container stands. A name can be used again once its entry is gone; the number behind it is then another. The last
     * three are of containers alone.
     *
     * <pre>
     * (none) --create--> CREATING --first range initialized--> LIVE --delete--> DELETING --all ranges destroyed--> (none)
     *                                                          | ^                 ^
     *                   delete, softly or of a marked container v | all opened      | retention is over
     *                                                    CLOSING | REOPENING &lt;--+  |
     *                                         all ranges closed  +---> DELETED -+--+
     * </pre>
     *
     * <p>Of a {@linkplain ContainerState#immutabilityMark marked} container, which may hold immutable blobs, CLOSING does not yet say that it ends: once its
     * ranges are closed they are searched, and then it becomes DELETED, or DELETING if it is not to be kept, or REOPENING. Until
     * then it is there for those who look: {@link #isThere}.
     *
     * <p>DELETED is beside the entries that have a name: {@link #key}.
     */
    public enum State {
        CREATING(1),
        LIVE(2),
        DELETING(3),
        /** Being deleted so that it can be had back, or about to be deleted if nothing in it is immutable. */
        CLOSING(4),
        /** Can be had back. */
        DELETED(5),
        REOPENING(6);

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
                case 4 -> CLOSING;
                case 5 -> DELETED;
                case 6 -> REOPENING;
                default -> throw new IllegalStateException("no state of a table has the code " + code);
            };
        }
    }

    public TableEntry {
        policies = List.copyOf(policies);
    }

    /** Of a table. */
    TableEntry(State state, String name, long number, List<AccessPolicy> policies) {
        this(state, name, number, policies, null);
    }

    /** Of a container. */
    TableEntry(State state, ContainerState container) {
        this(state, container.name(), container.number(), List.of(), container);
    }

    /** By what it is found; of what was deleted softly by name and version, so that it follows the live one of that name. */
    String key() {
        if (container == null) {
            return DirectoryKind.TABLES.keyOf(name);
        }
        return container.version() == null || state == State.CLOSING ? name : keyOfDeleted(name, container.version());
    }

    static String keyOfDeleted(String name, String version) {
        return name + BEFORE_VERSION + version;
    }

    boolean isUnfinished() {
        return state != State.LIVE && state != State.DELETED;
    }

    /** Whether whoever looks for it finds it. Undecided ones, whose ranges may be closed for a while, count as being there. */
    public boolean isThere() {
        boolean isUndecided = container != null && container.immutabilityMark() && (state == State.CLOSING || state == State.REOPENING);
        return state == State.LIVE || isUndecided;
    }

    /** What is known of it to those who look for it; empty if it is not there for them, or is a table. */
    Optional<ContainerState> visibleContainer() {
        if (container == null || !isThere()) {
            return Optional.empty();
        }
        return Optional.of(state == State.CLOSING ? ContainerDecisions.undeleted(container) : container);
    }

    TableEntry in(State next) {
        return new TableEntry(next, name, number, policies, container);
    }

    TableEntry withPolicies(List<AccessPolicy> next) {
        return new TableEntry(state, name, number, next, container);
    }

    TableEntry with(ContainerState next) {
        return new TableEntry(state, next);
    }
}
