package io.lazuli.storage.journal;

import io.lazuli.storage.store.ReadPoint;

/**
 * What this node knows of one persistence id's writer: pure decisions, no input or output. Nothing of it survives a crash:
 * the epoch in the store does, and refuses whoever holds an older one.
 *
 * <pre>
 *                 claimed                commit failed
 *   UNCLAIMED ──────────────▶ OPEN ─────────────────────▶ FAILED
 *                             │  ▲                           │
 *                             └──┴── claimed, newer epoch ◀──┘
 * </pre>
 *
 * In OPEN, events must come without a gap: the next number is the one behind the last that was written or rejected. The
 * first actor that writes after a claim is the writer until the next claim; its predecessor is remembered, so that an
 * actor that was replaced is refused even before its successor writes. In FAILED everything is refused until an actor
 * recovers, because the outcome of the failed commit may be unknown.
 */
final class Writer {

    enum Phase { UNCLAIMED, OPEN, FAILED }

    private Phase phase = Phase.UNCLAIMED;
    private long epoch;
    private ReadPoint at = ReadPoint.latest();
    private long nextSequenceNr;
    private String writerUuid;
    private String replacedWriterUuid;
    private int saves;

    Phase phase() {
        return phase;
    }

    long epoch() {
        return epoch;
    }

    /** From where on reads see everything that was written before the claim. */
    ReadPoint at() {
        return at;
    }

    long highestSequenceNr() {
        return nextSequenceNr - 1;
    }

    /** An older claim than the present one, which can arrive late, changes nothing. */
    void claimed(long newEpoch, ReadPoint claimedAt, long highestSequenceNr) {
        if (newEpoch <= epoch) {
            return;
        }
        phase = Phase.OPEN;
        epoch = newEpoch;
        at = claimedAt;
        nextSequenceNr = highestSequenceNr + 1;
        if (writerUuid != null) {
            replacedWriterUuid = writerUuid;
        }
        writerUuid = null;
    }

    /** A commit under {@code failedEpoch} failed; one of an earlier claim says nothing of the present one. */
    void failed(long failedEpoch) {
        if (phase == Phase.OPEN && failedEpoch == epoch) {
            phase = Phase.FAILED;
        }
    }

    /**
     * Lets the events from {@code first} to {@code last} be written next, whether they are then written or rejected.
     *
     * @throws StaleWriterException if another actor is the writer or the numbers do not follow; nothing has changed
     */
    void admit(String uuid, long first, long last) {
        if (writerUuid == null ? uuid.equals(replacedWriterUuid) : !uuid.equals(writerUuid)) {
            throw new StaleWriterException("writer " + uuid + " was replaced by another of the same persistence id");
        }
        if (first != nextSequenceNr || last < first) {
            throw new StaleWriterException("events " + first + " to " + last + " where " + nextSequenceNr + " is the next");
        }
        writerUuid = uuid;
        nextSequenceNr = last + 1;
    }

    JournalKeys.Save nextSave(long sequenceNr) {
        return new JournalKeys.Save(sequenceNr, epoch, saves++);
    }
}
