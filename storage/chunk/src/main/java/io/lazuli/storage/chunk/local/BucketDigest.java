package io.lazuli.storage.chunk.local;

/**
 * What a node holds of one group from one span of time; equal on two nodes means, as good as certainly, that they hold the same chunks.
 *
 * @param fromMillis the first {@code createdMillis} of the bucket; it is {@link #BUCKET_MILLIS} long
 * @param chunks good ones; 1 or more
 * @param hash exclusive or of the hashes of their ids
 */
public record BucketDigest(long fromMillis, long chunks, long hash) {

    public static final long BUCKET_MILLIS = 3_600_000;
}
