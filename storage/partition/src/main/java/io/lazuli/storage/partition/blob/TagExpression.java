package io.lazuli.storage.partition.blob;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A condition on tags, as {@code x-ms-if-tags} and Find Blobs by Tags have it: comparisons of tags with texts, joined by {@code AND} and (in
 * {@code x-ms-if-tags}) {@code OR}. Source: "Find Blobs by Tags", "Specifying conditional headers for Blob service operations".
 */
public interface TagExpression {

    boolean matches(Map<String, String> tags);

    /** The keys of the tags that it asks for. */
    Set<String> keys();

    /** Those of a blob's tags that it asks for: all that a search tells of what it finds. */
    default Map<String, String> named(Map<String, String> tags) {
        return tags.entrySet().stream().filter(tag -> keys().contains(tag.getKey())).collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The container that it asks for with {@code @container}, null if it does not. */
    String container();
}
