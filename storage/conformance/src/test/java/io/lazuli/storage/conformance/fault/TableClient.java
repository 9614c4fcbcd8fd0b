package io.lazuli.storage.conformance.fault;

import io.lazuli.security.AccountSas;
import io.lazuli.security.PercentCoding;
import io.lazuli.security.SigningKey;
import io.lazuli.storage.conformance.cloud.LazuliCloud;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One client of one table at all nodes of a cloud; it goes on to the next node when a request fails. For one thread. */
final class TableClient {

    static final int CONFLICT = 409;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Pattern PART_STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
    private final List<String> endpoints;
    private final String table;
    private final String sas = AccountSas.until(Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS).toString(), "t", "sco", "rwdlacu")
            .token(LazuliCloud.ACCOUNT, SigningKey.ofBase64(LazuliCloud.ACCOUNT_KEY));
    private int node;

    /** @param endpoints with the account */
    TableClient(List<String> endpoints, String table, int firstNode) {
        this.endpoints = endpoints;
        this.table = table;
        this.node = firstNode;
    }

    /** @param next escaped parameters of the page that follows, empty behind the last */
    record Page(List<JsonObject> entities, String next) {}

    /** Is content with a table that is there: an earlier try may have made it. */
    void createTable() throws IOException, InterruptedException {
        HttpResponse<String> response = send("POST", "/Tables?" + sas, "application/json", "{\"TableName\":\"" + table + "\"}");
        if (response.statusCode() != 201 && response.statusCode() != CONFLICT) {
            throw new IOException("creating the table answered " + response.statusCode() + " " + response.body());
        }
    }

    /** Inserts entities of one partition key together; returns the status: of the one that failed, if one did. */
    int insert(List<String> entities) throws IOException, InterruptedException {
        if (entities.size() == 1) {
            return send("POST", "/" + table + "?" + sas, "application/json", entities.getFirst()).statusCode();
        }
        StringBuilder body = new StringBuilder("--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n");
        for (String entity : entities) {
            body.append("--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nPOST ").append(endpoints.getFirst()).append('/').append(table)
                    .append(" HTTP/1.1\r\nContent-Type: application/json\r\nPrefer: return-no-content\r\n\r\n").append(entity).append("\r\n");
        }
        HttpResponse<String> response = send("POST", "/$batch?" + sas, "multipart/mixed; boundary=b", body.append("--c--\r\n--b--\r\n").toString());
        Matcher part = PART_STATUS.matcher(response.body());
        return response.statusCode() == 202 && part.find() ? Integer.parseInt(part.group(1)) : response.statusCode();
    }

    /** A page of the whole table, in order. @param next empty for the first */
    Page page(String next) throws IOException, InterruptedException {
        HttpResponse<String> response = send("GET", "/" + table + "()?" + sas + next, "application/json", "");
        if (response.statusCode() != 200) {
            throw new IOException("the query answered " + response.statusCode() + " " + response.body());
        }
        String partition = response.headers().firstValue("x-ms-continuation-NextPartitionKey").orElse("");
        String row = response.headers().firstValue("x-ms-continuation-NextRowKey").orElse("");
        return new Page(
                new JsonObject(response.body()).getJsonArray("value").stream().map(JsonObject.class::cast).toList(),
                partition.isEmpty() ? "" : "&NextPartitionKey=" + PercentCoding.encode(partition) + (row.isEmpty() ? "" : "&NextRowKey=" + PercentCoding.encode(row)));
    }

    void nextNode() {
        node++;
    }

    private HttpResponse<String> send(String method, String path, String contentType, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoints.get(node % endpoints.size()) + path)).timeout(TIMEOUT)
                .header("x-ms-version", "2021-12-02").header("Accept", "application/json;odata=nometadata").header("Content-Type", contentType).header("Prefer", "return-no-content");
        if (path.startsWith("/Tables")) {
            request.setHeader("Prefer", "return-content");
        }
        request.method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
