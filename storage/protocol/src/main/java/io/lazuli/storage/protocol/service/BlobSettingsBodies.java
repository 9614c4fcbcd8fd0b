package io.lazuli.storage.protocol.service;

import io.lazuli.storage.partition.ServiceProperties.BlobSettings;
import io.lazuli.storage.partition.ServiceProperties.Retention;
import io.lazuli.storage.partition.ServiceProperties.StaticWebsite;
import io.lazuli.storage.protocol.http.ServiceVersion;
import io.lazuli.storage.protocol.xml.XmlElement;
import io.lazuli.storage.protocol.xml.XmlWriter;

/** The parts of service properties that only the blob service has. Source: "Set Blob Service Properties", "Get Blob Service Properties". */
final class BlobSettingsBodies {

    static final int MAX_DOCUMENT_CHARS = 255;

    private static final String DELETE_RETENTION_SINCE = "2017-07-29";
    private static final String WEBSITE_SINCE = "2018-03-28";

    private BlobSettingsBodies() {}

    /** What a request sets; null parts stay as they are. */
    record Change(String defaultServiceVersion, Retention deleteRetention, boolean allowsPermanentDelete, StaticWebsite website) {

        BlobSettings applyTo(BlobSettings current) {
            return new BlobSettings(
                    defaultServiceVersion == null ? current.defaultServiceVersion() : defaultServiceVersion,
                    deleteRetention == null ? current.deleteRetention() : deleteRetention,
                    deleteRetention == null ? current.allowsPermanentDelete() : allowsPermanentDelete,
                    website == null ? current.website() : website,
                    current.versioning(),
                    current.containerRetentionDays())
                    .withLifecycle(current.lifecycle());
        }
    }

    static Change read(XmlElement root) {
        String version = XmlBodies.textOf(root, "DefaultServiceVersion");
        if (version != null && !version.isEmpty() && ServiceVersion.parse(version) == null) {
            throw XmlBodies.invalid("DefaultServiceVersion", version);
        }
        XmlElement retention = root.child("DeleteRetentionPolicy");
        XmlElement website = root.child("StaticWebsite");
        return new Change(
                version == null || version.isEmpty() ? null : version,
                retention == null ? null : ServicePropertiesBodies.readRetention(retention),
                retention != null && retention.child("AllowPermanentDelete") != null && XmlBodies.requiredFlag(retention, "AllowPermanentDelete"),
                website == null ? null : website(website));
    }

    private static StaticWebsite website(XmlElement website) {
        if (!XmlBodies.requiredFlag(website, "Enabled")) {
            return StaticWebsite.NONE;
        }
        String index = document(website, "IndexDocument");
        if (index != null && index.indexOf('/') >= 0) {
            throw XmlBodies.invalid("IndexDocument", index);
        }
        return new StaticWebsite(true, index, document(website, "ErrorDocument404Path"), document(website, "DefaultIndexDocumentPath"));
    }

    private static String document(XmlElement website, String name) {
        String path = XmlBodies.textOf(website, name);
        if (path == null || path.isEmpty()) {
            return null;
        }
        if (path.length() > MAX_DOCUMENT_CHARS) {
            throw XmlBodies.invalid(name, path);
        }
        return path;
    }

    static void write(BlobSettings settings, ServiceVersion version, XmlWriter xml) {
        if (settings.defaultServiceVersion() != null) {
            xml.element("DefaultServiceVersion", settings.defaultServiceVersion());
        }
        if (version.isSince(DELETE_RETENTION_SINCE)) {
            Retention retention = settings.deleteRetention();
            xml.open("DeleteRetentionPolicy").element("Enabled", retention.enabled());
            if (retention.enabled()) {
                xml.element("Days", retention.days()).element("AllowPermanentDelete", settings.allowsPermanentDelete());
            }
            xml.close("DeleteRetentionPolicy");
        }
        if (version.isSince(WEBSITE_SINCE)) {
            StaticWebsite website = settings.website();
            xml.open("StaticWebsite").element("Enabled", website.enabled());
            optional(xml, "IndexDocument", website.indexDocument());
            optional(xml, "DefaultIndexDocumentPath", website.defaultIndexDocumentPath());
            optional(xml, "ErrorDocument404Path", website.errorDocument404Path());
            xml.close("StaticWebsite");
        }
    }

    private static void optional(XmlWriter xml, String name, String text) {
        if (text != null) {
            xml.element(name, text);
        }
    }
}
