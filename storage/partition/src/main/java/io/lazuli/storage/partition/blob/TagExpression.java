package io.lazuli.storage.partition.blob;

import java.util.Map;

/**
 * A condition on tags, as {@code x-ms-if-tags} and Find Blobs by Tags have it: comparisons of tags with texts, joined by {@code AND} and (in
 * {@code x-ms-if-tags}) {@code OR}. Source: "Find Blobs by Tags", "Specifying conditional headers for Blob service operations".
 */
public interface TagExpression {

    boolean matches(Map<String, String> tags);

    /** The container that it asks for with {@code @container}, null if it does not. */
    String container();
}
