package io.lazuli.security;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.storage.common.StorageSharedKeyCredential;
import io.lazuli.kernel.ManualClock;
import java.net.MalformedURLException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharedKeyVerifierTest {

    private static final String KEY_1 = Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes());
    private static final String KEY_2 = Base64.getEncoder().encodeToString("fedcba9876543210fedcba9876543210".getBytes());
    private static final String URL = "http://127.0.0.1:10001/acc1/queue-1/messages?visibilitytimeout=10&messagettl=-1";
    private static final long NOW_MILLIS = 1_700_000_000_000L;

    private final ManualClock clock = new ManualClock(NOW_MILLIS);
    private final AccountKeys accounts = account -> account.equals("acc1")
            ? List.of(SigningKey.ofBase64(KEY_1), SigningKey.ofBase64(KEY_2))
            : List.of();
    private final SharedKeyVerifier verifier = new SharedKeyVerifier(accounts, clock);

    @ParameterizedTest
    @ValueSource(strings = {KEY_NAME_1, KEY_NAME_2})
    void eitherKeyIsGood(String keyName) throws MalformedURLException {
        verifier.verify(StorageService.QUEUE, "acc1", signedBySdk("POST", URL, headers(), keyName.equals(KEY_NAME_1) ? KEY_1 : KEY_2));
    }

    private static final String KEY_NAME_1 = "key1";
    private static final String KEY_NAME_2 = "key2";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | http://h:1/acc1?comp=list&prefix=a%2Cb&include=metadata,deleted&maxresults=5
            GET    | http://h:1/acc1/?comp=list&include=metadata&include=deleted
            PUT    | http://h:1/acc1/my-queue
            GET    | http://h:1/acc1/my-queue?comp=metadata&timeout=30
            DELETE | http://h:1/acc1/q/messages/663d89aa-d1d9-42a2-9a6a-fcf822a97d2c?popreceipt=AgAAAAEAAAApAAAAGIw6Q29bzAE%3D%2B
            GET    | http://h:1/acc1/c/a%20b%2Fc%C3%A9
            GET    | http://h:1/acc1/c/a+b?x=1+2
            GET    | http://acc1.queue.localhost:1/?comp=list
            GET    | http://acc1.queue.localhost:1/q?comp=metadata
            GET    | http://acc1-secondary.queue.localhost:1/q?comp=metadata
            GET    | http://h:1/acc1-secondary/q?comp=metadata
            """)
    void agreesWithTheOfficialSdk(String method, String url) throws MalformedURLException {
        verifier.verify(StorageService.QUEUE, "acc1", signedBySdk(method, url, headers(), KEY_1));
    }

    @Test
    void agreesWithTheOfficialSdkOnOddMetadataNames() throws MalformedURLException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String letters = "abzAB019_";
        for (int round = 0; round < 300; round++) {
            Map<String, String> headers = headers();
            for (int i = random.nextInt(6); i >= 0; i--) {
                StringBuilder name = new StringBuilder("x-ms-meta-");
                for (int length = 1 + random.nextInt(5); length > 0; length--) {
                    name.append(letters.charAt(random.nextInt(letters.length())));
                }
                headers.putIfAbsent(name.toString().toLowerCase(), "v" + random.nextInt(10));
            }
            FakeRequest request = signedBySdk("PUT", "http://h:1/acc1/q?comp=metadata", headers, KEY_1);
            assertDoesNotThrow(() -> verifier.verify(StorageService.QUEUE, "acc1", request), () -> "seed " + seed + " " + headers);
        }
    }

    @ParameterizedTest
    @EnumSource(SharedKeyScheme.class)
    void ownSignerIsVerifiedForEveryService(SharedKeyScheme scheme) {
        SharedKeySigner signer = new SharedKeySigner("acc1", SigningKey.ofBase64(KEY_2), scheme, clock);
        for (StorageService service : StorageService.values()) {
            Map<String, String> headers = new HashMap<>(Map.of("x-ms-version", "2021-12-02", "Content-Type", "application/xml", "Content-Length", "11"));
            Map<String, String> signed = signer.sign(service, "POST", URI.create(URL), headers);
            verifier.verify(service, "acc1", FakeRequest.of("POST", URL, signed));
        }
    }

    @Test
    void ownSignerAgreesWithTheOfficialSdk() throws MalformedURLException {
        SharedKeySigner signer = new SharedKeySigner("acc1", SigningKey.ofBase64(KEY_1), SharedKeyScheme.SHARED_KEY, clock);
        Map<String, String> headers = headers();
        assertEquals(
                signedBySdk("POST", URL, headers, KEY_1).header("Authorization"),
                signer.sign(StorageService.QUEUE, "POST", URI.create(URL), headers).get("Authorization"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            method        | PUT
            path          | /acc1/queue-2/messages
            header        | x-ms-meta-a
            date          | 2
            length        | 7
            """)
    void whatIsChangedAfterSigningIsRefused(String what, String value) throws MalformedURLException {
        FakeRequest good = signedBySdk("POST", URL, headers(), KEY_1);
        FakeRequest changed = switch (what) {
            case "method" -> new FakeRequest(value, good.rawPath(), good.query(), good.byName());
            case "path" -> new FakeRequest(good.method(), value, good.query(), good.byName());
            case "header" -> with(good, value, "1");
            case "date" -> with(good, "x-ms-date", HttpDates.format(NOW_MILLIS + 1000));
            default -> with(good, "Content-Length", value);
        };
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, "acc1", changed);
    }

    @Test
    void wrongKeyIsRefusedWithTheStringThatTheServerSigned() throws MalformedURLException {
        String wrong = Base64.getEncoder().encodeToString("another key another key another!".getBytes());
        RefusedException refused = assertRefused(
                RefusedException.Reason.AUTHENTICATION_FAILED, "acc1", signedBySdk("POST", URL, headers(), wrong));
        assertTrue(refused.detail().contains("/acc1/acc1/queue-1/messages\nmessagettl:-1\nvisibilitytimeout:10"), refused.detail());
    }

    /** The reference signs an account's secondary location as its primary; the official clients sign the path as it is. */
    @Test
    void secondaryPathMayBeSignedAsThePrimary() throws MalformedURLException {
        FakeRequest primary = signedBySdk("GET", "http://h:1/acc1/q?comp=metadata", headers(), KEY_1);
        verifier.verify(StorageService.QUEUE, "acc1",
                new FakeRequest(primary.method(), "/acc1-secondary/q", primary.query(), primary.byName()));
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, "acc1",
                new FakeRequest(primary.method(), "/acc1-secondaryq", primary.query(), primary.byName()));
    }

    /** So that the time of a refusal is that of a wrong key, whatever else was wrong. */
    @Test
    void signatureIsComputedBeforeAnythingElseIsJudged() throws MalformedURLException {
        List<String> asked = new ArrayList<>();
        SharedKeyVerifier watched = new SharedKeyVerifier(account -> {
            asked.add(account);
            return List.of();
        }, clock);
        FakeRequest old = signedBySdk("POST", URL, headers(), KEY_1);
        clock.jumpTo(NOW_MILLIS + 3_600_000);
        assertTrue(assertThrows(RefusedException.class, () -> watched.verify(StorageService.QUEUE, "acc1", old)).detail().contains("too old"));
        assertEquals(List.of("acc1"), asked);
    }

    @Test
    void unknownAccountIsRefusedLikeAWrongKey() throws MalformedURLException {
        FakeRequest request = signedBySdk("POST", URL, headers(), KEY_1);
        request.byName().put("Authorization", request.header("Authorization").replace("acc1", "acc2"));
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, "acc2", request);
    }

    @Test
    void signerOfAnotherAccountIsRefused() throws MalformedURLException {
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, "acc2", signedBySdk("POST", URL, headers(), KEY_1));
    }

    @ParameterizedTest
    @CsvSource({"-900000, true", "-900001, false", "900000, true", "900001, false"})
    void dateMayBeAQuarterOfAnHourOff(long offsetMillis, boolean accepted) throws MalformedURLException {
        FakeRequest request = signedBySdk("POST", URL, headers(), KEY_1);
        clock.jumpTo(NOW_MILLIS - offsetMillis);
        if (accepted) {
            verifier.verify(StorageService.QUEUE, "acc1", request);
        } else {
            assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, "acc1", request);
        }
    }

    @Test
    void plainDateHeaderWillDo() throws MalformedURLException {
        Map<String, String> headers = headers();
        headers.put("Date", headers.remove("x-ms-date"));
        verifier.verify(StorageService.QUEUE, "acc1", signedBySdk("POST", URL, headers, KEY_1));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "absent", value = {"absent", "''", "yesterday", "2023-11-14T22:13:20Z"})
    void withoutAProperDateItIsRefused(String date) throws MalformedURLException {
        Map<String, String> headers = headers();
        headers.remove("x-ms-date");
        if (date != null) {
            headers.put("x-ms-date", date);
        }
        assertRefused(RefusedException.Reason.AUTHENTICATION_FAILED, "acc1", signedBySdk("POST", URL, headers, KEY_1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "absent", textBlock = """
            absent                  | NO_CREDENTIALS
            Bearer abc              | UNSUPPORTED_SCHEME
            Basic YTpi              | MALFORMED_CREDENTIALS
            SharedKey               | MALFORMED_CREDENTIALS
            SharedKey acc1          | MALFORMED_CREDENTIALS
            SharedKey acc1:         | MALFORMED_CREDENTIALS
            SharedKey :c2ln         | MALFORMED_CREDENTIALS
            SharedKey acc1:%%%      | MALFORMED_CREDENTIALS
            SharedKey acc1:c2ln     | AUTHENTICATION_FAILED
            """)
    void credentialsInNoFormAreRefused(String authorization, RefusedException.Reason reason) {
        Map<String, String> headers = headers();
        if (authorization != null) {
            headers.put("Authorization", authorization);
        }
        assertRefused(reason, "acc1", FakeRequest.of("POST", URL, headers));
    }

    private RefusedException assertRefused(RefusedException.Reason reason, String account, SignableRequest request) {
        RefusedException refused = assertThrows(RefusedException.class, () -> verifier.verify(StorageService.QUEUE, account, request));
        assertEquals(reason, refused.reason());
        return refused;
    }

    private static Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        headers.put("x-ms-date", HttpDates.format(NOW_MILLIS));
        headers.put("x-ms-version", "2025-11-05");
        headers.put("x-ms-client-request-id", "8d3a");
        headers.put("Content-Length", "27");
        headers.put("Content-Type", "application/xml");
        return headers;
    }

    private static FakeRequest signedBySdk(String method, String url, Map<String, String> headers, String key) throws MalformedURLException {
        Map<String, String> signed = new HashMap<>(headers);
        signed.put("Authorization", new StorageSharedKeyCredential("acc1", key)
                .generateAuthorizationHeader(URI.create(url).toURL(), method, headers));
        return FakeRequest.of(method, url, signed);
    }

    private static FakeRequest with(FakeRequest request, String header, String value) {
        request.byName().put(header, value);
        return request;
    }
}
