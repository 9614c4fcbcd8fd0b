package io.lazuli.storage.store.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.error.RaftError;
import io.lazuli.storage.store.raft.RaftGroup.Applied;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One entry on its way from {@link RaftGroup#submit} to its answer. The library calls {@link #run} only when it fails. */
final class Submission implements Closure {

    private final int group;
    private final Set<Submission> outstanding;
    private final CompletableFuture<Applied> result = new CompletableFuture<>();

    Submission(int group, Set<Submission> outstanding) {
        this.group = group;
        this.outstanding = outstanding;
        outstanding.add(this);
    }

    CompletableFuture<Applied> result() {
        return result;
    }

    void applied(long index, byte[] answer) {
        outstanding.remove(this);
        result.complete(new Applied(index, answer));
    }

    void fail(Throwable failure) {
        outstanding.remove(this);
        result.completeExceptionally(failure);
    }

    @Override
    public void run(Status status) {
        fail(status.isOk()
                ? new RaftException("the library finished an entry of group " + group + " without applying it")
                : failure(group, status));
    }

    /**
     * Tells failures before the entry was appended from those after it. The library gives both the code EPERM (not leader
     * when the entry arrived; stepped down with the entry in flight), so their text decides; what is not known for certain
     * counts as an unknown outcome.
     */
    static RuntimeException failure(int group, Status status) {
        RaftError code = status.getRaftError();
        String text = status.getErrorMsg() == null ? "" : status.getErrorMsg();
        boolean refused = switch (code) {
            case EPERM -> text.equals("Is not leader.") || text.startsWith("expected_term=");
            case EBUSY -> text.equals("Is transferring leadership.");
            case ENODESHUTDOWN -> true;
            default -> false;
        };
        if (refused) {
            return new NotLeaderException(group);
        }
        boolean overloaded = code == RaftError.EBUSY && (text.startsWith("Node is busy") || text.endsWith("log manager is busy."));
        return new RaftException("group " + group + ": " + code + " " + text, overloaded);
    }
}
