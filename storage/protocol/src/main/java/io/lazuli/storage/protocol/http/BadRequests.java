package io.lazuli.storage.protocol.http;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Errors about a part of the request, with the elements that name it in the error body. Source: "Status and error codes". */
public final class BadRequests {

    private BadRequests() {}

    public static StorageException invalidParameter(String name, String value, String reason) {
        return with(StorageErrorCode.INVALID_QUERY_PARAMETER_VALUE,
                "QueryParameterName", name, "QueryParameterValue", value, "Reason", reason);
    }

    public static StorageException outOfRange(String name, String value, long min, long max) {
        return with(StorageErrorCode.OUT_OF_RANGE_QUERY_PARAMETER_VALUE,
                "QueryParameterName", name, "QueryParameterValue", value,
                "MinimumAllowed", Long.toString(min), "MaximumAllowed", Long.toString(max));
    }

    public static StorageException missingParameter(String name) {
        return with(StorageErrorCode.MISSING_REQUIRED_QUERY_PARAMETER, "QueryParameterName", name);
    }

    public static StorageException unsupportedParameter(String name, String value) {
        return with(StorageErrorCode.UNSUPPORTED_QUERY_PARAMETER, "QueryParameterName", name, "QueryParameterValue", value);
    }

    public static StorageException invalidHeader(String name, String value) {
        return with(StorageErrorCode.INVALID_HEADER_VALUE, "HeaderName", name, "HeaderValue", value);
    }

    public static StorageException invalidXml(String reason) {
        return with(StorageErrorCode.INVALID_XML_DOCUMENT, "Reason", reason);
    }

    public static StorageException invalidNode(String name, String value) {
        return with(StorageErrorCode.INVALID_XML_NODE_VALUE, "XmlNodeName", name, "XmlNodeValue", value);
    }

    public static StorageException missingNode(String name) {
        return with(StorageErrorCode.MISSING_REQUIRED_XML_NODE, "XmlNodeName", name);
    }

    /** @param reason the sentence that says what is wrong */
    public static StorageException invalidInput(String reason) {
        return with(StorageErrorCode.INVALID_INPUT, "Reason", reason);
    }

    private static StorageException with(StorageErrorCode code, String... namesAndValues) {
        Map<String, String> details = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            details.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new StorageException(code, details);
    }
}
