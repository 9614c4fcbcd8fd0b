package io.lazuli.storage.partition.blob.service;

import io.lazuli.kernel.wire.WireMessage;

/**
 * What a pass over all blobs found and did.
 *
 * @param complete whether everything could be read; otherwise no bytes were collected
 * @param namedRuns repetitions included
 * @param tidied blobs of which something was dropped
 * @param aged states that were deleted or given another tier because an account's rules say so
 * @param droppedChunks copies of chunks on all nodes together, {@code droppedBytes} likewise; -1 if nothing was collected because
 *     there was no complete pass before
 * @param silentNodes storage nodes that took no part in collecting
 * @param failure null, or why it is not complete
 */
public record UpkeepReport(
        long startedMillis, long tookMillis, boolean complete, long containers, long blobs, long rows, long namedRuns, long tidied,
        long aged, long droppedChunks, long droppedBytes, int silentNodes, String failure) implements WireMessage {}
