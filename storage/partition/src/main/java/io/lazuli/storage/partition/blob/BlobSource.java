package io.lazuli.storage.partition.blob;

/** A blob of this cloud that is copied; whoever asks has been found to be allowed to read it. */
public record BlobSource(String account, String container, BlobTarget target) {}
