package io.lazuli.security;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A genuine signature's fields, understood. Times are null where the token leaves them to a stored access policy, or where a start is
 * not given. Immutable.
 */
record SasTerms(SharedAccessSignature sas, Long startMillis, Long expiryMillis, Ipv4Range sourceIps, boolean httpsOnly) {

    private static final Pattern VERSION = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    /** @throws RefusedException if a field is missing, or the version too old */
    static void requireFields(SharedAccessSignature sas) {
        requirePresent("sv", sas.version());
        String minVersion = switch (sas) {
            case AccountSas account -> AccountSas.MIN_VERSION;
            case BlobSas blob -> minVersion(blob.kind());
            case QueueSas queue -> ServiceSasText.MIN_VERSION;
            case TableSas table -> ServiceSasText.MIN_VERSION;
        };
        if (!VERSION.matcher(sas.version()).matches() || sas.version().compareTo(minVersion) < 0) {
            throw RefusedException.failed("sv must be " + minVersion + " or later.");
        }
        switch (sas) {
            case AccountSas account -> {
                requirePresent("ss", account.services());
                requirePresent("srt", account.resourceTypes());
            }
            case BlobSas blob -> {
                if (blob.kind().equals("bs") || blob.kind().equals("bv")) {
                    requirePresent(blob.kind().equals("bs") ? "snapshot" : "versionid", blob.state());
                }
                if (blob.kind().equals("d") && BlobSas.depthOf(blob.directoryDepth()) == 0) {
                    throw RefusedException.failed("sdd must be a positive number if sr is d.");
                }
            }
            case QueueSas queue -> {}
            case TableSas table -> {
                requirePresent("tn", table.table());
                requireBoth("spk", table.keys().startPartitionKey(), "srk", table.keys().startRowKey());
                requireBoth("epk", table.keys().endPartitionKey(), "erk", table.keys().endRowKey());
            }
        }
        if (sas.identifier().isEmpty()) {
            requirePresent("sp", sas.permissions());
            requirePresent("se", sas.expiry());
        }
    }

    /** Of the kinds of signatures for blobs, as they came. */
    private static String minVersion(String kind) {
        return switch (kind) {
            case "c", "b" -> ServiceSasText.MIN_VERSION;
            case "bs" -> "2018-11-09";
            case "bv" -> "2019-12-12";
            case "d" -> "2020-02-10";
            case "" -> throw RefusedException.failed("sr is mandatory. Cannot be empty");
            default -> throw RefusedException.failed("sr is none of c, b, bs, bv, d.");
        };
    }

    static void requirePresent(String name, String value) {
        if (value.isEmpty()) {
            throw RefusedException.failed(name + " is mandatory. Cannot be empty");
        }
    }

    private static void requireBoth(String name, String value, String dependentName, String dependentValue) {
        if (dependentValue != null && value == null) {
            throw RefusedException.failed(name + " is mandatory if " + dependentName + " is given");
        }
    }

    /** @throws RefusedException if a field cannot be understood */
    static SasTerms of(SharedAccessSignature sas) {
        boolean limitsAreSigned = sas instanceof AccountSas || ServiceSasText.areLimitsSigned(sas.version());
        if (!limitsAreSigned && !(sas.sourceIps().isEmpty() && sas.protocols().isEmpty())) {
            throw RefusedException.failed("sip and spr need a later sv.");
        }
        Optional<Ipv4Range> sourceIps = Ipv4Range.parse(sas.sourceIps());
        if (sourceIps.isEmpty()) {
            throw RefusedException.failed("sip is not a valid IPv4 address or range.");
        }
        boolean httpsOnly = switch (sas.protocols()) {
            case "", "https,http", "http,https" -> false;
            case "https" -> true;
            default -> throw RefusedException.failed("spr must be https or https,http.");
        };
        return new SasTerms(sas, millis("st", sas.start()), millis("se", sas.expiry()), sourceIps.get(), httpsOnly);
    }

    /** Null if the text is null or empty. */
    static Long millis(String name, String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        OptionalLong millis = Iso8601.parseMillis(text);
        if (millis.isEmpty()) {
            throw RefusedException.failed(name + " is not a valid UTC date time.");
        }
        return millis.getAsLong();
    }

    void requireOrigin(Supplier<String> sourceIp, boolean https) {
        if (!sourceIps.isAny()) {
            String address = sourceIp.get();
            if (!sourceIps.contains(address)) {
                throw new RefusedException(RefusedException.Reason.SOURCE_IP, address);
            }
        }
        if (httpsOnly && !https) {
            throw new RefusedException(RefusedException.Reason.PROTOCOL, null);
        }
    }

    /** @param wanted a container, queue or table; empty for the account's service, null for whichever the signature is for */
    void requireResource(String wanted) {
        boolean other = switch (sas) {
            case TableSas table -> wanted != null && !table.table().equalsIgnoreCase(wanted);
            case BlobSas blob -> wanted != null && !blob.container().equals(wanted);
            case AccountSas account -> false;
            case QueueSas queue -> false;
        };
        if (other) {
            throw RefusedException.failed("The signature is for another resource than the request's.");
        }
    }
}
