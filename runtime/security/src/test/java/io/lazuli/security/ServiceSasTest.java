package io.lazuli.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.core.credential.AzureNamedKeyCredential;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.sas.TableSasIpRange;
import com.azure.data.tables.sas.TableSasPermission;
import com.azure.data.tables.sas.TableSasProtocol;
import com.azure.data.tables.sas.TableSasSignatureValues;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.sas.SasIpRange;
import com.azure.storage.common.sas.SasProtocol;
import com.azure.storage.queue.QueueClientBuilder;
import com.azure.storage.queue.sas.QueueSasPermission;
import com.azure.storage.queue.sas.QueueServiceSasSignatureValues;
import io.lazuli.kernel.ManualClock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures for one queue or table: the published examples, the official SDKs, and what the reference says of each field. */
class ServiceSasTest {

    private static final String KEY_TEXT = Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes());
    private static final SigningKey KEY = SigningKey.ofBase64(KEY_TEXT);
    private static final long NOW_MILLIS = Iso8601.parseMillis("2024-01-01T12:00:00Z").getAsLong();
    private static final QueueSas QUEUE = new QueueSas(
            "orders", "2021-12-02", "raup", "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "10.0.0.1-10.0.0.9", "https,http", "");
    private static final TableSas TABLE = new TableSas(
            "People", "2021-12-02", "raud", "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "10.0.0.1-10.0.0.9", "https,http", "", GrantedKeys.ALL);

    private final ManualClock clock = new ManualClock(NOW_MILLIS);
    private final List<SigningKey> keys = new ArrayList<>(List.of(KEY));
    private final AccountKeys accounts = account -> account.equals("acc1") ? List.copyOf(keys) : List.of();
    private final SasVerifier queues = new SasVerifier(StorageService.QUEUE, accounts, clock);
    private final SasVerifier tables = new SasVerifier(StorageService.TABLE, accounts, clock);

    @Test
    void queueExampleRetrieveMessages() {
        assertEquals(
                "p\n2015-07-01T08:49Z\n2015-07-02T08:49Z\n/queue/myaccount/myqueue\nYWJjZGVmZw==\n2015-02-21",
                new QueueSas("myqueue", "2015-02-21", "p", "2015-07-01T08:49Z", "2015-07-02T08:49Z", "", "", "YWJjZGVmZw==")
                        .stringToSign("myaccount"));
    }

    @Test
    void tableExampleQueryARange() {
        assertEquals(
                "r\n2015-07-01T08:49Z\n2015-07-02T08:49Z\n/table/myaccount/mytable\nYWJjZGVmZw==\n2015-02-21\nCoho Winery\nAuburn\nCoho Winery\nSeattle",
                new TableSas("MyTable", "2015-02-21", "r", "2015-07-01T08:49Z", "2015-07-02T08:49Z", "", "", "YWJjZGVmZw==",
                        new GrantedKeys("Coho Winery", "Auburn", "Coho Winery", "Seattle")).stringToSign("myaccount"));
    }

    @Test
    void tableExampleUpdateAPartition() {
        assertEquals(
                "u\n2015-07-01T08:49Z\n2015-07-02T08:49Z\n/table/myaccount/mytable\nYWJjZGVmZw==\n2015-02-21\nCoho Winery\n\nCoho Winery\n",
                new TableSas("MyTable", "2015-02-21", "u", "2015-07-01T08:49Z", "2015-07-02T08:49Z", "", "", "YWJjZGVmZw==",
                        new GrantedKeys("Coho Winery", null, "Coho Winery", null)).stringToSign("myaccount"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2012-02-12 | r\\n\\n2024\\n/a/q\\n\\n2012-02-12
            2014-02-14 | r\\n\\n2024\\n/a/q\\n\\n2014-02-14
            2015-02-21 | r\\n\\n2024\\n/queue/a/q\\n\\n2015-02-21
            2015-04-05 | r\\n\\n2024\\n/queue/a/q\\n\\n\\n\\n2015-04-05
            2025-11-05 | r\\n\\n2024\\n/queue/a/q\\n\\n\\n\\n2025-11-05
            """)
    void whatIsSignedGrewWithTheVersions(String version, String text) {
        assertEquals(text.replace("\\n", "\n"), new QueueSas("q", version, "r", "", "2024", "", "", "").stringToSign("a"));
    }

    @Test
    void agreesWithTheOfficialSdkForQueues() {
        String token = new QueueClientBuilder().endpoint("http://127.0.0.1:1/acc1").queueName("orders")
                .credential(new StorageSharedKeyCredential("acc1", KEY_TEXT)).buildClient()
                .generateSas(new QueueServiceSasSignatureValues(OffsetDateTime.parse("2024-01-02T00:00:00Z"), QueueSasPermission.parse("rap"))
                        .setStartTime(OffsetDateTime.parse("2024-01-01T00:00:00Z"))
                        .setSasIpRange(SasIpRange.parse("10.0.0.1-10.0.0.9"))
                        .setProtocol(SasProtocol.HTTPS_HTTP));
        SasGrant grant = queue(token, "orders");
        grant.require(ResourceType.OBJECT, "orders", Permission.NONE, Permission.of("a"));
        assertRefused(RefusedException.Reason.PERMISSION, () -> grant.require(ResourceType.OBJECT, "orders", Permission.ANY, Permission.of("u")));
    }

    @Test
    void agreesWithTheOfficialSdkForTables() {
        TableClient client = new TableClientBuilder().endpoint("http://127.0.0.1:1/acc1").tableName("People")
                .credential(new AzureNamedKeyCredential("acc1", KEY_TEXT)).buildClient();
        String token = client.generateSas(
                new TableSasSignatureValues(OffsetDateTime.parse("2024-01-02T00:00:00Z"), TableSasPermission.parse("ra"))
                        .setStartTime(OffsetDateTime.parse("2024-01-01T00:00:00Z"))
                        .setSasIpRange(TableSasIpRange.parse("10.0.0.1-10.0.0.9"))
                        .setProtocol(TableSasProtocol.HTTPS_HTTP)
                        .setStartPartitionKey("b c'é").setStartRowKey("1").setEndPartitionKey("d").setEndRowKey("9"));
        SasGrant grant = table(token, "people");
        assertEquals(new GrantedKeys("b c'é", "1", "d", "9"), grant.grantedKeys());
        assertEquals("people", grant.resource());
        grant.require(ResourceType.OBJECT, "PEOPLE", Permission.NONE, Permission.of("a"));
        assertRefused(RefusedException.Reason.PERMISSION, () -> grant.require(ResourceType.OBJECT, "people", Permission.ANY, Permission.of("au")));
        assertEquals("policy1", table(client.generateSas(new TableSasSignatureValues("policy1")), "people").policy());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "absent", textBlock = """
            sv  | 2012-02-11                     | AUTHENTICATION_FAILED
            sv  | tomorrow                       | AUTHENTICATION_FAILED
            sv  | ''                             | AUTHENTICATION_FAILED
            sv  | 2014-02-14                     | AUTHENTICATION_FAILED
            sv  | 2015-04-05                     | absent
            sv  | 2099-01-01                     | absent
            sp  | ''                             | AUTHENTICATION_FAILED
            sp  | ru                             | PERMISSION
            se  | ''                             | AUTHENTICATION_FAILED
            se  | tomorrow                       | AUTHENTICATION_FAILED
            se  | 2024-01-01T12:00:00Z           | AUTHENTICATION_FAILED
            se  | 2024-01-01T12:00:01Z           | absent
            st  | ''                             | absent
            st  | tomorrow                       | AUTHENTICATION_FAILED
            st  | 2024-01-01T12:00:01Z           | AUTHENTICATION_FAILED
            sip | ''                             | absent
            sip | 10.0.0.6                       | SOURCE_IP
            sip | 10.0.0.300                     | AUTHENTICATION_FAILED
            spr | https                          | PROTOCOL
            spr | ''                             | absent
            spr | http                           | AUTHENTICATION_FAILED
            """)
    void everyFieldIsEnforced(String field, String value, RefusedException.Reason reason) {
        QueueSas sas = new QueueSas("orders",
                field.equals("sv") ? value : QUEUE.version(), field.equals("sp") ? value : QUEUE.permissions(),
                field.equals("st") ? value : QUEUE.start(), field.equals("se") ? value : QUEUE.expiry(),
                field.equals("sip") ? value : QUEUE.sourceIps(), field.equals("spr") ? value : QUEUE.protocols(), "");
        TableSas ofTable = new TableSas("orders", sas.version(), sas.permissions(), sas.start(), sas.expiry(), sas.sourceIps(), sas.protocols(), "", GrantedKeys.ALL);
        Permission add = Permission.of("a");
        if (reason == null) {
            queue(sas.token("acc1", KEY), "orders").require(ResourceType.OBJECT, "orders", Permission.NONE, add);
            table(ofTable.token("acc1", KEY), "orders").require(ResourceType.OBJECT, "orders", Permission.NONE, add);
        } else {
            assertRefused(reason, () -> queue(sas.token("acc1", KEY), "orders").require(ResourceType.OBJECT, "orders", Permission.NONE, add));
            assertRefused(reason, () -> table(ofTable.token("acc1", KEY), "orders").require(ResourceType.OBJECT, "orders", Permission.NONE, add));
        }
    }

    @Test
    void signatureForAnotherQueueOrTableIsRefused() {
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, () -> queue(QUEUE.token("acc1", KEY), "invoices"));
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, () -> queue(QUEUE.token("acc1", KEY), ""));
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, () -> table(TABLE.token("acc1", KEY), "Pets"));
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, () -> table(TABLE.token("acc1", KEY).replace("tn=People", "tn=Pets"), "Pets"));
        SasGrant ofBatch = table(TABLE.token("acc1", KEY), null);
        ofBatch.require(ResourceType.OBJECT, "people", Permission.NONE, Permission.of("u"));
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED,
                () -> ofBatch.require(ResourceType.OBJECT, "Pets", Permission.NONE, Permission.of("u")));
    }

    @Test
    void signatureOfOneServiceIsNoneOfAnother() {
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, () -> table(QUEUE.token("acc1", KEY) + "&tn=orders", "orders"));
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, () -> queue(TABLE.token("acc1", KEY), "people"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sp=raud", "spk=a", "se=2030-01-01", "si=policy", "tn=People", "sig=x", "SP=r"})
    void whatComesTwiceOrWasAddedIsRefused(String more) {
        String token = TABLE.within(new GrantedKeys("b", null, "c", null)).token("acc1", KEY);
        table(token, "people");
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, () -> table(token + "&" + more, "people"));
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, () -> table(more + "&" + token, "people"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spk", "epk"})
    void rangeIsPartOfWhatIsSigned(String name) {
        String token = TABLE.within(new GrantedKeys("b", null, "c", null)).token("acc1", KEY);
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, () -> table(token.replaceAll("&" + name + "=.", ""), "people"));
    }

    @Test
    void rowKeyNeedsItsPartitionKey() {
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, () -> table(TABLE.within(new GrantedKeys(null, "1", null, null)).token("acc1", KEY), "people"));
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, () -> table(TABLE.within(new GrantedKeys("a", null, null, "1")).token("acc1", KEY), "people"));
    }

    @Test
    void entitiesOutsideOfTheRangeAreRefused() {
        SasGrant grant = table(TABLE.within(new GrantedKeys("b", null, "c", null)).token("acc1", KEY), "people");
        grant.requireKey("b", "1");
        assertRefused(RefusedException.Reason.OPERATION, () -> grant.requireKey("d", "1"));
    }

    @Test
    void operationThatNoServiceSignatureAllowsIsRefused() {
        assertRefused(RefusedException.Reason.OPERATION,
                () -> queue(QUEUE.token("acc1", KEY), "orders").require(ResourceType.CONTAINER, "orders", Permission.ANY, Permission.NONE));
    }

    @Test
    void unknownAccountAndRolledKeyAreRefused() {
        String token = QUEUE.token("acc1", KEY);
        queue(token, "orders");
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED,
                () -> queues.verify(QueryString.parse(token), "acc2", "orders", null, () -> "10.0.0.5", false));
        keys.clear();
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, () -> queue(token, "orders"));
    }

    /** So that the time of a refusal is that of a wrong key, whatever else was wrong. */
    @ParameterizedTest
    @ValueSource(strings = {"sig=x", "sig=c2ln", "sig=c2ln&sv=2012-02-11&se=2024&sp=r", "sig=c2ln&se=tomorrow&sp=r&sv=2021-12-02", "sig=c2ln&sig=c2ln"})
    void keysAreTriedBeforeAnythingIsJudged(String token) {
        List<String> asked = new ArrayList<>();
        SasVerifier watched = new SasVerifier(StorageService.QUEUE, account -> {
            asked.add(account);
            return List.of();
        }, clock);
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED,
                () -> watched.verify(QueryString.parse(token), "acc1", "orders", null, () -> "10.0.0.5", false));
        assertEquals(List.of("acc1"), asked);
    }

    @Test
    void rememberedSignatureStillExpires() {
        String token = QUEUE.token("acc1", KEY);
        queue(token, "orders");
        clock.advanceMillis(12 * 3_600_000);
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, () -> queue(token, "orders"));
    }

    @Test
    void policyCompletesASignature() {
        SasGrant named = queue(QueueSas.byPolicy("orders", "policy1").token("acc1", KEY), "orders");
        assertFalse(named.isComplete());
        assertEquals("policy1", named.policy());
        assertThrows(IllegalStateException.class, () -> named.require(ResourceType.OBJECT, "orders", Permission.ANY, Permission.ANY));
        SasGrant complete = named.completedBy(new StoredPolicy(null, "2024-01-02", "ap"), NOW_MILLIS);
        assertTrue(complete.isComplete());
        complete.require(ResourceType.OBJECT, "orders", Permission.NONE, Permission.of("p"));
        assertRefused(RefusedException.Reason.PERMISSION, () -> complete.require(ResourceType.OBJECT, "orders", Permission.ANY, Permission.of("u")));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # token: st, se, sp     policy: st, se, sp                reason
            -, -, -,                -, 2024-01-02, r,                 -
            -, -, r,                -, 2024-01-02, -,                 -
            -, 2024-01-02, -,       -, -, r,                          -
            -, 2024-01-02, r,       -, -, -,                          -
            2024-01-01, -, -,       -, 2024-01-02, r,                 -
            -, -, -,                2024-01-01, 2024-01-02, r,        -
            -, -, -,                2024-01-01T12:00:01Z, 2024-01-02, r, AUTHENTICATION_FAILED
            -, -, -,                -, 2024-01-01T12:00:00Z, r,       AUTHENTICATION_FAILED
            -, -, -,                -, -, r,                          AUTHENTICATION_FAILED
            -, -, -,                -, 2024-01-02, -,                 AUTHENTICATION_FAILED
            -, -, r,                -, 2024-01-02, r,                 AUTHENTICATION_FAILED
            -, 2024-01-02, -,       -, 2024-01-03, r,                 AUTHENTICATION_FAILED
            2024-01-01, -, -,       2024-01-01, 2024-01-02, r,        AUTHENTICATION_FAILED
            """)
    void eachFieldComesFromTheTokenOrFromThePolicy(
            String start, String expiry, String permissions, String policyStart, String policyExpiry, String policyPermissions,
            RefusedException.Reason reason) {
        QueueSas sas = new QueueSas("orders", "2021-12-02", orEmpty(permissions), orEmpty(start), orEmpty(expiry), "", "", "policy1");
        SasGrant named = queue(sas.token("acc1", KEY), "orders");
        StoredPolicy policy = new StoredPolicy(policyStart, policyExpiry, policyPermissions);
        if (reason == null) {
            named.completedBy(policy, NOW_MILLIS).require(ResourceType.OBJECT, "orders", Permission.NONE, Permission.of("r"));
        } else {
            assertRefused(reason, () -> named.completedBy(policy, NOW_MILLIS));
        }
    }

    @Test
    void policyThatIsGoneEndsItsSignatures() {
        SasGrant named = queue(QueueSas.byPolicy("orders", "policy1").token("acc1", KEY), "orders");
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, () -> named.completedBy(null, NOW_MILLIS));
    }

    private SasGrant queue(String token, String queue) {
        return queues.verify(QueryString.parse(token), "acc1", queue, null, () -> "10.0.0.5", false);
    }

    private SasGrant table(String token, String table) {
        return tables.verify(QueryString.parse(token), "acc1", table, null, () -> "10.0.0.5", false);
    }

    private static void assertRefused(RefusedException.Reason reason, Runnable action) {
        assertEquals(reason, assertThrows(RefusedException.class, action::run).reason());
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
