package io.lazuli.storage.partition.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.partition.DirectoryRows;
import io.lazuli.storage.partition.GoldenFile;
import io.lazuli.storage.partition.ServiceProperties.BlobSettings;
import io.lazuli.storage.partition.ServiceProperties.CorsRule;
import io.lazuli.storage.partition.ServiceProperties.Logging;
import io.lazuli.storage.partition.ServiceProperties.Metrics;
import io.lazuli.storage.partition.ServiceProperties.Retention;
import io.lazuli.storage.partition.ServiceProperties.StaticWebsite;
import io.lazuli.storage.partition.ServiceProperties;
import io.lazuli.storage.partition.ServiceValues;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.LifecycleRule;
import io.lazuli.storage.partition.blob.LifecycleRule.Ages;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The stored format of accounts: a change that breaks this makes existing accounts unreadable. */
class AccountRowsTest {

    private static final DirectoryEntry ENTRY = new DirectoryEntry(DirectoryEntry.State.LIVE, PartitionId.parse("2.q.account-17"),
            Map.of("owner", "zoë", "a", ""), List.of(new AccessPolicy("id", "2026-01-01", null, "raup"), new AccessPolicy("x", null, null, null)));
    private static final ServiceProperties PROPERTIES = new ServiceProperties(
            new Logging("1.0", true, false, true, new Retention(true, 7)),
            new Metrics("1.0", true, true, new Retention(true, 365)),
            new Metrics("1.0", false, false, new Retention(false, 0)),
            List.of(new CorsRule(List.of("*"), List.of("GET", "PUT"), List.of("x-ms-*"), List.of(), 60)));

    private static final ServiceProperties BLOB_PROPERTIES = PROPERTIES.with(new BlobSettings(
            "2026-02-06", new Retention(true, 14), true, new StaticWebsite(true, "index.html", "404.html", null), true, 30));

    private static final ServiceProperties AGEING_PROPERTIES = BLOB_PROPERTIES.with(BLOB_PROPERTIES.blobs().withLifecycle(List.of(
            new LifecycleRule("old-logs", true, List.of("logs/2026", "traces"), List.of(BlobKind.BLOCK, BlobKind.APPEND),
                    new Ages(30, 60, 90, 2555), Ages.NEVER, new Ages(null, null, null, 0)),
            new LifecycleRule("off", false, List.of(), List.of(BlobKind.BLOCK), Ages.NEVER, new Ages(1, null, 3, null), Ages.NEVER))));

    @Test
    void rowsAreStoredAsEver() {
        new GoldenFile("account-rows.txt")
                .add("counter key", DirectoryRows.counterKey())
                .add("counter", DirectoryRows.counterValue(18))
                .add("entry key", AccountRows.queueKey("orders"))
                .add("entry", AccountRows.entryValue(ENTRY))
                .add("entry creating", AccountRows.entryValue(ENTRY.in(DirectoryEntry.State.CREATING)))
                .add("entry deleting", AccountRows.entryValue(ENTRY.in(DirectoryEntry.State.DELETING)))
                .add("work key", DirectoryRows.workKey("orders"))
                .add("work", DirectoryRows.workValue())
                .add("properties key", DirectoryRows.propertiesKey())
                .add("properties", ServiceValues.propertiesValue(PROPERTIES))
                .add("properties of blobs", ServiceValues.propertiesValue(BLOB_PROPERTIES))
                .add("properties of blobs with rules for ages", ServiceValues.propertiesValue(AGEING_PROPERTIES))
                .check();
    }

    @Test
    void rowsAreReadAsTheyWereWritten() {
        assertEquals(ENTRY, AccountRows.entryOf(AccountRows.entryValue(ENTRY)));
        assertEquals(PROPERTIES, ServiceValues.properties(ServiceValues.propertiesValue(PROPERTIES)));
        assertEquals(BLOB_PROPERTIES, ServiceValues.properties(ServiceValues.propertiesValue(BLOB_PROPERTIES)));
        assertEquals(AGEING_PROPERTIES, ServiceValues.properties(ServiceValues.propertiesValue(AGEING_PROPERTIES)));
        assertEquals(18, DirectoryRows.counterOf(Optional.of(DirectoryRows.counterValue(18))));
        assertEquals(1, DirectoryRows.counterOf(Optional.empty()));
        assertEquals("orders", DirectoryRows.nameOf(DirectoryRows.workKey("orders")));
    }

    @Test
    void rowsOfAnotherVersionAreRefused() {
        byte[] newer = AccountRows.entryValue(ENTRY);
        newer[0] = 2;
        assertThrows(IllegalStateException.class, () -> AccountRows.entryOf(newer));
    }
}
