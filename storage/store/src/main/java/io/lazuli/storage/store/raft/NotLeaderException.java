package io.lazuli.storage.store.raft;

/** This replica does not lead its group: nothing was appended. */
public final class NotLeaderException extends RuntimeException {

    public NotLeaderException(int group) {
        super("not the leader of group " + group, null, false, false);
    }
}
