package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableAccessPolicy;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableSignedIdentifier;
import com.azure.data.tables.models.TableTransactionAction;
import com.azure.data.tables.models.TableTransactionActionType;
import com.azure.data.tables.sas.TableAccountSasPermission;
import com.azure.data.tables.sas.TableAccountSasResourceType;
import com.azure.data.tables.sas.TableAccountSasService;
import com.azure.data.tables.sas.TableAccountSasSignatureValues;
import com.azure.data.tables.sas.TableSasIpRange;
import com.azure.data.tables.sas.TableSasPermission;
import com.azure.data.tables.sas.TableSasProtocol;
import com.azure.data.tables.sas.TableSasSignatureValues;
import io.lazuli.kernel.Clock;
import io.lazuli.security.AccountSas;
import io.lazuli.security.HttpDates;
import io.lazuli.security.GrantedKeys;
import io.lazuli.security.SharedKeyScheme;
import io.lazuli.security.SharedKeySigner;
import io.lazuli.security.SigningKey;
import io.lazuli.security.TableSas;
import io.lazuli.storage.protocol.conformance.TableServiceConformance.Case;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Who may what with tables: keys, account signatures, signatures of one table with and without a stored policy. */
final class TableSignatureCases {

    private static final SigningKey WRONG_KEY = SigningKey.ofBase64(Base64.getEncoder().encodeToString("this key is the key of nobody...".getBytes()));
    private static final String NEW_ENTITY = TableFixture.json("p", "new", "\"v\":1");

    /** Operation; what an account signature must have: resource type, permissions that each suffice ({@code +}: both); the same for a table's signature, or {@code none}. */
    private static final String OPERATIONS = """
            GET    | /Tables                             |                 | c | l   | none
            GET    | /Tables('{t}')                      |                 | c | l   | none
            POST   | /Tables                             |                 | c | c w | none
            DELETE | /Tables('{t}')                      |                 | c | d   | none
            GET    | ?restype=service&comp=properties    |                 | s | r   | none
            PUT    | ?restype=service&comp=properties    |                 | s | w   | none
            GET    | /{t}()                              |                 | o | r   | r
            GET    | /{t}()?$filter=PartitionKey%20eq%20'p' |              | o | r   | r
            GET    | {e}                                 |                 | o | r   | r
            POST   | /{t}                                |                 | o | a   | a
            PUT    | {e}                                 | If-Match: *     | o | u   | u
            MERGE  | {e}                                 | If-Match: *     | o | u   | u
            PATCH  | {e}                                 | If-Match: *     | o | u   | u
            PUT    | {e}                                 |                 | o | a+u | a+u
            MERGE  | {e}                                 |                 | o | a+u | a+u
            DELETE | {e}                                 | If-Match: *     | o | d   | d
            """;

    /** The range of a table's signature (spk, srk, epk, erk), and which of the entities a1 a2 b1 b2 c1 it covers. */
    private static final String RANGES = """
            b |   | b |   | b1 b2
            b |   |   |   | b1 b2 c1
              |   | b |   | a1 a2 b1 b2
            a | 2 | b | 1 | a2 b1
            a | 2 |   |   | a2 b1 b2 c1
              |   | b | 1 | a1 a2 b1
            b | 2 | b | 2 | b2
            d |   | e |   |
            a | 2 | a | 2 | a2
            """;

    private TableSignatureCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>(List.of(
                new Case("SharedKey is accepted with a body", f -> f.send("POST", "/" + f.newTable(), Map.of(), NEW_ENTITY).is(201)),
                new Case("SharedKey signs comp", f -> f.raw().send("GET", "/" + f.newTable() + "?comp=acl").is(200)),
                new Case("SharedKey by the Date header is accepted", TableSignatureCases::byDateHeader),
                new Case("SharedKeyLite is accepted", f -> f.raw().send("GET", "/Tables?$top=1", json(), "", lite(f)).is(200)),
                new Case("SharedKeyLite is accepted with a body", f -> f.raw().send("POST", "/" + f.newTable(), TableFixture.withFormat(Map.of(), NEW_ENTITY), NEW_ENTITY, lite(f)).is(201)),
                new Case("SharedKeyLite signs comp", f -> f.raw().send("GET", "/" + f.newTable() + "?comp=acl", Map.of(), "", lite(f)).is(200)),
                new Case("paths are signed as they are escaped", TableSignatureCases::escapedPath),
                new Case("a request without credentials answers 401", f -> assertTrue(!f.sendUnsigned("GET", "/Tables", Map.of(), "").is(401, "NoAuthenticationInformation").header("WWW-Authenticate").isEmpty())),
                new Case("a bearer token answers 401", f -> f.sendUnsigned("GET", "/Tables", Map.of("Authorization", "Bearer abc"), "").is(401, "InvalidAuthenticationInfo")),
                new Case("a wrong key answers 403", f -> f.raw().send("GET", "/Tables", json(), "", signer(f.target().account(), WRONG_KEY, SharedKeyScheme.SHARED_KEY)).is(403, "AuthenticationFailed")),
                new Case("SharedKeyLite by a wrong key answers 403", f -> f.raw().send("GET", "/Tables", json(), "", signer(f.target().account(), WRONG_KEY, SharedKeyScheme.SHARED_KEY_LITE)).is(403, "AuthenticationFailed")),
                new Case("another account's signature answers 403", f -> f.raw().sendTo(URI.create(f.endpoint() + "/Tables"), "GET", json(), "", f.otherRaw().signer()).is(403, "AuthenticationFailed")),
                new Case("an unknown account answers 403", f -> f.raw().sendTo(URI.create(f.endpoint() + "x/Tables"), "GET", json(), "", signer(f.target().account() + "x", WRONG_KEY, SharedKeyScheme.SHARED_KEY)).is(403, "AuthenticationFailed")),
                new Case("a date of an hour ago answers 403", f -> f.raw().send("GET", "/Tables", withDate(-60), "").is(403, "AuthenticationFailed")),
                new Case("a date in an hour answers 403", f -> f.raw().send("GET", "/Tables", withDate(60), "").is(403, "AuthenticationFailed")),
                new Case("a date of ten minutes ago is accepted", f -> f.raw().send("GET", "/Tables?$top=1", withDate(-10), "").is(200)),
                new Case("the SDK works through an account signature", TableSignatureCases::sdkAccountSas),
                new Case("the SDK works through a table's signature", TableSignatureCases::sdkTableSas),
                new Case("an account signature of the wrong service answers 403", f -> f.sendUnsigned("GET", "/Tables?" + accountSas(f, "q", "c", "l"), Map.of(), "").is(403, "AuthorizationServiceMismatch")),
                new Case("an expired account signature answers 403", f -> f.sendUnsigned("GET", "/Tables?" + token(f, new AccountSas("2021-12-02", "t", "c", "l", "", at(-60), "", "", "")), Map.of(), "").is(403, "AuthenticationFailed")),
                new Case("an account signature for another address answers 403", f -> f.sendUnsigned("GET", "/Tables?" + token(f, new AccountSas("2021-12-02", "t", "c", "l", "", at(60), "203.0.113.7", "", "")), Map.of(), "").is(403, "AuthorizationSourceIPMismatch")),
                new Case("an account signature for https only answers 403", f -> f.sendUnsigned("GET", "/Tables?" + token(f, new AccountSas("2021-12-02", "t", "c", "l", "", at(60), "", "https", "")), Map.of(), "").is(403, "AuthorizationProtocolMismatch")),
                new Case("a tampered account signature answers 403", f -> f.sendUnsigned("GET", "/Tables?" + accountSas(f, "t", "c", "r").replace("sp=r", "sp=rl"), Map.of(), "").is(403, "AuthenticationFailed")),
                new Case("no account signature reads access policies", f -> f.sendUnsigned("GET", "/" + f.newTable() + "?comp=acl&" + accountSas(f, "t", "sco", "rwdlacu"), Map.of(), "").is(403, "AuthorizationFailure")),
                new Case("no account signature sets access policies", f -> f.sendUnsigned("PUT", "/" + f.newTable() + "?comp=acl&" + accountSas(f, "t", "sco", "rwdlacu"), Map.of("Content-Type", "application/xml"), "<SignedIdentifiers/>").is(403, "AuthorizationFailure")),
                new Case("no table's signature reads access policies", f -> byTable(f, values -> values, "GET", "/{t}?comp=acl&").is(403, "AuthorizationFailure")),
                new Case("a table's signature reads", f -> byTable(f, values -> values, "GET", "/{t}?").is(200)),
                new Case("a table's signature reads by another case of its name", TableSignatureCases::otherCase),
                new Case("a table's signature is for no other table", TableSignatureCases::otherTable),
                new Case("an expired table's signature answers 403", f -> byTable(f, values -> values.setExpiryTime(OffsetDateTime.now().minusHours(1)), "GET", "/{t}?").is(403, "AuthenticationFailed")),
                new Case("a table's signature of the future answers 403", f -> byTable(f, values -> values.setStartTime(OffsetDateTime.now().plusMinutes(30)), "GET", "/{t}?").is(403, "AuthenticationFailed")),
                new Case("a table's signature for another address answers 403", f -> byTable(f, values -> values.setSasIpRange(TableSasIpRange.parse("203.0.113.1-203.0.113.9")), "GET", "/{t}?").is(403, "AuthorizationSourceIPMismatch")),
                new Case("a table's signature for this address is accepted", f -> byTable(f, values -> values.setSasIpRange(TableSasIpRange.parse("127.0.0.0-127.0.0.255")), "GET", "/{t}?").is(200)),
                new Case("a table's signature for https only answers 403", f -> byTable(f, values -> values.setProtocol(TableSasProtocol.HTTPS_ONLY), "GET", "/{t}?").is(403, "AuthorizationProtocolMismatch")),
                new Case("a table's signature for both protocols is accepted", f -> byTable(f, values -> values.setProtocol(TableSasProtocol.HTTPS_HTTP), "GET", "/{t}?").is(200)),
                new Case("a table's signature without a right to read answers 403", f -> byTable(f, values -> values.setPermissions(TableSasPermission.parse("a")), "GET", "/{t}?").is(403, "AuthorizationPermissionMismatch")),
                new Case("a tampered table's signature answers 403", TableSignatureCases::tampered),
                new Case("a widened range answers 403", TableSignatureCases::widened),
                new Case("a range made by the SDK is kept", f -> byTable(f, values -> values.setStartPartitionKey("p").setStartRowKey("s").setEndPartitionKey("p").setEndRowKey("t"), "GET", "/{t}?").is(200).has("x-ms-error-code", "")),
                new Case("a table's signature by a wrong key answers 403", TableSignatureCases::wrongKey),
                new Case("a table's signature does not list tables", f -> byTable(f, values -> values, "GET", "/Tables?").is(403)),
                new Case("a stored policy grants what the signature leaves open", f -> byPolicy(f, "r", at(60), new TableSasSignatureValues("one"), "GET").is(200)),
                new Case("a stored policy that is no more answers 403", TableSignatureCases::revoked),
                new Case("a stored policy that was narrowed answers 403 at once", TableSignatureCases::narrowed),
                new Case("a stored policy that has expired answers 403", f -> byPolicy(f, "r", at(-1), new TableSasSignatureValues("one"), "GET").is(403, "AuthenticationFailed")),
                new Case("a stored policy without the right answers 403", f -> byPolicy(f, "a", at(60), new TableSasSignatureValues("one"), "GET").is(403, "AuthorizationPermissionMismatch")),
                new Case("a stored policy that never was answers 403", f -> byPolicy(f, "r", at(60), new TableSasSignatureValues("other"), "GET").is(403, "AuthenticationFailed")),
                new Case("a stored policy and a signature may not both say until when", f -> byPolicy(f, "r", at(60), values("r").setIdentifier("one"), "GET").is(403, "AuthenticationFailed")),
                new Case("a transaction by signature needs the right of each operation", TableSignatureCases::transactionRights),
                new Case("a transaction by signature keeps to the range", TableSignatureCases::transactionRange)));
        for (String line : OPERATIONS.lines().toList()) {
            String[] columns = line.split("\\|");
            String method = columns[0].trim();
            String path = columns[1].trim();
            String header = columns[2].trim();
            cases.add(new Case("account signature: " + method + " " + path + " " + header + " needs " + columns[4].trim() + " on " + columns[3].trim(),
                    f -> accountRights(f, method, path, header, columns[3].trim(), columns[4].trim())));
            cases.add(new Case("table's signature: " + method + " " + path + " " + header + " needs " + columns[5].trim(),
                    f -> tableRights(f, method, path, header, columns[5].trim())));
        }
        for (String line : RANGES.lines().toList()) {
            String[] columns = line.split("\\|", -1);
            cases.add(new Case("a signature's range " + line.trim(), f -> range(f, columns)));
        }
        return cases;
    }

    private static Map<String, String> json() {
        return Map.of("Accept", TableFixture.NO_METADATA);
    }

    private static String at(int minutes) {
        return Instant.now().plus(minutes, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static Map<String, String> withDate(int minutes) {
        return Map.of("Accept", TableFixture.NO_METADATA, "x-ms-date", HttpDates.format(Instant.now().plus(minutes, ChronoUnit.MINUTES).toEpochMilli()));
    }

    private static SigningKey key(TableFixture f) {
        return SigningKey.ofBase64(f.target().key());
    }

    private static SharedKeySigner lite(TableFixture f) {
        return signer(f.target().account(), key(f), SharedKeyScheme.SHARED_KEY_LITE);
    }

    private static SharedKeySigner signer(String account, SigningKey key, SharedKeyScheme scheme) {
        return new SharedKeySigner(account, key, scheme, Clock.system());
    }

    private static String token(TableFixture f, AccountSas sas) {
        return sas.token(f.target().account(), key(f));
    }

    private static String accountSas(TableFixture f, String services, String types, String permissions) {
        return token(f, new AccountSas("2021-12-02", services, types, permissions, "", at(60), "", "https,http", ""));
    }

    private static TableSasSignatureValues values(String permissions) {
        return new TableSasSignatureValues(OffsetDateTime.now().plusHours(1), TableSasPermission.parse(permissions));
    }

    private static RawAnswer send(TableFixture f, String method, String path, String header, String table, String token) {
        String filled = path.replace("{t}", table).replace("{e}", TableFixture.path(table, "p", "r"));
        String body = switch (method) {
            case "POST" -> path.equals("/Tables") ? "{\"TableName\":\"" + f.freeName() + "\"}" : NEW_ENTITY;
            case "PUT" -> path.contains("properties") ? "<StorageServiceProperties/>" : "{\"w\":1}";
            case "MERGE", "PATCH" -> "{\"w\":1}";
            default -> "";
        };
        Map<String, String> headers = header.isEmpty() ? Map.of() : Map.of(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 1).trim());
        if (body.startsWith("<")) {
            headers = Map.of("Content-Type", "application/xml");
        }
        return f.sendUnsigned(method, filled + (filled.contains("?") ? "&" : "?") + token, headers, body);
    }

    private static String without(String all, String letters) {
        return all.replaceAll("[" + letters.replaceAll("[ +]", "") + "]", "");
    }

    private static void accountRights(TableFixture f, String method, String path, String header, String type, String permissions) {
        String table = f.tableWith("\"v\":1");
        send(f, method, path, header, table, accountSas(f, "t", "sco", without("rwdlacu", permissions))).is(403).has("x-ms-error-code", "AuthorizationPermissionMismatch");
        send(f, method, path, header, table, accountSas(f, "t", without("sco", type), "rwdlacu")).is(403).has("x-ms-error-code", "AuthorizationResourceTypeMismatch");
        if (permissions.contains("+")) {
            send(f, method, path, header, table, accountSas(f, "t", "sco", "a")).is(403).has("x-ms-error-code", "AuthorizationPermissionMismatch");
            send(f, method, path, header, table, accountSas(f, "t", "sco", "u")).is(403).has("x-ms-error-code", "AuthorizationPermissionMismatch");
        }
        for (String permission : permissions.split(" ")) {
            RawAnswer answer = send(f, method, path, header, table, accountSas(f, "t", type, permission.replace("+", "")));
            assertTrue(answer.status() < 300, () -> permission + ": " + answer);
        }
    }

    private static void tableRights(TableFixture f, String method, String path, String header, String permissions) {
        String table = f.tableWith("\"v\":1");
        if (permissions.equals("none")) {
            send(f, method, path, header, table, f.sas(table, values("raud"))).is(403);
            return;
        }
        send(f, method, path, header, table, f.sas(table, values(without("raud", permissions)))).is(403, "AuthorizationPermissionMismatch");
        if (permissions.contains("+")) {
            send(f, method, path, header, table, f.sas(table, values("a"))).is(403, "AuthorizationPermissionMismatch");
            send(f, method, path, header, table, f.sas(table, values("u"))).is(403, "AuthorizationPermissionMismatch");
        }
        RawAnswer answer = send(f, method, path, header, table, f.sas(table, values(permissions.replace("+", ""))));
        assertTrue(answer.status() < 300, answer::toString);
    }

    private static void range(TableFixture f, String[] columns) {
        String table = f.newTable();
        List<String> all = List.of("a1", "a2", "b1", "b2", "c1");
        all.forEach(key -> f.insert(table, key.substring(0, 1), key.substring(1), "\"v\":1").is(204));
        String token = ranged(f, table, "raud", orNull(columns[0]), orNull(columns[1]), orNull(columns[2]), orNull(columns[3]));
        List<String> covered = columns[4].isBlank() ? List.of() : List.of(columns[4].trim().split(" "));
        assertEquals(covered, f.sendUnsigned("GET", "/" + table + "()?" + token, Map.of(), "").is(200).values().stream()
                .map(entity -> entity.getString("PartitionKey") + entity.getString("RowKey")).toList());
        assertEquals(covered, f.sendUnsigned("GET", "/" + table + "()?$filter=v%20eq%201&" + token, Map.of(), "").is(200).values().stream()
                .map(entity -> entity.getString("PartitionKey") + entity.getString("RowKey")).toList());
        for (String key : all) {
            String path = TableFixture.path(table, key.substring(0, 1), key.substring(1)) + "?" + token;
            boolean inside = covered.contains(key);
            RawAnswer update = f.sendUnsigned("MERGE", path, Map.of("If-Match", "*"), "{\"w\":1}");
            RawAnswer read = f.sendUnsigned("GET", path, Map.of(), "");
            assertEquals(inside ? 204 : 403, update.status(), update::toString);
            assertTrue(inside ? read.status() == 200 : read.status() == 403 || read.status() == 404, read::toString);
        }
        RawAnswer insert = f.sendUnsigned("POST", "/" + table + "?" + token, Map.of(), TableFixture.json("b", "15", ""));
        assertEquals(columns[4].contains("b1 b2") ? 201 : 403, insert.status(), insert::toString);
    }

    /** The official client makes no range of partition keys alone. */
    private static String ranged(TableFixture f, String table, String permissions, String startPartitionKey, String startRowKey, String endPartitionKey, String endRowKey) {
        return TableSas.until(at(60), table, permissions).within(new GrantedKeys(startPartitionKey, startRowKey, endPartitionKey, endRowKey)).token(f.target().account(), key(f));
    }

    private static String orNull(String column) {
        return column.isBlank() ? null : column.trim();
    }

    private static RawAnswer byTable(TableFixture f, UnaryOperator<TableSasSignatureValues> with, String method, String path) {
        String table = f.tableWith("\"v\":1");
        return f.sendUnsigned(method, path.replace("{t}", table) + f.sas(table, with.apply(values("raud"))), Map.of(), "");
    }

    private static void setPolicy(TableFixture f, String table, String permissions, String expiry) {
        f.service().getTableClient(table).setAccessPolicies(List.of(new TableSignedIdentifier("one")
                .setAccessPolicy(new TableAccessPolicy().setPermissions(permissions).setExpiresOn(OffsetDateTime.parse(expiry)))));
    }

    private static RawAnswer byPolicy(TableFixture f, String permissions, String expiry, TableSasSignatureValues values, String method) {
        String table = f.tableWith("\"v\":1");
        setPolicy(f, table, permissions, expiry);
        return f.sendUnsigned(method, "/" + table + "?" + f.sas(table, values), Map.of(), "");
    }

    private static void revoked(TableFixture f) {
        String table = f.tableWith("\"v\":1");
        setPolicy(f, table, "r", at(60));
        String path = "/" + table + "?" + f.sas(table, new TableSasSignatureValues("one"));
        f.sendUnsigned("GET", path, Map.of(), "").is(200);
        f.service().getTableClient(table).setAccessPolicies(List.of());
        f.sendUnsigned("GET", path, Map.of(), "").is(403, "AuthenticationFailed");
        setPolicy(f, table, "r", at(60));
        f.sendUnsigned("GET", path, Map.of(), "").is(200);
    }

    private static void narrowed(TableFixture f) {
        String table = f.tableWith("\"v\":1");
        setPolicy(f, table, "raud", at(60));
        String token = f.sas(table, new TableSasSignatureValues("one"));
        f.sendUnsigned("POST", "/" + table + "?" + token, Map.of(), TableFixture.json("p", "1", "")).is(201);
        setPolicy(f, table, "r", at(60));
        f.sendUnsigned("POST", "/" + table + "?" + token, Map.of(), TableFixture.json("p", "2", "")).is(403, "AuthorizationPermissionMismatch");
        f.sendUnsigned("GET", "/" + table + "?" + token, Map.of(), "").is(200);
    }

    private static void otherCase(TableFixture f) {
        String table = f.tableWith("\"v\":1");
        f.sendUnsigned("GET", "/" + table.toLowerCase() + "?" + f.sas(table, values("r")), Map.of(), "").is(200);
    }

    private static void otherTable(TableFixture f) {
        String token = f.sas(f.newTable(), values("raud"));
        f.sendUnsigned("GET", "/" + f.newTable() + "?" + token, Map.of(), "").is(403, "AuthenticationFailed");
    }

    private static void tampered(TableFixture f) {
        String table = f.newTable();
        f.sendUnsigned("POST", "/" + table + "?" + f.sas(table, values("r")).replace("sp=r", "sp=raud"), Map.of(), NEW_ENTITY).is(403, "AuthenticationFailed");
    }

    private static void widened(TableFixture f) {
        String table = f.newTable();
        String token = ranged(f, table, "r", "a", null, "b", null);
        f.sendUnsigned("GET", "/" + table + "?" + token, Map.of(), "").is(200);
        f.sendUnsigned("GET", "/" + table + "?" + token.replace("epk=b", "epk=z"), Map.of(), "").is(403, "AuthenticationFailed");
        f.sendUnsigned("GET", "/" + table + "?" + token.replaceAll("&?epk=b", ""), Map.of(), "").is(403, "AuthenticationFailed");
    }

    private static void wrongKey(TableFixture f) {
        String table = f.newTable();
        String token = f.sas(table, values("r"));
        f.sendUnsigned("GET", "/" + table + "?" + token.replaceAll("sig=[^&]*", "sig=c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmE%3D"), Map.of(), "").is(403, "AuthenticationFailed");
    }

    private static void byDateHeader(TableFixture f) {
        String date = HttpDates.format(System.currentTimeMillis());
        String text = "GET\n\n\n" + date + "\n/" + f.target().account() + URI.create(f.endpoint()).getRawPath() + "/Tables";
        f.raw().sendPlain("GET", "/Tables?$top=1", Map.of("Accept", TableFixture.NO_METADATA, "Date", date,
                "Authorization", "SharedKey " + f.target().account() + ":" + key(f).signBase64(text))).is(200);
    }

    private static void escapedPath(TableFixture f) {
        String table = f.newTable();
        f.insert(table, "ü é%", "a+b", "").is(204);
        f.get("/" + table + "(PartitionKey='%C3%BC%20%C3%A9%25',RowKey='a+b')").is(200);
        f.raw().send("GET", "/" + table + "(PartitionKey='%C3%BC%20%C3%A9%25',RowKey='a%2Bb')", json(), "", lite(f)).is(200);
    }

    private static TableClient bySas(TableFixture f, String table, String token) {
        return new TableClientBuilder().endpoint(f.endpoint()).tableName(table).sasToken(token).httpClient(new JdkHttpClientBuilder().build()).buildClient();
    }

    private static void use(TableClient table) {
        table.createEntity(new TableEntity("p", "o'clock").addProperty("v", 1));
        table.updateEntity(new TableEntity("p", "o'clock").addProperty("w", 2L));
        table.submitTransaction(List.of(new TableTransactionAction(TableTransactionActionType.CREATE, new TableEntity("p", "2"))));
        assertEquals("2 o'clock", table.listEntities().stream().map(TableEntity::getRowKey).collect(Collectors.joining(" ")));
        assertEquals(2L, table.getEntity("p", "o'clock").getProperty("w"));
        table.deleteEntity("p", "o'clock");
    }

    private static void sdkAccountSas(TableFixture f) {
        String token = f.service().generateAccountSas(new TableAccountSasSignatureValues(OffsetDateTime.now().plusHours(1),
                TableAccountSasPermission.parse("rwdlacu"), TableAccountSasService.parse("t"), TableAccountSasResourceType.parse("sco")));
        TableClient table = bySas(f, f.freeName(), token);
        table.createTable();
        use(table);
        table.deleteTable();
    }

    private static void sdkTableSas(TableFixture f) {
        String table = f.newTable();
        use(bySas(f, table, f.sas(table, values("raud"))));
    }

    private static String insertBatch(TableFixture f, String table, String partitionKey, String method) {
        String target = f.endpoint() + (method.equals("POST") ? "/" + table : TableFixture.path(table, partitionKey, "1"));
        return "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n" + method + " "
                + target + " HTTP/1.1\r\nAccept: " + TableFixture.NO_METADATA + "\r\nContent-Type: application/json\r\n\r\n" + TableFixture.json(partitionKey, "1", "") + "\r\n--c--\r\n--b--\r\n";
    }

    private static RawAnswer batch(TableFixture f, String token, String body) {
        return f.raw().send("POST", "/$batch?" + token, Map.of("Content-Type", "multipart/mixed; boundary=b", "Accept", TableFixture.NO_METADATA), body, null);
    }

    private static void transactionRights(TableFixture f) {
        String table = f.newTable();
        assertTrue(batch(f, f.sas(table, values("a")), insertBatch(f, table, "p", "POST")).is(202).body().contains("HTTP/1.1 201"));
        RawAnswer refused = batch(f, f.sas(table, values("a")), insertBatch(f, table, "p", "PUT"));
        assertTrue(refused.body().contains("AuthorizationPermissionMismatch"), refused::toString);
        assertEquals(1, f.get("/" + table).is(200).values().size());
    }

    private static void transactionRange(TableFixture f) {
        String table = f.newTable();
        String token = ranged(f, table, "raud", "a", null, "b", null);
        assertTrue(batch(f, token, insertBatch(f, table, "a", "POST")).is(202).body().contains("HTTP/1.1 201"));
        RawAnswer refused = batch(f, token, insertBatch(f, table, "c", "POST"));
        assertTrue(refused.body().contains("Authorization"), refused::toString);
        assertEquals(1, f.get("/" + table).is(200).values().size());
    }
}
