package io.lazuli.storage.partition.table;

import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.storage.partition.blob.BlobCommand;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the front ends ({@link Write} of tables, {@link Change} of blobs) and the account's directory (all others) ask of a range. {@code entityId} is the text
 * of its partition id. What the directory asks is idempotent, because it asks again after a crash. An empty key is the table's
 * start as {@code low} and its end as {@code high}.
 */
public sealed interface RangeRequest extends RangeCommand, WireMessage {

    String entityId();

    ActorRef<RangeReply> replyTo();

    /** 1 to 100 changes of one partition key, all or none. Answers Written, Failed, Refused, Moved. */
    record Write(String entityId, List<EntityWrite> writes, ActorRef<RangeReply> replyTo) implements RangeRequest {}

    /** A change of one blob. Answers Changed, Refused, Moved. */
    record Change(String entityId, BlobCommand command, ActorRef<RangeReply> replyTo) implements RangeRequest {}

    /** Begins to serve {@code [low, high)}, of which it has no rows yet. Answers Done. */
    record Initialize(String entityId, byte[] low, byte[] high, ActorRef<RangeReply> replyTo) implements RangeRequest {}

    /** Where to split so that both halves weigh about the same. Answers SplitKey, empty if it holds one partition key only. */
    record FindSplitKey(String entityId, ActorRef<RangeReply> replyTo) implements RangeRequest {}

    /**
     * Gives {@code [at, high)} to {@code upper}, a new range of the same group that serves from then on, in one commit. Answers Done,
     * also if that was done before.
     */
    record Split(String entityId, byte[] at, String upper, ActorRef<RangeReply> replyTo) implements RangeRequest {}

    /** Ceases to serve for good, keeping the rows for its neighbour, which is about to {@link Extend}. Answers Done. */
    record Retire(String entityId, ActorRef<RangeReply> replyTo) implements RangeRequest {}

    /** Serves {@code [low, high)} from now on, what its retired upper neighbour {@code absorbed} held included. Answers Done. */
    record Extend(String entityId, byte[] high, String absorbed, ActorRef<RangeReply> replyTo) implements RangeRequest {}

    /**
     * Copies its rows to {@code target}, a new range of another group, while it goes on serving; then ceases to serve for good and lets
     * the target serve. Answers Done at the end, also if that was done before. Answers Failed if it has given up: it serves on, and the
     * target will never serve, a later move needs another one. After any other answer, and after none, nobody knows: ask again, and
     * leave the target alone until then. For a moment at the end neither of them serves: look up the way anew until one does.
     */
    record Move(String entityId, String target, ActorRef<RangeReply> replyTo) implements RangeRequest {}

    /** Removes its rows and ceases to serve for good; also after Move, of what it has left behind. Answers Done. */
    record Destroy(String entityId, ActorRef<RangeReply> replyTo) implements RangeRequest {}

    /** Ceases to serve until {@link Reopen}, keeping its rows. Answers Done, also if that was done before. */
    record Close(String entityId, ActorRef<RangeReply> replyTo) implements RangeRequest {}

    /** Serves again. Answers Done, also if that was done before. */
    record Reopen(String entityId, ActorRef<RangeReply> replyTo) implements RangeRequest {}

    /** Answers Described. */
    record Describe(String entityId, ActorRef<RangeReply> replyTo) implements RangeRequest {}
}
