package io.lazuli.storage.protocol.service;

import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.ServiceRequest;
import java.util.OptionalInt;

/** Query parameters of the services' operations, read strictly. */
public final class Parameters {

    private static final int MAX_DIGITS = 10;

    private Parameters() {}

    /** @throws io.lazuli.storage.model.StorageException InvalidQueryParameterValue unless it is absent or a whole number of 32 bits */
    public static OptionalInt number(ServiceRequest request, String name) {
        String text = request.query().first(name);
        if (text == null) {
            return OptionalInt.empty();
        }
        int digitsStart = text.startsWith("-") ? 1 : 0;
        boolean digits = text.length() > digitsStart && text.length() - digitsStart <= MAX_DIGITS;
        for (int i = digitsStart; digits && i < text.length(); i++) {
            digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        long value = digits ? Long.parseLong(text) : Long.MAX_VALUE;
        if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
            throw BadRequests.invalidParameter(name, text, "must be a whole number of 32 bits");
        }
        return OptionalInt.of((int) value);
    }

    /** @throws io.lazuli.storage.model.StorageException OutOfRangeQueryParameterValue too */
    public static int numberWithin(ServiceRequest request, String name, int min, int max, int absent) {
        OptionalInt value = number(request, name);
        if (value.isEmpty()) {
            return absent;
        }
        if (value.getAsInt() < min || value.getAsInt() > max) {
            throw BadRequests.outOfRange(name, request.query().first(name), min, max);
        }
        return value.getAsInt();
    }

    public static boolean flag(ServiceRequest request, String name) {
        String text = request.query().first(name);
        if (text == null || text.equalsIgnoreCase("false")) {
            return false;
        }
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        throw BadRequests.invalidParameter(name, text, "must be true or false");
    }

    /** @throws io.lazuli.storage.model.StorageException MissingRequiredQueryParameter if it is absent or empty, InvalidQueryParameterValue if too long */
    public static String required(ServiceRequest request, String name, int maxChars) {
        String text = request.query().first(name);
        if (text == null || text.isEmpty()) {
            throw BadRequests.missingParameter(name);
        }
        if (text.length() > maxChars) {
            throw BadRequests.invalidParameter(name, text.substring(0, maxChars), "must have at most " + maxChars + " characters");
        }
        return text;
    }

    /** As {@link #required}, but empty if it is absent or empty. */
    public static String optional(ServiceRequest request, String name, int maxChars) {
        String text = request.query().first(name);
        return text == null || text.isEmpty() ? "" : required(request, name, maxChars);
    }

    /** @throws io.lazuli.storage.model.StorageException unless {@code restype} says that the account's service itself is meant */
    public static void requireServiceRestype(ServiceRequest request) {
        String restype = request.query().first("restype");
        if (restype == null) {
            throw BadRequests.missingParameter("restype");
        }
        if (!restype.equals("service")) {
            throw BadRequests.invalidParameter("restype", restype, "must be service");
        }
    }
}
