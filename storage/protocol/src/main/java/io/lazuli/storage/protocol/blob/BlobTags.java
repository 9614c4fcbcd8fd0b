package io.lazuli.storage.protocol.blob;

import io.lazuli.security.QueryString;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.service.XmlBodies;
import io.lazuli.storage.protocol.xml.XmlElement;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.util.Map;
import java.util.TreeMap;

/** A blob's tags as {@code x-ms-tags} and as XML. Source: "Set Blob Tags", "Put Blob". */
final class BlobTags {

    static final int MAX_BODY_BYTES = 32 << 10;
    static final int MAX_KEY_CHARS = 128;
    static final int MAX_VALUE_CHARS = 256;

    private static final String MARKS = " +-./:=_";

    private BlobTags() {}

    /** {@code key=value&…}, escaped as a form is; null if there is no such header. @throws StorageException InvalidTags, TagsTooLarge */
    static Map<String, String> ofHeader(String text) {
        if (text == null) {
            return null;
        }
        Map<String, String> tags = new TreeMap<>();
        try {
            for (QueryString.Parameter parameter : QueryString.parse(text.replace("+", "%20")).parameters()) {
                put(tags, parameter.name(), parameter.value());
            }
        } catch (IllegalArgumentException e) {
            throw new StorageException(StorageErrorCode.INVALID_TAGS);
        }
        return tags;
    }

    /** @throws StorageException InvalidXmlDocument, MissingRequiredXmlNode, InvalidTags, TagsTooLarge */
    static Map<String, String> ofXml(byte[] body) {
        Map<String, String> tags = new TreeMap<>();
        XmlElement set = XmlBodies.required(XmlBodies.root(body, "Tags"), "TagSet");
        for (XmlElement tag : set.children()) {
            if (!tag.name().equals("Tag")) {
                throw BadRequests.invalidXml("a TagSet has Tags only");
            }
            put(tags, XmlBodies.required(tag, "Key").text(), XmlBodies.required(tag, "Value").text());
        }
        return tags;
    }

    private static void put(Map<String, String> tags, String key, String value) {
        if (key.isEmpty() || !isGood(key) || !isGood(value) || tags.put(key, value) != null) {
            throw new StorageException(StorageErrorCode.INVALID_TAGS);
        }
        if (tags.size() > BlobLimits.MAX_TAGS || key.length() > MAX_KEY_CHARS || value.length() > MAX_VALUE_CHARS) {
            throw new StorageException(StorageErrorCode.TAGS_TOO_LARGE);
        }
    }

    private static boolean isGood(String text) {
        return text.chars().allMatch(c ->
                c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || MARKS.indexOf(c) >= 0);
    }

    /** The element {@code Tags} within whatever is being written. */
    static void write(XmlWriter xml, Map<String, String> tags) {
        xml.open("Tags").open("TagSet");
        tags.forEach((key, value) -> xml.open("Tag").element("Key", key).element("Value", value).close("Tag"));
        xml.close("TagSet").close("Tags");
    }
}
