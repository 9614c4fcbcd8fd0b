package io.lazuli.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.sas.AccountSasPermission;
import com.azure.storage.common.sas.AccountSasResourceType;
import com.azure.storage.common.sas.AccountSasService;
import com.azure.storage.common.sas.AccountSasSignatureValues;
import com.azure.storage.common.sas.SasIpRange;
import com.azure.storage.common.sas.SasProtocol;
import io.lazuli.kernel.ManualClock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountSasTest {

    private static final String KEY_TEXT = Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes());
    private static final SigningKey KEY = SigningKey.ofBase64(KEY_TEXT);
    private static final SigningKey NEW_KEY = SigningKey.ofBase64(Base64.getEncoder().encodeToString("fedcba9876543210fedcba9876543210".getBytes()));
    private static final AccountSas GOOD = new AccountSas(
            "2021-12-02", "bqt", "sco", "rwdlacup", "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "10.0.0.1-10.0.0.9", "https,http", "");

    private final ManualClock clock = new ManualClock(Iso8601.parseMillis("2024-01-01T12:00:00Z").getAsLong());
    private final List<SigningKey> keys = new ArrayList<>(List.of(KEY));
    private final SasVerifier verifier = new SasVerifier(StorageService.QUEUE, account -> account.equals("acc1") ? List.copyOf(keys) : List.of(), clock);

    @Test
    void agreesWithTheOfficialSdk() {
        @SuppressWarnings("deprecation")
        String token = new AccountSasSignatureValues(
                        OffsetDateTime.parse("2024-01-02T00:00:00Z"),
                        AccountSasPermission.parse("rwdlacup"), AccountSasService.parse("bqt"), AccountSasResourceType.parse("sco"))
                .setStartTime(OffsetDateTime.parse("2024-01-01T00:00:00Z"))
                .setSasIpRange(SasIpRange.parse("10.0.0.1-10.0.0.9"))
                .setProtocol(SasProtocol.HTTPS_HTTP)
                .generateSasQueryParameters(new StorageSharedKeyCredential("acc1", KEY_TEXT))
                .encode();
        verify(token, "10.0.0.5", false);
    }

    @ParameterizedTest
    @CsvSource({"2015-04-05", "2018-11-09", "2020-12-06", "2021-12-02", "2025-11-05", "2099-01-01"})
    void everyVersionIsSignedAndVerified(String version) {
        verify(new AccountSas(version, "q", "o", "a", "", "2024-01-02", "", "", "").token("acc1", KEY), "10.0.0.5", false);
    }

    @Test
    void encryptionScopeIsSignedSince20201206() {
        AccountSas scoped = new AccountSas("2020-12-06", "q", "o", "a", "", "2024-01-02", "", "", "scope1");
        assertEquals("acc1\na\nq\no\n\n2024-01-02\n\n\n2020-12-06\nscope1\n", scoped.stringToSign("acc1"));
        AccountSas older = new AccountSas("2020-10-02", "q", "o", "a", "", "2024-01-02", "", "", "scope1");
        assertEquals("acc1\na\nq\no\n\n2024-01-02\n\n\n2020-10-02\n", older.stringToSign("acc1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "absent", textBlock = """
            sv  | 2014-02-14                     | AUTHENTICATION_FAILED
            sv  | tomorrow                       | AUTHENTICATION_FAILED
            sv  | ''                             | AUTHENTICATION_FAILED
            ss  | ''                             | AUTHENTICATION_FAILED
            srt | ''                             | AUTHENTICATION_FAILED
            sp  | ''                             | AUTHENTICATION_FAILED
            se  | ''                             | AUTHENTICATION_FAILED
            se  | tomorrow                       | AUTHENTICATION_FAILED
            se  | 2024-01-01T12:00:00Z           | AUTHENTICATION_FAILED
            se  | 2024-01-01T12:00:01Z           | absent
            se  | 2024-01-01T14:00:00+02:00      | AUTHENTICATION_FAILED
            se  | 2024-01-01T12:01Z              | absent
            se  | 2024-01-02T00:00:00.0000000Z   | absent
            st  | ''                             | absent
            st  | tomorrow                       | AUTHENTICATION_FAILED
            st  | 2024-01-01T12:00:00Z           | absent
            st  | 2024-01-01T12:00:01Z           | AUTHENTICATION_FAILED
            sip | 10.0.0.5                       | absent
            sip | 10.0.0.6                       | SOURCE_IP
            sip | 10.0.0.1-10.0.0.5              | absent
            sip | 10.0.0.6-10.0.0.9              | SOURCE_IP
            sip | 10.0.0.9-10.0.0.1              | AUTHENTICATION_FAILED
            sip | 10.0.0.300                     | AUTHENTICATION_FAILED
            spr | https                          | PROTOCOL
            spr | https,http                     | absent
            spr | http                           | AUTHENTICATION_FAILED
            ss  | bt                             | SERVICE
            srt | sc                             | RESOURCE_TYPE
            sp  | rwdl                           | PERMISSION
            """)
    void everyFieldIsEnforced(String field, String value, RefusedException.Reason reason) {
        AccountSas sas = new AccountSas(
                field.equals("sv") ? value : GOOD.version(), field.equals("ss") ? value : GOOD.services(),
                field.equals("srt") ? value : GOOD.resourceTypes(), field.equals("sp") ? value : GOOD.permissions(),
                field.equals("st") ? value : GOOD.start(), field.equals("se") ? value : GOOD.expiry(),
                field.equals("sip") ? value : GOOD.sourceIps(), field.equals("spr") ? value : GOOD.protocols(), "");
        String token = sas.token("acc1", KEY);
        if (reason == null) {
            verify(token, "10.0.0.5", false);
        } else {
            assertEquals(reason, assertThrows(RefusedException.class, () -> verify(token, "10.0.0.5", false)).reason());
        }
    }

    @Test
    void httpsOnlySignatureServesHttps() {
        verify(new AccountSas("2021-12-02", "q", "o", "a", "", "2024-01-02", "", "https", "").token("acc1", KEY), "::1", true);
    }

    @ParameterizedTest
    @CsvSource({"sp=rwdlacup, sp=rwdlacupx", "ss=bqt, ss=bqtf", "srt=sco, srt=oc", "se=2024, se=2034", "sv=2021, sv=2022", "sig=, sig=A"})
    void tamperedTokenIsRefused(String from, String to) {
        String token = GOOD.token("acc1", KEY);
        verify(token, "10.0.0.5", false);
        RefusedException refused = assertThrows(RefusedException.class, () -> verify(token.replace(from, to), "10.0.0.5", false));
        assertEquals(RefusedException.Reason.AUTHENTICATION_FAILED, refused.reason());
    }

    @Test
    void rememberedTokenStillExpires() {
        String token = GOOD.token("acc1", KEY);
        verify(token, "10.0.0.5", false);
        clock.advanceMillis(12 * 3_600_000);
        assertThrows(RefusedException.class, () -> verify(token, "10.0.0.5", false));
    }

    @Test
    void rememberedTokenDiesWithItsKey() {
        String token = GOOD.token("acc1", KEY);
        verify(token, "10.0.0.5", false);
        keys.set(0, NEW_KEY);
        assertThrows(RefusedException.class, () -> verify(token, "10.0.0.5", false));
    }

    @Test
    void plusSignsOfTheSignatureMayComeAsBlanks() {
        for (int i = 0; i < 40; i++) {
            String token = new AccountSas("2021-12-02", "q", "o", "a", "", "2024-01-02", "10.0.0." + i, "", "").token("acc1", KEY);
            verify(token.replace("%2B", "%20"), "10.0.0." + i, false);
        }
    }

    @Test
    void operationThatNoAccountSignatureAllowsIsRefused() {
        SasGrant grant = verifier.verify(QueryString.parse(GOOD.token("acc1", KEY)), "acc1", "orders", null, () -> "10.0.0.5", false);
        RefusedException refused = assertThrows(RefusedException.class,
                () -> grant.require(ResourceType.CONTAINER, "orders", Permission.NONE, Permission.ANY));
        assertEquals(RefusedException.Reason.OPERATION, refused.reason());
    }

    private void verify(String token, String sourceIp, boolean https) {
        verifier.verify(QueryString.parse(token), "acc1", "orders", null, () -> sourceIp, https)
                .require(ResourceType.OBJECT, "orders", Permission.of("a"), Permission.NONE);
    }
}
