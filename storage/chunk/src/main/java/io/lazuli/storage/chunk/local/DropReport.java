package io.lazuli.storage.chunk.local;

/** What {@link LocalChunks#drop} did: chunks that it looked at because they are old enough, and those of them that are gone. */
public record DropReport(int group, long oldChunks, long droppedChunks, long droppedBytes) {}
