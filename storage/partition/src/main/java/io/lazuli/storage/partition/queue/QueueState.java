package io.lazuli.storage.partition.queue;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.OpenBatch;
import io.lazuli.storage.partition.SealedBatch;
import io.lazuli.storage.partition.queue.Decision.Answer;
import io.lazuli.storage.partition.queue.Decision.AwaitRows;
import io.lazuli.storage.partition.queue.Lease.LeaseKey;
import io.lazuli.storage.partition.queue.QueueService.EnqueuedMessage;
import io.lazuli.storage.partition.queue.QueueService.MessageDraft;
import io.lazuli.storage.partition.queue.QueueService.QueueMessage;
import io.lazuli.storage.partition.queue.QueueService.UpdatedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One queue: decides requests and says which rows change. Knows no actor, no store and no clock; {@code nowMillis} must never
 * run back. What is decided joins the batch being collected ({@link #seal}); later decisions build on it before it is
 * durable, which is safe because the batches of one partition are applied in order and no answer is given before its
 * batch is durable.
 *
 * <p>A message is <em>fresh</em> until it is received, updated or if it was put with a delay; fresh ones stand in line by
 * their number, which is also the order of their insertion times. All others have a {@link Lease}. The next message is the
 * earlier of the first fresh one and the first lease that is due. Memory is bounded by {@link QueueLimits}, whatever the
 * length of the queue; what is missing is read through {@link QueueReads}.
 */
final class QueueState {

    private final LongSupplier random;
    private final QueueReads reads;
    private final FreshWindow fresh;
    private final LeaseWindow leases;
    private final OpenBatch changes = new OpenBatch();
    private QueueHeader header;
    private long messageCount;
    private long timeMillis;

    /** @param random unpredictable numbers for ids and receipts */
    QueueState(QueueLimits limits, LongSupplier random, QueueHeader header, Progress progress) {
        this.random = random;
        this.header = header;
        this.messageCount = progress.messageCount();
        this.timeMillis = progress.timeMillis();
        this.fresh = new FreshWindow(limits.windowMessages(), limits.windowBytes(), progress.headSequence());
        this.leases = new LeaseWindow(limits.leaseWindow(), new LeaseKey(progress.leaseFloorMillis(), 0));
        this.reads = new QueueReads(limits, fresh, leases, progress);
    }

    Decision initialize() {
        if (header == QueueHeader.DESTROYED) {
            return moved();
        }
        if (header == QueueHeader.ABSENT) {
            header = QueueHeader.LIVE;
            changes.put(QueueRows.headerKey(), header.value());
        }
        return done();
    }

    Decision destroy() {
        if (header != QueueHeader.DESTROYED) {
            removeAll();
            header = QueueHeader.DESTROYED;
            changes.put(QueueRows.headerKey(), header.value());
        }
        return done();
    }

    Decision put(MessageDraft draft, long nowMillis) {
        if (header != QueueHeader.LIVE) {
            return moved();
        }
        timeMillis = nowMillis;
        long sequence = reads.takeSequence();
        boolean delayed = draft.visibilityTimeoutMillis() > 0;
        long visibleAtMillis = nowMillis + draft.visibilityTimeoutMillis();
        MessageRow row = MessageRow.of(delayed, random.getAsLong(), random.getAsLong(), nowMillis,
                expiryOf(draft.timeToLiveMillis(), nowMillis), draft.text());
        changes.put(QueueRows.messageKey(sequence), row.value());
        reads.messageWritten(sequence, row);
        if (delayed) {
            grant(Lease.first(sequence, row, visibleAtMillis, 0, row.nonce()));
        } else {
            fresh.offer(sequence, row);
        }
        messageCount++;
        return new Answer(new QueueReply.Enqueued(new EnqueuedMessage(
                new MessageId(sequence, row.tag()).text(), new PopReceipt(visibleAtMillis, row.nonce()).text(),
                nowMillis, row.expiresAtMillis(), visibleAtMillis)));
    }

    Decision receive(int count, long visibilityTimeoutMillis, long nowMillis) {
        if (header != QueueHeader.LIVE) {
            return moved();
        }
        timeMillis = nowMillis;
        Optional<List<Visible>> next = nextVisible(count, nowMillis);
        if (next.isEmpty()) {
            return AwaitRows.AWAIT_ROWS;
        }
        List<QueueMessage> messages = new ArrayList<>(next.get().size());
        for (Visible message : next.get()) {
            int dequeueCount = 1 + (message.lease == null ? 0 : message.lease.dequeueCount());
            Lease lease = relet(message.sequence, message.row, message.lease, nowMillis + visibilityTimeoutMillis, dequeueCount);
            messages.add(new QueueMessage(
                    new MessageId(lease.sequence(), lease.tag()).text(), lease.receipt().text(), lease.insertedAtMillis(),
                    lease.expiresAtMillis(), lease.visibleAtMillis(), dequeueCount, message.row.text()));
        }
        return new Answer(new QueueReply.Messages(messages));
    }

    Decision peek(int count, long nowMillis) {
        if (header != QueueHeader.LIVE) {
            return moved();
        }
        timeMillis = nowMillis;
        Optional<List<Visible>> next = nextVisible(count, nowMillis);
        if (next.isEmpty()) {
            return AwaitRows.AWAIT_ROWS;
        }
        List<QueueMessage> messages = new ArrayList<>(next.get().size());
        for (Visible message : next.get()) {
            int dequeueCount = message.lease == null ? 0 : message.lease.dequeueCount();
            messages.add(new QueueMessage(
                    new MessageId(message.sequence, message.row.tag()).text(), "", message.row.insertedAtMillis(),
                    message.row.expiresAtMillis(), 0, dequeueCount, message.row.text()));
        }
        return new Answer(new QueueReply.Messages(messages));
    }

    /**
     * Refuses a time-out that ends after the message's own end. Source: "Update Message", {@code visibilitytimeout}.
     *
     * @param text null keeps it
     * @param found null, or what the {@link Decision.LookUp} that this request was answered with has found just now
     */
    Decision update(String messageId, String popReceipt, byte[] text, long visibilityTimeoutMillis, RowRead.Rows.Found found, long nowMillis) {
        if (header != QueueHeader.LIVE) {
            return moved();
        }
        timeMillis = nowMillis;
        Target target = reads.find(messageId, popReceipt, found, nowMillis);
        return switch (target) {
            case Target.Refused refused -> refused(refused.error());
            case Target.Unknown unknown -> new Decision.LookUp(unknown.read());
            case Target.Leased leased -> {
                Lease former = leased.lease();
                if (former.expiresAtMillis() < nowMillis + visibilityTimeoutMillis) {
                    yield refused(StorageErrorCode.OUT_OF_RANGE_QUERY_PARAMETER_VALUE);
                }
                if (text != null) {
                    rewrite(former.sequence(), MessageRow.of(true, former.tag(), former.nonce(), former.insertedAtMillis(),
                            former.expiresAtMillis(), text));
                }
                yield updated(relet(former.sequence(), null, former, nowMillis + visibilityTimeoutMillis, former.dequeueCount()));
            }
            case Target.Fresh message -> {
                MessageRow former = message.row();
                if (former.expiresAtMillis() < nowMillis + visibilityTimeoutMillis) {
                    yield refused(StorageErrorCode.OUT_OF_RANGE_QUERY_PARAMETER_VALUE);
                }
                MessageRow row = MessageRow.of(true, former.tag(), former.nonce(), former.insertedAtMillis(),
                        former.expiresAtMillis(), text == null ? former.text() : text);
                rewrite(message.sequence(), row);
                yield updated(relet(message.sequence(), row, null, nowMillis + visibilityTimeoutMillis, 0));
            }
        };
    }

    /** @param found as for {@link #update} */
    Decision delete(String messageId, String popReceipt, RowRead.Rows.Found found, long nowMillis) {
        if (header != QueueHeader.LIVE) {
            return moved();
        }
        timeMillis = nowMillis;
        Target target = reads.find(messageId, popReceipt, found, nowMillis);
        return switch (target) {
            case Target.Refused refused -> refused(refused.error());
            case Target.Unknown unknown -> new Decision.LookUp(unknown.read());
            case Target.Leased leased -> {
                remove(leased.lease().sequence(), leased.lease());
                yield done();
            }
            case Target.Fresh message -> {
                remove(message.sequence(), null);
                yield done();
            }
        };
    }

    Decision clear() {
        if (header != QueueHeader.LIVE) {
            return moved();
        }
        removeAll();
        return done();
    }

    /** Exact as of the batch being collected; expired messages count until they are purged. */
    Decision count() {
        return header == QueueHeader.LIVE ? new Answer(new QueueReply.Counted(messageCount)) : moved();
    }

    /** The next read to begin, empty when all that are wanted are under way. */
    Optional<RowRead> nextRead(long nowMillis) {
        return reads.next(nowMillis);
    }

    /** A page of the slow search for expired messages, if it is time for one. */
    Optional<RowRead> nextSweep(long nowMillis) {
        return header == QueueHeader.LIVE ? reads.nextSweep(nowMillis) : Optional.empty();
    }

    /** Takes what a read has found. What a {@link RowRead.LookUp} has found goes to its request, at once. */
    void loaded(RowRead read, RowRead.Rows rows, long nowMillis) {
        reads.ended(read);
        switch (rows) {
            case RowRead.Rows.Page page when reads.isSweep(read) -> {
                timeMillis = nowMillis;
                for (QueueReads.Expired expired : reads.swept(read, page.page(), nowMillis)) {
                    remove(expired.sequence(), expired.lease());
                }
            }
            case RowRead.Rows.Page page -> reads.scanned((RowRead.Scan) read, page.page());
            case RowRead.Rows.Messages messages -> reads.fetched((RowRead.Texts) read, messages);
            case RowRead.Rows.Found found -> { }
        }
    }

    boolean hasChanges() {
        return !changes.isEmpty();
    }

    long changedBytes() {
        return changes.bytes();
    }

    /** Ends the batch being collected and begins the next. Batches must be committed in the order of their sealing. */
    SealedBatch seal() {
        changes.put(QueueRows.progressKey(), new Progress(
                reads.nextSequence(), reads.headSequence(), messageCount, leases.floorMillis(timeMillis), timeMillis).value());
        return new SealedBatch(reads.seal(), changes.take());
    }

    /** The batch and all before it are durable. */
    void durable(long batch) {
        reads.durable(batch);
    }

    /** Of all kinds; a message may count twice. */
    int messagesInMemory() {
        return fresh.size() + leases.size() + reads.size();
    }

    /** True while more is kept in memory for batches and reads under way than is allowed: take no more requests. */
    boolean overloaded() {
        return reads.overloaded();
    }

    /** @param lease null if the message is fresh */
    private record Visible(long sequence, MessageRow row, Lease lease) {}

    /** The next messages in order, or empty if rows must be read first. Removes the expired ones that stand in the way. */
    private Optional<List<Visible>> nextVisible(int count, long nowMillis) {
        reads.catchUp();
        do {
            List<Visible> visible = new ArrayList<>(count);
            List<Visible> expired = new ArrayList<>();
            boolean complete = merge(count, nowMillis, visible, expired);
            for (Visible message : expired) {
                remove(message.sequence, message.lease);
            }
            if (complete) {
                return Optional.of(visible);
            }
        } while (reads.catchUp());
        return Optional.empty();
    }

    private boolean merge(int count, long nowMillis, List<Visible> visible, List<Visible> expired) {
        var line = fresh.inOrder().iterator();
        var due = leases.due(nowMillis).iterator();
        Visible nextFresh = null;
        LeaseWindow.Entry nextDue = null;
        boolean textsMissing = false;
        while (visible.size() < count) {
            while (nextFresh == null && line.hasNext()) {
                var entry = line.next();
                nextFresh = unlessExpired(new Visible(entry.getKey(), entry.getValue(), null), entry.getValue().expired(nowMillis), expired);
            }
            while (nextDue == null && due.hasNext()) {
                LeaseWindow.Entry entry = due.next();
                Visible message = new Visible(entry.lease().sequence(), entry.row(), entry.lease());
                nextDue = unlessExpired(message, entry.lease().expired(nowMillis), expired) == null ? null : entry;
            }
            if (nextFresh == null && !fresh.attached() || nextDue == null && leases.endsBefore(nowMillis)) {
                return false;
            }
            if (nextFresh == null && nextDue == null) {
                break;
            }
            if (nextDue == null || nextFresh != null && comesFirst(nextFresh, nextDue.lease())) {
                visible.add(nextFresh);
                nextFresh = null;
            } else {
                textsMissing |= !reads.show(nextDue);
                visible.add(new Visible(nextDue.lease().sequence(), nextDue.row(), nextDue.lease()));
                nextDue = null;
            }
        }
        if (textsMissing) {
            reads.wantTexts();
        }
        return !textsMissing;
    }

    private static Visible unlessExpired(Visible message, boolean isExpired, List<Visible> expired) {
        if (isExpired) {
            expired.add(message);
            return null;
        }
        return message;
    }

    private static boolean comesFirst(Visible message, Lease lease) {
        long insertedAtMillis = message.row.insertedAtMillis();
        return insertedAtMillis < lease.visibleAtMillis()
                || insertedAtMillis == lease.visibleAtMillis() && message.sequence < lease.sequence();
    }

    /** Gives a message its next lease, with a new nonce. @param former null if it was fresh, then {@code row} is needed */
    private Lease relet(long sequence, MessageRow row, Lease former, long visibleAtMillis, int dequeueCount) {
        if (former == null) {
            fresh.remove(sequence);
            return grant(Lease.first(sequence, row, visibleAtMillis, dequeueCount, random.getAsLong()));
        }
        changes.delete(former.key());
        leases.remove(former);
        return grant(former.renewed(visibleAtMillis, dequeueCount, random.getAsLong()));
    }

    private Lease grant(Lease lease) {
        changes.put(lease.key(), lease.value());
        leases.add(lease);
        reads.leaseChanged(lease);
        return lease;
    }

    private void rewrite(long sequence, MessageRow row) {
        changes.put(QueueRows.messageKey(sequence), row.value());
        reads.messageWritten(sequence, row);
    }

    private void remove(long sequence, Lease lease) {
        changes.delete(QueueRows.messageKey(sequence));
        if (lease == null) {
            fresh.remove(sequence);
        } else {
            changes.delete(lease.key());
            leases.remove(lease);
        }
        reads.removed(sequence);
        messageCount--;
    }

    private void removeAll() {
        changes.deleteRange(QueueRows.messageKey(0), QueueRows.messageKey(reads.nextSequence()));
        changes.deleteRange(QueueRows.leaseKey(0, 0), QueueRows.leasesEnd());
        reads.removedAll();
        messageCount = 0;
    }

    private static long expiryOf(long timeToLiveMillis, long nowMillis) {
        return timeToLiveMillis < 0 ? MessageRow.NEVER_EXPIRES_MILLIS : Math.min(nowMillis + timeToLiveMillis, MessageRow.NEVER_EXPIRES_MILLIS);
    }

    private static Answer updated(Lease lease) {
        return new Answer(new QueueReply.Updated(new UpdatedMessage(lease.receipt().text(), lease.visibleAtMillis())));
    }

    private static Answer done() {
        return new Answer(new QueueReply.Done());
    }

    private static Answer moved() {
        return new Answer(new QueueReply.Moved());
    }

    private static Answer refused(StorageErrorCode error) {
        return new Answer(new QueueReply.Refused(error));
    }
}
