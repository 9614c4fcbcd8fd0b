package io.lazuli.storage.chunk;

import io.lazuli.kernel.NodeId;
import java.util.SortedSet;

/**
 * What a sweep of the whole cloud did.
 *
 * @param droppedChunks copies, on all nodes together
 * @param silent storage nodes that did not take part, because they did not answer or clocks differ; they keep garbage until the next sweep
 */
public record SweepReport(long droppedChunks, long droppedBytes, SortedSet<NodeId> silent) {}
