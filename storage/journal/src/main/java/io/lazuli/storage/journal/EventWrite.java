package io.lazuli.storage.journal;

import io.lazuli.storage.store.RowOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One atomic write of a persistent actor, ready to be stored or rejected: pure, no input or output.
 *
 * @param puts one row per event, empty if rejected
 * @param rejection why nothing of it can ever be stored
 */
record EventWrite(long firstSequenceNr, long lastSequenceNr, List<RowOp> puts, int sizeBytes, Optional<Exception> rejection) {

    static EventWrite accepted(long firstSequenceNr, long lastSequenceNr, List<RowOp> puts, int sizeBytes) {
        if (sizeBytes > JournalLimits.MAX_BATCH_BYTES || puts.size() > JournalLimits.MAX_BATCH_ROWS) {
            return rejected(firstSequenceNr, lastSequenceNr, new IllegalArgumentException(puts.size() + " events of " + sizeBytes
                    + " bytes cannot be written at once; at most " + JournalLimits.MAX_BATCH_ROWS + " of " + JournalLimits.MAX_BATCH_BYTES));
        }
        return new EventWrite(firstSequenceNr, lastSequenceNr, List.copyOf(puts), sizeBytes, Optional.empty());
    }

    static EventWrite rejected(long firstSequenceNr, long lastSequenceNr, Exception why) {
        return new EventWrite(firstSequenceNr, lastSequenceNr, List.of(), 0, Optional.of(why));
    }

    /** As few batches as the limits allow, in order; an atomic write is never divided. */
    static List<List<RowOp>> batches(List<EventWrite> writes) {
        List<List<RowOp>> batches = new ArrayList<>();
        List<RowOp> batch = new ArrayList<>();
        int bytes = 0;
        for (EventWrite write : writes) {
            if (!batch.isEmpty() && (bytes + write.sizeBytes > JournalLimits.MAX_BATCH_BYTES
                    || batch.size() + write.puts.size() > JournalLimits.MAX_BATCH_ROWS)) {
                batches.add(batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.addAll(write.puts);
            bytes += write.sizeBytes;
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }
}
