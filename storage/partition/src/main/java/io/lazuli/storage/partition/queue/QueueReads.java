package io.lazuli.storage.partition.queue;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.Recent;
import io.lazuli.storage.partition.queue.Lease.LeaseKey;
import io.lazuli.storage.store.Row;
import io.lazuli.storage.store.RowPage;
import io.lazuli.storage.store.RowRange;
import io.lazuli.storage.store.StoreLimits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The half of {@link QueueState} that brings rows into memory: which pages to read when, and how what was read and what was
 * changed meanwhile fit together. A read sees the rows as of a durable batch; everything changed by later batches is in
 * {@link #touched} and {@link #written} and is laid over it (see {@link Recent}).
 */
final class QueueReads {

    /** Stands for a lease where a message was removed. */
    private static final Lease GONE = new Lease(0, 0, 0, 0, 0, 0, 0);

    /** An expired message that a sweep came across. {@code lease} is null if it is fresh. */
    record Expired(long sequence, Lease lease) {}

    private final QueueLimits limits;
    private final FreshWindow fresh;
    private final LeaseWindow leases;
    private final ExpirySweep sweep;
    private final Recent<Long, Lease> touched;
    private final Recent<Long, MessageRow> written = new Recent<>(0, Long.MAX_VALUE, MessageRow::bytes);

    private long nextSequence;
    /** Messages below it were cleared; rows of theirs that a read still shows are not there any more. */
    private long clearedBelow;

    private long openBatch = 1;
    private long durableBatch;
    /** Every message put by a durable batch has a lower number. */
    private long durableNextSequence;
    /** {@code nextSequence} at the end of each batch that is sealed and not durable. */
    private final Deque<Long> sealedNextSequences = new ArrayDeque<>();
    /** How many reads are under way that saw a batch. */
    private final TreeMap<Long, Integer> readsBySeenBatch = new TreeMap<>();

    private RowRead.Scan freshScan;
    private RowRead.Scan leaseScan;
    private RowRead.Scan sweepScan;
    private RowRead.Texts texts;
    private boolean textsWanted;

    QueueReads(QueueLimits limits, FreshWindow fresh, LeaseWindow leases, Progress progress) {
        this.limits = limits;
        this.fresh = fresh;
        this.leases = leases;
        this.nextSequence = progress.nextSequence();
        this.durableNextSequence = progress.nextSequence();
        this.sweep = new ExpirySweep(limits, progress.timeMillis() + limits.sweepIntervalMillis());
        this.touched = new Recent<>(limits.leaseCache(), Long.MAX_VALUE, lease -> 0);
    }

    long nextSequence() {
        return nextSequence;
    }

    long takeSequence() {
        return nextSequence++;
    }

    /** Every message with a lower number is not fresh. */
    long headSequence() {
        return fresh.head(nextSequence);
    }

    void messageWritten(long sequence, MessageRow row) {
        written.put(sequence, row, openBatch);
        sweep.saw(row.expiresAtMillis());
    }

    void leaseChanged(Lease lease) {
        touched.put(lease.sequence(), lease, openBatch);
        sweep.saw(lease.expiresAtMillis());
    }

    void removed(long sequence) {
        touched.put(sequence, GONE, openBatch);
    }

    void removedAll() {
        clearedBelow = nextSequence;
        touched.clear();
        written.clear();
        fresh.clear(nextSequence);
        leases.clear();
        freshScan = null;
        leaseScan = null;
        texts = null;
    }

    long seal() {
        sealedNextSequences.add(nextSequence);
        return openBatch++;
    }

    void durable(long batch) {
        while (durableBatch < batch) {
            durableBatch++;
            durableNextSequence = sealedNextSequences.remove();
        }
        trim();
    }

    /** Never between the end of a read and the use of what it found: that is laid under what is forgotten here. */
    private void trim() {
        long floor = readsBySeenBatch.isEmpty() ? durableBatch : Math.min(durableBatch, readsBySeenBatch.firstKey());
        touched.trim(floor);
        written.trim(floor);
    }

    int size() {
        return touched.size() + written.size();
    }

    /** Looks first whether reads have ended since the last batch, which alone would not make room while no batch follows. */
    boolean overloaded() {
        if (!full()) {
            return false;
        }
        trim();
        return full();
    }

    private boolean full() {
        return written.bytes() > limits.recentBytes() || touched.size() > limits.leaseCache() + QueueLimits.MAX_UNSETTLED_LEASES;
    }

    /** Finds the message that an id and a receipt mean. @param found null, or what the look-up has found just now */
    Target find(String messageId, String popReceipt, RowRead.Rows.Found found, long nowMillis) {
        Optional<MessageId> parsed = MessageId.parse(messageId);
        if (parsed.isEmpty()) {
            return notFound();
        }
        MessageId id = parsed.get();
        long sequence = id.sequence();
        if (sequence < Math.max(1, clearedBelow) || sequence >= nextSequence) {
            return notFound();
        }
        Optional<PopReceipt> receipt = PopReceipt.parse(popReceipt);
        Lease known = touched.get(sequence);
        if (known == GONE) {
            return notFound();
        }
        if (known == null && receipt.isPresent()) {
            LeaseWindow.Entry entry = leases.get(new LeaseKey(receipt.get().visibleAtMillis(), sequence));
            known = entry == null ? null : entry.lease();
        }
        if (known != null) {
            return leased(id, receipt, known, nowMillis);
        }
        MessageRow row = fresh.get(sequence);
        if (row == null) {
            row = written.get(sequence);
        }
        if (row != null) {
            return fresh(id, receipt, row, nowMillis);
        }
        if (found == null) {
            byte[] leaseKey = receipt.map(r -> QueueRows.leaseKey(r.visibleAtMillis(), sequence)).orElse(null);
            return new Target.Unknown(begin(new RowRead.LookUp(durableBatch, leaseKey, QueueRows.messageKey(sequence))));
        }
        return fromRows(id, receipt, found, nowMillis);
    }

    private Target fromRows(MessageId id, Optional<PopReceipt> receipt, RowRead.Rows.Found found, long nowMillis) {
        if (found.lease().isPresent()) {
            byte[] key = QueueRows.leaseKey(receipt.orElseThrow().visibleAtMillis(), id.sequence());
            return leased(id, receipt, Lease.of(key, found.lease().get()), nowMillis);
        }
        if (found.message().isEmpty()) {
            return notFound();
        }
        MessageRow row = new MessageRow(found.message().get());
        if (!row.leased() && id.sequence() >= headSequence()) {
            return fresh(id, receipt, row, nowMillis);
        }
        return row.tag() != id.tag() || row.expired(nowMillis) ? notFound() : mismatch();
    }

    private static Target leased(MessageId id, Optional<PopReceipt> receipt, Lease lease, long nowMillis) {
        if (lease.tag() != id.tag() || lease.expired(nowMillis)) {
            return notFound();
        }
        return receipt.isPresent() && receipt.get().equals(lease.receipt()) ? new Target.Leased(lease) : mismatch();
    }

    private static Target fresh(MessageId id, Optional<PopReceipt> receipt, MessageRow row, long nowMillis) {
        if (row.tag() != id.tag() || row.expired(nowMillis)) {
            return notFound();
        }
        PopReceipt valid = new PopReceipt(row.insertedAtMillis(), row.nonce());
        return receipt.isPresent() && receipt.get().equals(valid) ? new Target.Fresh(id.sequence(), row) : mismatch();
    }

    private static Target notFound() {
        return new Target.Refused(StorageErrorCode.MESSAGE_NOT_FOUND);
    }

    private static Target mismatch() {
        return new Target.Refused(StorageErrorCode.POP_RECEIPT_MISMATCH);
    }

    /** The next read to begin, empty when all that are wanted are under way. */
    Optional<RowRead> next(long nowMillis) {
        catchUp();
        if (freshScan == null && fresh.wantsRows()) {
            freshScan = begin(new RowRead.Scan(durableBatch, new RowRange(
                    QueueRows.messageKey(fresh.nextToLoad()), QueueRows.messageKey(durableNextSequence),
                    Math.min(fresh.freeMessages(), StoreLimits.MAX_PAGE_ROWS),
                    (int) Math.min(fresh.freeBytes(), StoreLimits.MAX_PAGE_BYTES), false)));
            return Optional.of(freshScan);
        }
        if (leaseScan == null && leases.wantsRows(nowMillis)) {
            leaseScan = begin(new RowRead.Scan(durableBatch, new RowRange(
                    leases.bound().key(), QueueRows.leasesEnd(),
                    Math.min(leases.pageLeases(), StoreLimits.MAX_PAGE_ROWS), StoreLimits.MAX_PAGE_BYTES, false)));
            return Optional.of(leaseScan);
        }
        if (texts == null && textsWanted) {
            textsWanted = false;
            List<Lease> missing = leases.due(nowMillis).stream().limit(QueueLimits.TEXTS_PER_READ)
                    .filter(entry -> !show(entry)).map(LeaseWindow.Entry::lease).toList();
            if (!missing.isEmpty()) {
                texts = begin(new RowRead.Texts(durableBatch, missing));
                return Optional.of(texts);
            }
        }
        return Optional.empty();
    }

    /** The next page of the search for expired messages, if it is time for one. */
    Optional<RowRead> nextSweep(long nowMillis) {
        if (sweepScan != null || !sweep.due(nowMillis)) {
            return Optional.empty();
        }
        sweepScan = begin(new RowRead.Scan(durableBatch, sweep.next(leases.floorMillis(nowMillis))));
        return Optional.of(sweepScan);
    }

    boolean isSweep(RowRead read) {
        return read == sweepScan;
    }

    /** A read has ended; what it found comes with {@link #scanned}, {@link #fetched}, {@link #swept} or {@link #find}. */
    void ended(RowRead read) {
        readsBySeenBatch.computeIfPresent(read.seenBatch(), (batch, count) -> count == 1 ? null : count - 1);
    }

    void scanned(RowRead.Scan read, RowPage page) {
        if (read == freshScan) {
            freshScan = null;
            freshScanned(read, page);
        } else if (read == leaseScan) {
            leaseScan = null;
            leasesScanned(read, page);
        }
    }

    private void freshScanned(RowRead.Scan read, RowPage page) {
        for (Row row : page.rows()) {
            long sequence = QueueRows.sequenceOfMessageKey(row.key());
            MessageRow message = new MessageRow(row.value());
            if (!message.leased() && touched.get(sequence) == null) {
                fresh.add(sequence, message);
            }
        }
        if (page.more()) {
            fresh.loadedUpTo(QueueRows.sequenceOfMessageKey(page.rows().getLast().key()) + 1);
        } else {
            joinWritten(QueueRows.sequenceOfMessageKey(read.range().toExclusive()));
        }
    }

    private void leasesScanned(RowRead.Scan read, RowPage page) {
        LeaseKey from = leases.bound();
        if (from == null || !Arrays.equals(from.key(), read.range().fromInclusive())) {
            return;
        }
        LeaseKey to = null;
        if (page.more()) {
            byte[] last = page.rows().getLast().key();
            to = new LeaseKey(QueueRows.visibleAtOfLeaseKey(last), QueueRows.sequenceOfLeaseKey(last) + 1);
        }
        leases.extendTo(to);
        for (Lease changed : touched.after(read.seenBatch())) {
            if (changed != GONE && changed.place().compareTo(from) >= 0) {
                leases.add(changed);
            }
        }
        for (Row row : page.rows()) {
            Lease lease = Lease.of(row.key(), row.value());
            Lease known = touched.get(lease.sequence());
            if (lease.sequence() >= clearedBelow && (known == null || known.equals(lease))) {
                leases.add(lease);
            }
        }
    }

    void fetched(RowRead.Texts read, RowRead.Rows.Messages rows) {
        if (read != texts) {
            return;
        }
        texts = null;
        for (int i = 0; i < read.leases().size(); i++) {
            LeaseWindow.Entry entry = leases.get(read.leases().get(i).place());
            if (entry != null && !show(entry)) {
                entry.show(new MessageRow(rows.messages().get(i).orElseThrow(
                        () -> new IllegalStateException("a visibility row without its message: " + entry.lease()))));
            }
        }
    }

    /** The expired messages of a sweep's page. */
    List<Expired> swept(RowRead read, RowPage page, long nowMillis) {
        sweepScan = null;
        List<Expired> expired = new ArrayList<>();
        touched.after(read.seenBatch()).forEach(this::sawUnlessGone);
        written.after(read.seenBatch()).forEach(row -> sweep.saw(row.expiresAtMillis()));
        for (Row row : page.rows()) {
            Expired candidate = sweep.inLeases() ? expiredLease(row, nowMillis) : expiredFresh(row, nowMillis);
            if (candidate != null) {
                expired.add(candidate);
            }
        }
        sweep.advance(page, headSequence(), nowMillis);
        return expired;
    }

    private void sawUnlessGone(Lease lease) {
        if (lease != GONE) {
            sweep.saw(lease.expiresAtMillis());
        }
    }

    private Expired expiredLease(Row row, long nowMillis) {
        Lease lease = Lease.of(row.key(), row.value());
        Lease known = touched.get(lease.sequence());
        if (lease.sequence() < clearedBelow || known != null && !known.equals(lease)) {
            return null;
        }
        if (!lease.expired(nowMillis)) {
            sweep.saw(lease.expiresAtMillis());
            return null;
        }
        return new Expired(lease.sequence(), lease);
    }

    private Expired expiredFresh(Row row, long nowMillis) {
        long sequence = QueueRows.sequenceOfMessageKey(row.key());
        MessageRow message = new MessageRow(row.value());
        if (message.leased() || sequence < headSequence() || sequence < clearedBelow || touched.get(sequence) != null) {
            return null;
        }
        if (!message.expired(nowMillis)) {
            sweep.saw(message.expiresAtMillis());
            return null;
        }
        return new Expired(sequence, null);
    }

    /** True if the message of a due lease is in memory, after looking where it may be. */
    boolean show(LeaseWindow.Entry entry) {
        if (entry.row() == null) {
            MessageRow row = written.get(entry.lease().sequence());
            if (row != null) {
                entry.show(row);
            }
        }
        return entry.row() != null;
    }

    void wantTexts() {
        textsWanted = true;
    }

    /** Where the line has been read as far as batches are durable, the rest of it is in memory. True if there was such a rest. */
    boolean catchUp() {
        if (freshScan != null || !fresh.wantsRows() || fresh.nextToLoad() < durableNextSequence) {
            return false;
        }
        joinWritten(fresh.nextToLoad());
        return true;
    }

    /** Adds the messages from {@code sequence} on to the line, all of which are still in {@link #written}. */
    private void joinWritten(long from) {
        for (long sequence = from; sequence < nextSequence; sequence++) {
            if (!fresh.hasRoom()) {
                fresh.loadedUpTo(sequence);
                return;
            }
            MessageRow row = written.get(sequence);
            if (row != null && !row.leased() && touched.get(sequence) == null) {
                fresh.add(sequence, row);
            }
        }
        fresh.attach();
    }

    private <R extends RowRead> R begin(R read) {
        readsBySeenBatch.merge(read.seenBatch(), 1, Integer::sum);
        return read;
    }
}
