package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.models.QueueServiceProperties;
import io.lazuli.security.PercentCoding;
import io.lazuli.storage.protocol.conformance.QueueServiceConformance.Case;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Answers to the letter: statuses, headers, bodies, versions, CORS. */
final class RawCases {

    private static final String HELLO = "<QueueMessage><MessageText>hello</MessageText></QueueMessage>";

    private RawCases() {}

    static List<Case> all() {
        return List.of(
                new Case("the client's request id is echoed", f -> f.raw().send("GET", "?comp=list", Map.of("x-ms-client-request-id", "my id 1"), "").is(200).has("x-ms-client-request-id", "my id 1")),
                new Case("errors echo the client's request id, too", f -> f.raw().send("GET", "/" + f.freeName() + "?comp=metadata", Map.of("x-ms-client-request-id", "my id 2"), "").is(404, "QueueNotFound").has("x-ms-client-request-id", "my id 2")),
                new Case("request ids differ", f -> assertTrue(!list(f).header("x-ms-request-id").equals(list(f).header("x-ms-request-id")))),
                new Case("the version is echoed", f -> list(f).has("x-ms-version", RawClient.VERSION)),
                new Case("the oldest version is served", f -> version(f, "2011-08-18").is(200).has("x-ms-version", "2011-08-18")),
                new Case("the SDK's newest version is served", f -> version(f, "2026-02-06").is(200).has("x-ms-version", "2026-02-06")),
                new Case("a version of the far future is served", f -> version(f, "2999-12-31").is(200).has("x-ms-version", "2999-12-31")),
                new Case("no version is served as the oldest", f -> version(f, "").is(200).has("x-ms-version", "2011-08-18")),
                new Case("put answers 201 with XML", f -> put(f, RawClient.VERSION).is(201).has("Content-Type", "application/xml").hasXml("count(/QueueMessagesList/QueueMessage/*)", "5")),
                new Case("put answers no body before 2016-05-31", f -> assertEquals("", put(f, "2015-12-11").is(201).body())),
                new Case("receive answers all elements", f -> receive(f).is(200).has("Content-Type", "application/xml").hasXml("count(/QueueMessagesList/QueueMessage/*)", "7").hasXml("//MessageText", "hello").hasXml("//DequeueCount", "1")),
                new Case("receive writes dates of RFC 1123", f -> assertTrue(receive(f).xml("//ExpirationTime").matches("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT"))),
                new Case("receive from an empty queue answers an empty list", f -> f.raw().send("GET", "/" + f.queue().getQueueName() + "/messages").is(200).hasXml("count(/QueueMessagesList/*)", "0")),
                new Case("peek answers no receipt and no next visibility", f -> f.raw().send("GET", messages(f, true) + "?peekonly=true").is(200).hasXml("count(/QueueMessagesList/QueueMessage/*)", "5").hasXml("count(//PopReceipt)", "0")),
                new Case("peekonly=false receives", f -> f.raw().send("GET", messages(f, true) + "?peekonly=false").is(200).hasXml("count(//PopReceipt)", "1")),
                new Case("update answers the new receipt and the next visibility", RawCases::update),
                new Case("update with an empty body keeps the text", RawCases::updateWithoutBody),
                new Case("metadata answers headers and the count", RawCases::metadata),
                new Case("statistics of the secondary location are live", f -> assertTrue(f.raw().sendTo(URI.create(f.target().queueEndpoint().orElseThrow() + "-secondary?restype=service&comp=stats"), "GET", Map.of(), "", f.raw().signer()).is(200).hasXml("/StorageServiceStats/GeoReplication/Status", "live").xml("//LastSyncTime").endsWith(" GMT"))),
                new Case("metadata keeps the case of its names", f -> f.raw().send("GET", "?comp=list&include=metadata&prefix=" + withMetadata(f), Map.of(), "").is(200).hasXml("//Metadata/CamelCase", "blue & green")),
                new Case("HEAD answers like GET without a body", RawCases::headMetadata),
                new Case("HEAD of an error has its code and no body", f -> assertEquals("", f.raw().send("HEAD", "/" + f.freeName() + "?comp=metadata").is(404).has("x-ms-error-code", "QueueNotFound").body())),
                new Case("HEAD of an access policy answers 200", f -> f.raw().send("HEAD", "/" + f.queue().getQueueName() + "?comp=acl").is(200)),
                new Case("list answers what was asked", f -> f.raw().send("GET", "?comp=list&prefix=nobody-has-this&maxresults=7&marker=nobody-has-this-x").is(200).hasXml("/EnumerationResults/Prefix", "nobody-has-this").hasXml("//MaxResults", "7").hasXml("//Marker", "nobody-has-this-x").hasXml("count(//NextMarker)", "1")),
                new Case("list names the endpoint", f -> list(f).hasXml("/EnumerationResults/@ServiceEndpoint", f.target().queueEndpoint().orElseThrow() + "/")),
                new Case("list of old versions names the account and URLs", RawCases::oldList),
                new Case("list serves a slash at the end", f -> f.raw().send("GET", "/?comp=list&maxresults=1").is(200)),
                new Case("list of more than 5000 is cut", f -> f.raw().send("GET", "?comp=list&maxresults=100000").is(200)),
                new Case("an empty text is a message, too", f -> f.raw().send("POST", messages(f, false), Map.of(), "<QueueMessage><MessageText></MessageText></QueueMessage>").is(201)),
                new Case("text with escapes, CDATA and comments is one text", RawCases::composedText),
                new Case("a document with BOM, declaration and blanks is read", f -> f.raw().send("POST", messages(f, false), Map.of(), "\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<QueueMessage >\n <MessageText>x</MessageText>\n</QueueMessage>\n").is(201)),
                new Case("old service properties have Metrics and no Cors", f -> f.raw().send("GET", "?restype=service&comp=properties", Map.of("x-ms-version", "2012-02-12"), "").is(200).hasXml("count(//Metrics)", "1").hasXml("count(//Cors)", "0")),
                new Case("setting service properties answers 202", RawCases::setProperties),
                new Case("names in the query know no case", f -> f.raw().send("GET", "?Comp=list&MaxResults=1").is(200)),
                new Case("the client's time-out is accepted", f -> f.raw().send("GET", "?comp=list&timeout=30").is(200)),
                new Case("preflight is answered by the matching rule", RawCases::preflight),
                new Case("preflight without a matching rule answers 403", f -> preflight(f, "http://stranger.example", "GET", "").is(403, "CorsPreflightFailure")),
                new Case("preflight for an unknown account answers 403", f -> f.raw().sendTo(URI.create(f.target().queueEndpoint().orElseThrow() + "x/q"), "OPTIONS", Map.of("Origin", "http://a.example", "Access-Control-Request-Method", "GET"), "", null).is(403, "CorsPreflightFailure")),
                new Case("preflight without an origin answers 400", f -> f.raw().send("OPTIONS", "/any-queue", Map.of("Access-Control-Request-Method", "GET"), "", null).is(400, "InvalidHeaderValue")),
                new Case("preflight without a method answers 400", f -> f.raw().send("OPTIONS", "/any-queue", Map.of("Origin", "http://a.example"), "", null).is(400, "InvalidHeaderValue")));
    }

    private static RawAnswer list(Fixture f) {
        return f.raw().send("GET", "?comp=list&maxresults=1").is(200);
    }

    private static RawAnswer version(Fixture f, String version) {
        return f.raw().send("GET", "?comp=list&maxresults=1", Map.of("x-ms-version", version), "");
    }

    private static String messages(Fixture f, boolean withOne) {
        QueueClient queue = f.queue();
        if (withOne) {
            queue.sendMessage("hello");
        }
        return "/" + queue.getQueueName() + "/messages";
    }

    private static RawAnswer put(Fixture f, String version) {
        return f.raw().send("POST", messages(f, false), Map.of("x-ms-version", version), HELLO);
    }

    private static RawAnswer receive(Fixture f) {
        return f.raw().send("GET", messages(f, true) + "?numofmessages=32&visibilitytimeout=604800");
    }

    private static String update(Fixture f, String messages, String body) {
        RawAnswer received = f.raw().send("GET", messages).is(200);
        String receipt = PercentCoding.encode(received.xml("//PopReceipt"));
        RawAnswer updated = f.raw().send("PUT", messages + "/" + received.xml("//MessageId") + "?popreceipt=" + receipt + "&visibilitytimeout=0", Map.of(), body).is(204);
        assertTrue(!updated.header("x-ms-popreceipt").isEmpty());
        assertTrue(updated.header("x-ms-time-next-visible").endsWith(" GMT"));
        return f.raw().send("GET", messages).is(200).xml("//MessageText");
    }

    private static void update(Fixture f) {
        assertEquals("changed", update(f, messages(f, true), "<QueueMessage><MessageText>changed</MessageText></QueueMessage>"));
    }

    private static void updateWithoutBody(Fixture f) {
        assertEquals("hello", update(f, messages(f, true), ""));
    }

    private static void metadata(Fixture f) {
        String name = f.freeName();
        f.raw().send("PUT", "/" + name, Map.of("x-ms-meta-Color", "blue"), "").is(201);
        f.raw().send("GET", "/" + name + "?comp=metadata").is(200).has("x-ms-meta-Color", "blue").has("x-ms-approximate-messages-count", "0");
        f.raw().send("PUT", "/" + name + "?comp=metadata", Map.of("x-ms-meta-size", "3"), "").is(204);
        f.raw().send("GET", "/" + name + "?comp=metadata").is(200).has("x-ms-meta-Color", "").has("x-ms-meta-size", "3");
    }

    private static String withMetadata(Fixture f) {
        String name = f.freeName();
        f.raw().send("PUT", "/" + name, Map.of("x-ms-meta-CamelCase", "blue & green"), "").is(201);
        return name;
    }

    private static void headMetadata(Fixture f) {
        String name = f.freeName();
        f.raw().send("PUT", "/" + name, Map.of("x-ms-meta-Color", "blue"), "").is(201);
        assertEquals("", f.raw().send("HEAD", "/" + name + "?comp=metadata").is(200).has("x-ms-meta-color", "blue").body());
    }

    private static void oldList(Fixture f) {
        String name = f.queue().getQueueName();
        String endpoint = f.target().queueEndpoint().orElseThrow().toString();
        f.raw().send("GET", "?comp=list&prefix=" + name, Map.of("x-ms-version", "2012-02-12"), "").is(200)
                .hasXml("/EnumerationResults/@AccountName", endpoint)
                .hasXml("//Queue/Url", endpoint + "/" + name);
    }

    private static void composedText(Fixture f) {
        String messages = messages(f, false);
        f.raw().send("POST", messages, Map.of(), "<QueueMessage><!-- c --><MessageText>a&lt;&#x62;<![CDATA[<c>&amp;]]>&#13;</MessageText></QueueMessage>").is(201);
        f.raw().send("GET", messages).is(200).hasXml("//MessageText", "a<b<c>&amp;\r");
    }

    private static void setProperties(Fixture f) {
        QueueServiceProperties before = f.service().getProperties();
        try {
            f.raw().send("PUT", "?restype=service&comp=properties", Map.of(), "<StorageServiceProperties><Cors /></StorageServiceProperties>").is(202);
        } finally {
            f.service().setProperties(before);
        }
    }

    private static RawAnswer preflight(Fixture f, String origin, String method, String headers) {
        return f.raw().send("OPTIONS", "/any-queue/messages", Map.of("Origin", origin, "Access-Control-Request-Method", method, "Access-Control-Request-Headers", headers), "", null);
    }

    private static void preflight(Fixture f) {
        QueueServiceProperties before = f.service().getProperties();
        try {
            f.service().setProperties(new QueueServiceProperties().setCors(List.of(SdkServiceCases.corsRule("http://a.example,http://b.example"), SdkServiceCases.corsRule("*").setAllowedMethods("DELETE"))));
            preflight(f, "http://b.example", "PUT", "x-ms-version, Content-Type").is(200)
                    .has("Access-Control-Allow-Origin", "http://b.example").has("Access-Control-Allow-Methods", "PUT")
                    .has("Access-Control-Allow-Headers", "x-ms-version, Content-Type").has("Access-Control-Max-Age", "60").has("Access-Control-Allow-Credentials", "true");
            preflight(f, "http://c.example", "DELETE", "").is(200).has("Access-Control-Allow-Origin", "*").has("Access-Control-Allow-Credentials", "");
            preflight(f, "http://c.example", "PUT", "").is(403, "CorsPreflightFailure");
            preflight(f, "http://a.example", "PUT", "x-other").is(403, "CorsPreflightFailure");
            f.raw().send("GET", "?comp=list&maxresults=1", Map.of("Origin", "http://a.example"), "").is(200)
                    .has("Access-Control-Allow-Origin", "http://a.example").has("Access-Control-Expose-Headers", "x-ms-request-id").has("Vary", "Origin");
            f.raw().send("GET", "/" + f.freeName() + "?comp=metadata", Map.of("Origin", "http://a.example"), "").is(404, "QueueNotFound").has("Access-Control-Allow-Origin", "http://a.example");
            f.raw().send("GET", "?comp=list&maxresults=1", Map.of("Origin", "http://c.example"), "").is(200).has("Access-Control-Allow-Origin", "");
            f.raw().send("GET", "?comp=list&maxresults=1").is(200).has("Access-Control-Allow-Origin", "");
        } finally {
            f.service().setProperties(before);
        }
    }
}
