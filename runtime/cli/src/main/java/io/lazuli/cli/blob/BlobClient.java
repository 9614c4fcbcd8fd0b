package io.lazuli.cli.blob;

import io.lazuli.cli.CliException;
import io.lazuli.cli.admin.AdminClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Speaks the blob service of a cloud through its edge nodes: what fails in a way that may pass is tried again at the next one, a bounded number of
 * times. Every request may be repeated. Any thread.
 */
final class BlobClient {

    private static final String VERSION = "2021-12-02";
    private static final int MAX_TRIES = 6;
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    /** For one block or one range. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(120);

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT).build();
    private final List<String> endpoints;
    private final AccountSignature signature;
    private final String token;

    /** @param endpoints with the account, e.g. {@code http://127.0.0.1:10000/devstoreaccount1} */
    BlobClient(List<String> endpoints, AccountSignature signature) {
        this.endpoints = List.copyOf(endpoints);
        this.signature = signature;
        this.token = signature.ofEverything();
    }

    /** @param contentMd5 Base64, null if the blob has none */
    record Properties(long lengthBytes, String etag, String contentMd5) {}

    record Listed(String name, long lengthBytes, String modified) {}

    /** @param next null at the end */
    record Page(List<Listed> blobs, List<String> prefixes, String next) {}

    AccountSignature signature() {
        return signature;
    }

    /** The address without a signature. */
    String url(BlobAddress address) {
        return endpoints.getFirst() + address.path();
    }

    void createContainer(String container) {
        HttpResponse<byte[]> answer = send("PUT", new BlobAddress(container, ""), "restype=container", Map.of(), new byte[0]);
        if (answer.statusCode() != 409) {
            require(answer, container);
        }
    }

    /** @param md5 Base64 */
    void put(BlobAddress blob, byte[] bytes, String contentType, String md5) {
        require(send("PUT", blob, "", Map.of("x-ms-blob-type", "BlockBlob", "Content-MD5", md5, "x-ms-blob-content-type", contentType), bytes), blob);
    }

    void putBlock(BlobAddress blob, String id, byte[] bytes, String md5) {
        require(send("PUT", blob, "comp=block&blockid=" + AdminClient.encode(id), Map.of("Content-MD5", md5), bytes), blob);
    }

    /** @param md5 Base64, of the whole blob */
    void commit(BlobAddress blob, List<String> ids, String contentType, String md5) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        ids.forEach(id -> xml.append("<Latest>").append(id).append("</Latest>"));
        xml.append("</BlockList>");
        require(send("PUT", blob, "comp=blocklist", Map.of("x-ms-blob-content-type", contentType, "x-ms-blob-content-md5", md5),
                xml.toString().getBytes(StandardCharsets.UTF_8)), blob);
    }

    /** Lengths by id of what an upload that did not end has left; none if there is no such blob. */
    Map<String, Long> uncommittedBlocks(BlobAddress blob) {
        HttpResponse<byte[]> answer = send("GET", blob, "comp=blocklist&blocklisttype=uncommitted", Map.of(), null);
        if (answer.statusCode() == 404) {
            return Map.of();
        }
        Map<String, Long> found = new HashMap<>();
        for (Element block : elements(xml(require(answer, blob)), "Block")) {
            found.put(text(block, "Name"), Long.parseLong(text(block, "Size")));
        }
        return found;
    }

    Optional<Properties> properties(BlobAddress blob) {
        HttpResponse<byte[]> answer = send("HEAD", blob, "", Map.of(), null);
        if (answer.statusCode() == 404) {
            return Optional.empty();
        }
        require(answer, blob);
        return Optional.of(new Properties(
                answer.headers().firstValueAsLong("Content-Length").orElse(0), answer.headers().firstValue("ETag").orElse(""),
                answer.headers().firstValue("Content-MD5").orElse(null)));
    }

    /** Of the state with that ETag. */
    byte[] range(BlobAddress blob, long offset, int length, String etag) {
        return require(send("GET", blob, "", Map.of("x-ms-range", "bytes=" + offset + "-" + (offset + length - 1), "If-Match", etag), null), blob).body();
    }

    /** @param delimiter empty for none; @param marker null for the start */
    Page list(BlobAddress prefix, String delimiter, String marker) {
        String query = "restype=container&comp=list&prefix=" + AdminClient.encode(prefix.name())
                + (delimiter.isEmpty() ? "" : "&delimiter=" + AdminClient.encode(delimiter))
                + (marker == null ? "" : "&marker=" + AdminClient.encode(marker));
        Document document = xml(require(send("GET", new BlobAddress(prefix.container(), ""), query, Map.of(), null), prefix));
        List<Listed> blobs = new ArrayList<>();
        for (Element blob : elements(document, "Blob")) {
            blobs.add(new Listed(text(blob, "Name"), Long.parseLong(text(blob, "Content-Length")), text(blob, "Last-Modified")));
        }
        List<String> prefixes = elements(document, "BlobPrefix").stream().map(found -> text(found, "Name")).toList();
        String next = text(document.getDocumentElement(), "NextMarker");
        return new Page(blobs, prefixes, next.isEmpty() ? null : next);
    }

    /** False if it was not there. */
    boolean delete(BlobAddress blob) {
        HttpResponse<byte[]> answer = send("DELETE", blob, "", Map.of("x-ms-delete-snapshots", "include"), null);
        if (answer.statusCode() == 404) {
            return false;
        }
        require(answer, blob);
        return true;
    }

    /** Begins a copy within the service; its state: {@code success} or {@code pending}. */
    String copy(BlobAddress from, BlobAddress to) {
        return require(send("PUT", to, "", Map.of("x-ms-copy-source", url(from) + "?" + token), new byte[0]), to)
                .headers().firstValue("x-ms-copy-status").orElse("success");
    }

    String copyState(BlobAddress blob) {
        return require(send("HEAD", blob, "", Map.of(), null), blob).headers().firstValue("x-ms-copy-status").orElse("success");
    }

    private HttpResponse<byte[]> send(String method, BlobAddress address, String query, Map<String, String> headers, byte[] body) {
        String failure = "";
        for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
            if (attempt > 0) {
                pause(FIRST_PAUSE_MILLIS << (attempt - 1));
            }
            String endpoint = endpoints.get(attempt % endpoints.size());
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                            endpoint + address.path() + "?" + (query.isEmpty() ? "" : query + "&") + token))
                    .timeout(REQUEST_TIMEOUT)
                    .header("x-ms-version", VERSION)
                    .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
            headers.forEach(request::header);
            try {
                HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
                if (answer.statusCode() < 500) {
                    return answer;
                }
                failure = "HTTP status " + answer.statusCode() + " " + code(answer);
            } catch (IOException e) {
                failure = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CliException("interrupted");
            }
        }
        throw new CliException(address + ": the cloud does not do it (" + failure + ")");
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted");
        }
    }

    private static HttpResponse<byte[]> require(HttpResponse<byte[]> answer, Object what) {
        if (answer.statusCode() >= 400) {
            throw new CliException(what + ": " + code(answer));
        }
        return answer;
    }

    private static String code(HttpResponse<byte[]> answer) {
        return answer.headers().firstValue("x-ms-error-code").orElse("HTTP status " + answer.statusCode());
    }

    private static Document xml(HttpResponse<byte[]> answer) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(new ByteArrayInputStream(answer.body()));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new CliException("the cloud's answer cannot be read: " + e.getMessage());
        }
    }

    private static List<Element> elements(Document document, String name) {
        NodeList found = document.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    private static String text(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        if (found.getLength() == 0) {
            return "";
        }
        String text = found.item(0).getTextContent();
        boolean encoded = ((Element) found.item(0)).getAttribute("Encoded").equals("true");
        return encoded ? URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8) : text;
    }
}
