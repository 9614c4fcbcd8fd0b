package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.AccessTier;
import com.azure.storage.blob.models.AccountKind;
import com.azure.storage.blob.models.BlobCorsRule;
import com.azure.storage.blob.models.BlobRetentionPolicy;
import com.azure.storage.blob.models.BlobServiceProperties;
import com.azure.storage.blob.models.StaticWebsite;
import com.azure.storage.blob.models.TaggedBlobItem;
import com.azure.storage.blob.options.FindBlobsOptions;
import io.lazuli.security.StorageService;
import io.lazuli.storage.protocol.conformance.BlobServiceConformance.Case;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What an account has beside its containers: properties, information, searches by tags, batches, its web site. */
final class BlobAccountCases {

    private static final String PROPERTIES = "/?restype=service&comp=properties";

    private BlobAccountCases() {}

    static List<Case> all() {
        return List.of(
                new Case("service properties are answered as they were set", BlobAccountCases::properties),
                new Case("service properties left out stay as they are", BlobAccountCases::partialProperties),
                new Case("a retention of 366 days is refused", f -> f.raw().send("PUT", PROPERTIES, Map.of(), "<StorageServiceProperties><DeleteRetentionPolicy><Enabled>true</Enabled><Days>366</Days></DeleteRetentionPolicy></StorageServiceProperties>").is(400, "InvalidXmlNodeValue")),
                new Case("six CORS rules are refused", BlobAccountCases::tooManyCorsRules),
                new Case("a preflight is answered by the rules", BlobAccountCases::preflight),
                new Case("statistics are not for the primary location", f -> Expect.blobError(400, "InvalidQueryParameterValue", () -> f.service().getStatistics())),
                new Case("account information tells sku and kind", f -> assertEquals(AccountKind.STORAGE_V2, f.service().getAccountInfo().getAccountKind())),
                new Case("account information is answered at a container", f -> f.raw().send("GET", "/" + f.container().getBlobContainerName() + "?restype=account&comp=properties").is(200).has("x-ms-is-hns-enabled", "false").has("x-ms-account-kind", "StorageV2")),
                new Case("a user delegation key is not given for an account key", f -> f.raw().send("POST", "/?restype=service&comp=userdelegationkey", Map.of(), "<KeyInfo><Start>2026-01-01T00:00:00Z</Start><Expiry>2026-01-02T00:00:00Z</Expiry></KeyInfo>").is(403, "AuthenticationFailed")),
                new Case("blobs are found by tags in a container", BlobAccountCases::findInContainer),
                new Case("blobs are found by tags in the account", BlobAccountCases::findInAccount),
                new Case("what is found by tags comes with the tags that were asked for", BlobAccountCases::foundTags),
                new Case("a search pages through with markers", BlobAccountCases::findPages),
                new Case("a search without expression is refused", f -> f.raw().send("GET", "/?comp=blobs").is(400, "MissingRequiredQueryParameter")),
                new Case("a search for nonsense is refused", f -> f.raw().send("GET", "/?comp=blobs&where=nonsense").is(400, "InvalidQueryParameterValue")),
                new Case("a batch deletes blobs", BlobAccountCases::batchDelete),
                new Case("a batch of a container sets tiers", BlobAccountCases::batchTier),
                new Case("a batch tells of each request what became of it", BlobAccountCases::batchMixed),
                new Case("a request of a batch with a wrong signature is refused alone", BlobAccountCases::batchWrongSignature),
                new Case("a batch of other requests is refused", f -> batch(f, "/?comp=batch", part(f, "PUT", "/box?restype=container", Map.of())).is(400, "AllBatchSubRequestsShouldBeSameApi")),
                new Case("a batch that is none is refused", f -> f.raw().send("POST", "/?comp=batch", Map.of("Content-Type", "multipart/mixed; boundary=b"), "x").is(400, "InvalidInput")),
                new Case("a batch of a container may not leave it", BlobAccountCases::batchOutside),
                new Case("the web site answers with documents, index and error document", BlobAccountCases::website));
    }

    /** Changes properties that other cases share, and brings them back. */
    private static void withProperties(BlobFixture f, Runnable check) {
        BlobServiceProperties before = f.service().getProperties();
        try {
            check.run();
        } finally {
            f.service().setProperties(before.setCors(before.getCors() == null ? List.of() : before.getCors()));
        }
    }

    private static void properties(BlobFixture f) {
        withProperties(f, () -> {
            f.service().setProperties(f.service().getProperties()
                    .setDefaultServiceVersion("2020-10-02")
                    .setDeleteRetentionPolicy(new BlobRetentionPolicy().setEnabled(true).setDays(9))
                    .setStaticWebsite(new StaticWebsite().setEnabled(true).setIndexDocument("index.html").setErrorDocument404Path("404.html"))
                    .setCors(List.of(new BlobCorsRule().setAllowedOrigins("http://a.example").setAllowedMethods("GET,PUT").setAllowedHeaders("x-ms-*").setExposedHeaders("").setMaxAgeInSeconds(60))));
            BlobServiceProperties read = f.service().getProperties();
            assertEquals("2020-10-02", read.getDefaultServiceVersion());
            assertEquals(9, read.getDeleteRetentionPolicy().getDays());
            assertTrue(read.getDeleteRetentionPolicy().isEnabled());
            assertEquals("404.html", read.getStaticWebsite().getErrorDocument404Path());
            assertEquals("http://a.example", read.getCors().getFirst().getAllowedOrigins());
            f.service().setProperties(read.setDeleteRetentionPolicy(new BlobRetentionPolicy().setEnabled(false)).setStaticWebsite(new StaticWebsite().setEnabled(false)));
            assertFalse(f.service().getProperties().getDeleteRetentionPolicy().isEnabled());
            assertFalse(f.service().getProperties().getStaticWebsite().isEnabled());
        });
    }

    private static void partialProperties(BlobFixture f) {
        withProperties(f, () -> {
            f.raw().send("PUT", PROPERTIES, Map.of(), "<StorageServiceProperties><DeleteRetentionPolicy><Enabled>true</Enabled><Days>3</Days></DeleteRetentionPolicy></StorageServiceProperties>").is(202);
            f.raw().send("PUT", PROPERTIES, Map.of(), "<StorageServiceProperties><Cors/></StorageServiceProperties>").is(202);
            f.raw().send("GET", PROPERTIES).is(200).hasXml("/StorageServiceProperties/DeleteRetentionPolicy/Days", "3");
            f.raw().send("PUT", PROPERTIES, Map.of(), "<StorageServiceProperties><DeleteRetentionPolicy><Enabled>false</Enabled></DeleteRetentionPolicy></StorageServiceProperties>").is(202);
        });
    }

    private static void tooManyCorsRules(BlobFixture f) {
        String rule = "<CorsRule><AllowedOrigins>*</AllowedOrigins><AllowedMethods>GET</AllowedMethods><MaxAgeInSeconds>1</MaxAgeInSeconds></CorsRule>";
        f.raw().send("PUT", PROPERTIES, Map.of(), "<StorageServiceProperties><Cors>" + rule.repeat(6) + "</Cors></StorageServiceProperties>").is(400, "InvalidXmlDocument");
    }

    private static void preflight(BlobFixture f) {
        withProperties(f, () -> {
            String rule = "<CorsRule><AllowedOrigins>http://a.example</AllowedOrigins><AllowedMethods>PUT</AllowedMethods><AllowedHeaders>x-ms-*</AllowedHeaders><ExposedHeaders></ExposedHeaders><MaxAgeInSeconds>7</MaxAgeInSeconds></CorsRule>";
            f.raw().send("PUT", PROPERTIES, Map.of(), "<StorageServiceProperties><Cors>" + rule + "</Cors></StorageServiceProperties>").is(202);
            Map<String, String> asked = new LinkedHashMap<>(Map.of("Origin", "http://a.example", "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "x-ms-date"));
            f.raw().sendPlain("OPTIONS", "/box/blob", asked).is(200).has("Access-Control-Allow-Origin", "http://a.example").has("Access-Control-Max-Age", "7");
            asked.put("Origin", "http://b.example");
            f.raw().sendPlain("OPTIONS", "/box/blob", asked).is(403, "CorsPreflightFailure");
        });
    }

    private static BlobContainerClient tagged(BlobFixture f, String project) {
        BlobContainerClient container = f.containerWith("a", "b", "c", "d");
        container.getBlobClient("a").setTags(Map.of("project", project, "n", "1"));
        container.getBlobClient("b").setTags(Map.of("project", project, "n", "2"));
        container.getBlobClient("c").setTags(Map.of("project", "other"));
        return container;
    }

    private static void findInContainer(BlobFixture f) {
        String project = UUID.randomUUID().toString();
        BlobContainerClient container = tagged(f, project);
        List<TaggedBlobItem> found = container.findBlobsByTags("\"project\" = '" + project + "' AND n >= '2'").stream().toList();
        assertEquals(List.of("b"), found.stream().map(TaggedBlobItem::getName).toList());
        assertEquals(container.getBlobContainerName(), found.getFirst().getContainerName());
        assertEquals(Map.of("project", project, "n", "2"), found.getFirst().getTags());
    }

    private static void findInAccount(BlobFixture f) {
        String project = UUID.randomUUID().toString();
        BlobContainerClient container = tagged(f, project);
        assertEquals(List.of("a", "b"), f.service().findBlobsByTags("project = '" + project + "'").stream().map(TaggedBlobItem::getName).sorted().toList());
        assertEquals(List.of("a"), f.service().findBlobsByTags("@container = '" + container.getBlobContainerName() + "' AND project = '" + project + "' AND n = '1'").stream().map(TaggedBlobItem::getName).toList());
    }

    private static void foundTags(BlobFixture f) {
        String project = UUID.randomUUID().toString();
        BlobContainerClient container = tagged(f, project);
        String everyTag = "project = '" + project + "' AND n = '1'";
        assertEquals(Map.of("project", project), container.findBlobsByTags("project = '" + project + "'").stream().findFirst().orElseThrow().getTags());
        assertEquals(Map.of("project", project), f.service().findBlobsByTags("project = '" + project + "'").stream().findFirst().orElseThrow().getTags());
        assertEquals(Map.of("project", project, "n", "1"), f.service().findBlobsByTags(everyTag).stream().findFirst().orElseThrow().getTags());
    }

    private static void findPages(BlobFixture f) {
        String project = UUID.randomUUID().toString();
        BlobContainerClient container = tagged(f, project);
        assertEquals(List.of("a", "b"), container.findBlobsByTags(new FindBlobsOptions("project = '" + project + "'").setMaxResultsPerPage(1), null, null).stream().map(TaggedBlobItem::getName).sorted().toList());
    }

    /** A request of a batch, signed by the account's key. */
    static String part(BlobFixture f, String method, String path, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Length", "0");
        URI uri = URI.create(f.endpoint() + path);
        Map<String, String> signed = f.raw().signer().sign(StorageService.BLOB, method, uri, all);
        StringBuilder text = new StringBuilder(method + " " + uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()) + " HTTP/1.1\r\n");
        signed.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString();
    }

    static RawAnswer batch(BlobFixture f, String path, String... parts) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            body.append("--batch_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ").append(i).append("\r\n\r\n").append(parts[i]);
        }
        return f.raw().send("POST", path, Map.of("Content-Type", "multipart/mixed; boundary=batch_1"), body + "--batch_1--\r\n");
    }

    static void holds(RawAnswer answer, int contentId, String status) {
        assertTrue(answer.body().contains("Content-ID: " + contentId + "\r\n\r\nHTTP/1.1 " + status), answer::toString);
    }

    private static void batchDelete(BlobFixture f) {
        BlobContainerClient container = f.containerWith("a b", "c", "d");
        String path = "/" + container.getBlobContainerName();
        RawAnswer answer = batch(f, "/?comp=batch", part(f, "DELETE", path + "/a%20b", Map.of()), part(f, "DELETE", path + "/c", Map.of())).is(202);
        assertTrue(answer.header("Content-Type").startsWith("multipart/mixed; boundary=batchresponse_"), answer::toString);
        holds(answer, 0, "202 Accepted");
        holds(answer, 1, "202 Accepted");
        assertEquals(List.of("d"), container.listBlobs().stream().map(item -> item.getName()).toList());
    }

    private static void batchTier(BlobFixture f) {
        BlobContainerClient container = f.containerWith("a");
        String path = "/" + container.getBlobContainerName();
        holds(batch(f, path + "?restype=container&comp=batch", part(f, "PUT", path + "/a?comp=tier", Map.of("x-ms-access-tier", "Cool"))).is(202), 0, "200 OK");
        assertEquals(AccessTier.COOL, container.getBlobClient("a").getProperties().getAccessTier());
    }

    private static void batchMixed(BlobFixture f) {
        String path = "/" + f.containerWith("a").getBlobContainerName();
        RawAnswer answer = batch(f, "/?comp=batch", part(f, "DELETE", path + "/nothing", Map.of()), part(f, "DELETE", path + "/a", Map.of())).is(202);
        holds(answer, 0, "404 Not Found");
        assertTrue(answer.body().contains("x-ms-error-code: BlobNotFound") && answer.body().contains("<Code>BlobNotFound</Code>"), answer::toString);
        holds(answer, 1, "202 Accepted");
    }

    private static void batchWrongSignature(BlobFixture f) {
        BlobContainerClient container = f.containerWith("a", "b");
        String path = "/" + container.getBlobContainerName();
        String wrong = part(f, "DELETE", path + "/a", Map.of()).replace(path + "/a HTTP", path + "/b HTTP");
        RawAnswer answer = batch(f, "/?comp=batch", wrong, part(f, "DELETE", path + "/a", Map.of())).is(202);
        holds(answer, 0, "403 Forbidden");
        holds(answer, 1, "202 Accepted");
        assertEquals(List.of("b"), container.listBlobs().stream().map(item -> item.getName()).toList());
    }

    private static void batchOutside(BlobFixture f) {
        BlobContainerClient inside = f.container();
        BlobContainerClient outside = f.containerWith("a");
        RawAnswer answer = batch(f, "/" + inside.getBlobContainerName() + "?restype=container&comp=batch", part(f, "DELETE", "/" + outside.getBlobContainerName() + "/a", Map.of())).is(202);
        holds(answer, 0, "400 Bad Request");
        assertTrue(outside.getBlobClient("a").exists());
    }

    private static RawAnswer web(BlobFixture f, String path) {
        String host = f.target().account() + ".web.localhost:" + URI.create(f.endpoint()).getPort();
        return f.raw().sendToAuthority(host, "GET", path);
    }

    private static void website(BlobFixture f) {
        withProperties(f, () -> {
            BlobContainerClient site = f.service().createBlobContainerIfNotExists("$web");
            for (String name : List.of("index.html", "dir/index.html", "page.html", "404.html")) {
                f.put(site, name, "this is " + name);
            }
            f.service().setProperties(f.service().getProperties().setStaticWebsite(new StaticWebsite().setEnabled(false)));
            assertEquals(404, web(f, "/page.html").status());
            f.service().setProperties(f.service().getProperties().setStaticWebsite(new StaticWebsite().setEnabled(true).setIndexDocument("index.html")));
            assertEquals("this is index.html", web(f, "/").body());
            assertEquals("this is dir/index.html", web(f, "/dir/").body());
            assertEquals("this is page.html", web(f, "/page.html").is(200).body());
            assertEquals("this is page.html", web(f, "/page.html?snapshot=2020-01-01T00:00:00.0000000Z").is(200).body(), "a query says nothing of what was there once");
            web(f, "/nothing").is(404, "WebContentNotFound");
            f.service().setProperties(f.service().getProperties().setStaticWebsite(new StaticWebsite().setEnabled(true).setIndexDocument("index.html").setErrorDocument404Path("404.html")));
            assertEquals("this is 404.html", web(f, "/nothing").is(404).body());
            site.delete();
        });
    }
}
