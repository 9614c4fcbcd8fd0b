package io.lazuli.storage.protocol.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.security.StorageService;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.ServiceProperties.BlobSettings;
import io.lazuli.storage.partition.ServiceProperties.Retention;
import io.lazuli.storage.partition.ServiceProperties.StaticWebsite;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.protocol.http.ServiceVersion;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BlobSettingsBodiesTest {

    private static final ServiceVersion NEW = new ServiceVersion("2021-12-02");
    private static final BlobSettings ALL = new BlobSettings(
            "2020-10-02", new Retention(true, 14), true, new StaticWebsite(true, "index.html", "errors/404.html", "home.html"), true, 30);

    @Test
    void whatIsWrittenIsReadBackAndOwnSettingsStay() {
        byte[] body = ServicePropertiesBodies.write(ServiceProperties.initial().with(ALL), NEW, StorageService.BLOB);
        BlobSettings own = BlobSettings.INITIAL.withVersioning(true).withContainerRetentionDays(30);
        ServiceProperties changed = ServicePropertiesBodies.read(body, NEW, StorageService.BLOB).applyTo(ServiceProperties.initial().with(own));
        assertEquals(ServiceProperties.initial().with(ALL), changed);
    }

    @Test
    void whatIsLeftOutStays() {
        ServiceProperties current = ServiceProperties.initial().with(ALL);
        assertEquals(current, change(current, ""));
        BlobSettings disabled = change(current, "<StaticWebsite><Enabled>false</Enabled><IndexDocument>x</IndexDocument></StaticWebsite>").blobs();
        assertEquals(StaticWebsite.NONE, disabled.website());
        assertEquals(ALL.deleteRetention(), disabled.deleteRetention());
    }

    @Test
    void olderVersionsDoNotSeeWhatIsNewer() {
        ServiceProperties properties = ServiceProperties.initial().with(ALL);
        String old = text(ServicePropertiesBodies.write(properties, new ServiceVersion("2017-04-17"), StorageService.BLOB));
        assertFalse(old.contains("DeleteRetentionPolicy") || old.contains("StaticWebsite"), old);
        String ofQueues = text(ServicePropertiesBodies.write(properties, NEW, StorageService.QUEUE));
        assertFalse(ofQueues.contains("StaticWebsite"), ofQueues);
    }

    @Test
    void wrongSettingsAreRefused() {
        assertEquals(StorageErrorCode.INVALID_XML_NODE_VALUE,
                refused("<DeleteRetentionPolicy><Enabled>true</Enabled><Days>366</Days></DeleteRetentionPolicy>"));
        assertEquals(StorageErrorCode.MISSING_REQUIRED_XML_NODE, refused("<DeleteRetentionPolicy><Enabled>true</Enabled></DeleteRetentionPolicy>"));
        assertEquals(StorageErrorCode.MISSING_REQUIRED_XML_NODE, refused("<StaticWebsite></StaticWebsite>"));
        assertEquals(StorageErrorCode.INVALID_XML_NODE_VALUE,
                refused("<StaticWebsite><Enabled>true</Enabled><IndexDocument>a/b</IndexDocument></StaticWebsite>"));
        assertEquals(StorageErrorCode.INVALID_XML_NODE_VALUE, refused("<DefaultServiceVersion>yesterday</DefaultServiceVersion>"));
        assertEquals(StorageErrorCode.INVALID_XML_DOCUMENT, refused("<Other/>"));
    }

    private static StorageErrorCode refused(String parts) {
        return assertThrows(StorageException.class, () -> change(ServiceProperties.initial(), parts)).error();
    }

    private static ServiceProperties change(ServiceProperties current, String parts) {
        String body = "<StorageServiceProperties>" + parts + "</StorageServiceProperties>";
        return ServicePropertiesBodies.read(body.getBytes(StandardCharsets.UTF_8), NEW, StorageService.BLOB).applyTo(current);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
