package io.lazuli.storage.protocol.service;

import io.lazuli.security.SignableRequest;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.http.Reply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** Metadata of queues, containers and blobs as {@code x-ms-meta-name} headers. Source: "Setting and retrieving properties and metadata", "Set Queue Metadata". */
public final class MetadataHeaders {

    /** All names and values together. */
    public static final int MAX_BYTES = 8 * 1024;

    private static final String PREFIX = "x-ms-meta-";

    private MetadataHeaders() {}

    /**
     * Names keep their case and may differ in more than case only.
     *
     * @throws StorageException EmptyMetadataKey, InvalidMetadata, MetadataTooLarge
     */
    public static Map<String, String> read(SignableRequest request) {
        return read(request.headers());
    }

    /** The same of the answer that a copy's source gave. */
    public static Map<String, String> read(Iterable<Map.Entry<String, String>> headers) {
        Map<String, String> metadata = new LinkedHashMap<>();
        TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        int bytes = 0;
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
                String name = header.getKey().substring(PREFIX.length());
                if (name.isEmpty()) {
                    throw new StorageException(StorageErrorCode.EMPTY_METADATA_KEY);
                }
                String value = header.getValue().trim();
                if (!isIdentifier(name) || !isVisible(value) || !names.add(name)) {
                    throw new StorageException(StorageErrorCode.INVALID_METADATA);
                }
                bytes += name.length() + value.length();
                metadata.put(name, value);
            }
        }
        if (bytes > MAX_BYTES) {
            throw new StorageException(StorageErrorCode.METADATA_TOO_LARGE);
        }
        return metadata;
    }

    public static Reply write(Map<String, String> metadata, Reply reply) {
        metadata.forEach((name, value) -> reply.header(PREFIX + name, value));
        return reply;
    }

    /** An identifier of C# as far as it can stand in a header's name. */
    private static boolean isIdentifier(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isVisible(String value) {
        return value.chars().allMatch(c -> c >= ' ' && c < 0x7F || c == '\t');
    }
}
