package io.lazuli.storage.protocol.service;

import io.lazuli.security.StorageService;
import io.lazuli.storage.partition.ServiceProperties.BlobSettings;
import io.lazuli.storage.partition.ServiceProperties.CorsRule;
import io.lazuli.storage.partition.ServiceProperties.Logging;
import io.lazuli.storage.partition.ServiceProperties.Metrics;
import io.lazuli.storage.partition.ServiceProperties.Retention;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.ServiceVersion;
import io.lazuli.storage.protocol.xml.XmlElement;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The properties of an account's service as XML. Source: "Set Queue Service Properties", "Set Table Service Properties", "Set Blob Service
 * Properties", "CORS support".
 */
final class ServicePropertiesBodies {

    static final int MAX_BODY_BYTES = 64 * 1024;
    static final int MAX_RETENTION_DAYS = 365;
    static final int MAX_CORS_BYTES = 2 * 1024;
    static final int MAX_CORS_LIST_ENTRIES = 64;
    static final int MAX_CORS_PREFIXED_HEADERS = 2;
    static final int MAX_CORS_ENTRY_CHARS = 256;

    /** From this version on there are minute metrics and CORS rules, and what is left out stays as it is. */
    private static final String PARTS_SINCE = "2013-08-15";

    private static final Set<String> METHODS = Set.of("DELETE", "GET", "HEAD", "MERGE", "POST", "OPTIONS", "PUT", "PATCH");
    private static final Set<String> PARTS = Set.of("Logging", "Metrics", "HourMetrics", "MinuteMetrics", "Cors");
    private static final Set<String> BLOB_PARTS = Set.of("DefaultServiceVersion", "DeleteRetentionPolicy", "StaticWebsite");

    private ServicePropertiesBodies() {}

    /** What a request sets; null parts stay as they are. */
    record Change(Logging logging, Metrics hourMetrics, Metrics minuteMetrics, List<CorsRule> corsRules, BlobSettingsBodies.Change blobs) {

        /** Whether nothing stays as it is; of blobs something always does. */
        boolean isWhole() {
            return logging != null && hourMetrics != null && minuteMetrics != null && corsRules != null && blobs == null;
        }

        ServiceProperties applyTo(ServiceProperties current) {
            return new ServiceProperties(
                    logging == null ? current.logging() : logging,
                    hourMetrics == null ? current.hourMetrics() : hourMetrics,
                    minuteMetrics == null ? current.minuteMetrics() : minuteMetrics,
                    corsRules == null ? current.corsRules() : corsRules,
                    blobs == null ? BlobSettings.INITIAL : blobs.applyTo(current.blobs()));
        }
    }

    static Change read(byte[] body, ServiceVersion version, StorageService service) {
        boolean ofBlobs = service == StorageService.BLOB;
        XmlElement root = XmlBodies.root(body, "StorageServiceProperties");
        for (XmlElement part : root.children()) {
            if (!PARTS.contains(part.name()) && !(ofBlobs && BLOB_PARTS.contains(part.name()))) {
                throw BadRequests.invalidXml("StorageServiceProperties has no " + part.name());
            }
        }
        XmlElement logging = root.child("Logging");
        XmlElement hour = root.child(version.isSince(PARTS_SINCE) ? "HourMetrics" : "Metrics");
        XmlElement minute = root.child("MinuteMetrics");
        XmlElement cors = root.child("Cors");
        return new Change(
                logging == null ? null : logging(logging),
                hour == null ? null : metrics(hour),
                minute == null ? null : metrics(minute),
                cors == null ? null : corsRules(cors),
                ofBlobs ? BlobSettingsBodies.read(root) : null);
    }

    private static Logging logging(XmlElement logging) {
        return new Logging(
                version(logging),
                XmlBodies.requiredFlag(logging, "Delete"),
                XmlBodies.requiredFlag(logging, "Read"),
                XmlBodies.requiredFlag(logging, "Write"),
                retention(logging));
    }

    private static Metrics metrics(XmlElement metrics) {
        boolean enabled = XmlBodies.requiredFlag(metrics, "Enabled");
        boolean includeApis = enabled && XmlBodies.requiredFlag(metrics, "IncludeAPIs");
        return new Metrics(version(metrics), enabled, includeApis, retention(metrics));
    }

    private static String version(XmlElement parent) {
        String version = XmlBodies.required(parent, "Version").text().trim();
        if (!version.equals("1.0")) {
            throw XmlBodies.invalid("Version", version);
        }
        return version;
    }

    private static Retention retention(XmlElement parent) {
        return readRetention(XmlBodies.required(parent, "RetentionPolicy"));
    }

    static Retention readRetention(XmlElement retention) {
        boolean enabled = XmlBodies.requiredFlag(retention, "Enabled");
        return new Retention(enabled, enabled ? XmlBodies.requiredNumber(retention, "Days", 1, MAX_RETENTION_DAYS) : 0);
    }

    private static List<CorsRule> corsRules(XmlElement cors) {
        List<CorsRule> rules = new ArrayList<>();
        int bytes = 0;
        for (XmlElement rule : cors.children()) {
            if (!rule.name().equals("CorsRule")) {
                throw BadRequests.invalidXml("only CorsRule elements are expected");
            }
            rules.add(corsRule(rule));
            for (XmlElement node : rule.children()) {
                bytes += node.textLengthBytes();
            }
        }
        if (rules.size() > ServiceProperties.MAX_CORS_RULES) {
            throw BadRequests.invalidXml("at most " + ServiceProperties.MAX_CORS_RULES + " CORS rules are allowed");
        }
        if (bytes > MAX_CORS_BYTES) {
            throw BadRequests.invalidXml("CORS rules have at most " + MAX_CORS_BYTES + " bytes together");
        }
        return rules;
    }

    private static CorsRule corsRule(XmlElement rule) {
        List<String> origins = list(rule, "AllowedOrigins", true);
        List<String> methods = list(rule, "AllowedMethods", true);
        for (String method : methods) {
            if (!METHODS.contains(method)) {
                throw XmlBodies.invalid("AllowedMethods", method);
            }
        }
        return new CorsRule(
                origins, methods, headers(rule, "AllowedHeaders"), headers(rule, "ExposedHeaders"),
                XmlBodies.requiredNumber(rule, "MaxAgeInSeconds", 0, Integer.MAX_VALUE));
    }

    private static List<String> headers(XmlElement rule, String name) {
        List<String> headers = list(rule, name, false);
        long prefixed = headers.stream().filter(header -> header.endsWith("*") && header.length() > 1).count();
        boolean asteriskElsewhere = headers.stream().anyMatch(header -> header.indexOf('*') >= 0 && header.indexOf('*') < header.length() - 1);
        if (prefixed > MAX_CORS_PREFIXED_HEADERS || asteriskElsewhere) {
            throw XmlBodies.invalid(name, String.join(",", headers));
        }
        return headers;
    }

    private static List<String> list(XmlElement rule, String name, boolean required) {
        String text = required ? XmlBodies.required(rule, name).text().trim() : XmlBodies.textOf(rule, name);
        List<String> entries = new ArrayList<>();
        for (String entry : text == null ? new String[0] : text.split(",")) {
            if (!entry.isBlank()) {
                entries.add(entry.trim());
            }
        }
        boolean entryTooLong = entries.stream().anyMatch(entry -> entry.length() > MAX_CORS_ENTRY_CHARS);
        if (required && entries.isEmpty() || entries.size() > MAX_CORS_LIST_ENTRIES || entryTooLong) {
            throw XmlBodies.invalid(name, text);
        }
        return entries;
    }

    static byte[] write(ServiceProperties properties, ServiceVersion version, StorageService service) {
        XmlWriter xml = new XmlWriter(1024).open("StorageServiceProperties");
        Logging logging = properties.logging();
        xml.open("Logging")
                .element("Version", logging.version())
                .element("Delete", logging.delete())
                .element("Read", logging.read())
                .element("Write", logging.write());
        write(logging.retention(), xml);
        xml.close("Logging");
        if (version.isSince(PARTS_SINCE)) {
            write("HourMetrics", properties.hourMetrics(), xml);
            write("MinuteMetrics", properties.minuteMetrics(), xml);
            write(properties.corsRules(), xml);
        } else {
            write("Metrics", properties.hourMetrics(), xml);
        }
        if (service == StorageService.BLOB) {
            BlobSettingsBodies.write(properties.blobs(), version, xml);
        }
        return xml.close("StorageServiceProperties").toBytes();
    }

    private static void write(String name, Metrics metrics, XmlWriter xml) {
        xml.open(name).element("Version", metrics.version()).element("Enabled", metrics.enabled());
        if (metrics.enabled()) {
            xml.element("IncludeAPIs", metrics.includeApis());
        }
        write(metrics.retention(), xml);
        xml.close(name);
    }

    private static void write(Retention retention, XmlWriter xml) {
        xml.open("RetentionPolicy").element("Enabled", retention.enabled());
        if (retention.enabled()) {
            xml.element("Days", retention.days());
        }
        xml.close("RetentionPolicy");
    }

    private static void write(List<CorsRule> rules, XmlWriter xml) {
        xml.open("Cors");
        for (CorsRule rule : rules) {
            xml.open("CorsRule")
                    .element("AllowedOrigins", String.join(",", rule.allowedOrigins()))
                    .element("AllowedMethods", String.join(",", rule.allowedMethods()))
                    .element("AllowedHeaders", String.join(",", rule.allowedHeaders()))
                    .element("ExposedHeaders", String.join(",", rule.exposedHeaders()))
                    .element("MaxAgeInSeconds", rule.maxAgeSeconds())
                    .close("CorsRule");
        }
        xml.close("Cors");
    }
}
