package io.lazuli.storage.protocol.conformance;

import io.lazuli.security.PercentCoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Valid requests of the table service upon the table {@code Scratch}, and ways to make them invalid. */
final class FuzzSeeds {

    private static final int MAX_BODY_CHARS = 200_000;
    private static final int MAX_PATH_CHARS = 12_000;

    /** @param path with its query and without a signature */
    record Request(String method, String path, List<String> headers, String body) {}

    private static final List<String> FILTERS = List.of(
            "PartitionKey eq 'a' and RowKey ge '1'", "v gt 5 or (w eq 'x''y' and not (b eq true))", "d le -1.5e10", "l eq 9223372036854775807L",
            "t ge datetime'2020-02-29T12:00:00.1234567Z'", "g eq guid'00112233-4455-6677-8899-aabbccddeeff'", "x ne X'00ff'", "((((v eq 1))))", "'a' lt PartitionKey", "s eq 'é漢😀'");

    private static final List<String> TOKENS = List.of(
            "'", "''", "\"", "\\", "(", ")", "%", "%00", "%FF", "%C3", "%F0%9F%98%80", "\u0000", "\uD800", "é", "😀", "null", "true", "-1", "0", "1e999", "NaN",
            "9223372036854775808", "99999999999999999999", "{", "}", "[", "]", ",", ":", "&", "=", "?", "#", "/", "//", "..", "$", "*", "W/\"", "datetime'", "guid'", "X'", "L", " and ", " or ", " not ",
            " eq ", "\r\n", "--", "--b", "--c--", "odata.type", "@odata.type", "Edm.Int64", "Edm.Binary", "PartitionKey", "RowKey", "Timestamp", "<", "<!DOCTYPE a>", "&amp;", "]]>");

    private final Random random;

    FuzzSeeds(Random random) {
        this.random = random;
    }

    Request next() {
        Request seed = seed();
        int rounds = random.nextInt(4);
        for (int i = 0; i < rounds; i++) {
            seed = mutated(seed);
        }
        return seed;
    }

    private Request seed() {
        String key = "(PartitionKey='a',RowKey='" + random.nextInt(20) + "')";
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> new Request("GET", "/Scratch()?$filter=" + escaped(FILTERS.get(random.nextInt(FILTERS.size()))), json(), "");
            case 3 -> new Request("GET", "/Scratch()?$select=v,w&$top=3&NextPartitionKey=1!4!YQ--&NextRowKey=1!4!MQ--", json(), "");
            case 4 -> new Request("GET", "/Scratch" + key, json(), "");
            case 5, 6 -> new Request("POST", "/Scratch", json(), entity());
            case 7 -> new Request("PUT", "/Scratch" + key, with(json(), "If-Match: W/\"datetime'2026-01-01T00%3A00%3A00.0000000Z'\""), entity());
            case 8 -> new Request("MERGE", "/Scratch" + key, with(json(), "If-Match: *"), entity());
            case 9 -> new Request("DELETE", "/Scratch" + key, with(json(), "If-Match: *"), "");
            case 10, 11 -> new Request("POST", "/$batch", List.of("Content-Type: multipart/mixed; boundary=b", "Accept: application/json"), batch());
            case 12 -> new Request("GET", "/Tables?$filter=TableName%20ge%20'S'&$top=2", json(), "");
            default -> new Request(random.nextBoolean() ? "GET" : "PUT", "/Scratch?comp=acl", List.of("Content-Type: application/xml"),
                    "<?xml version=\"1.0\"?><SignedIdentifiers><SignedIdentifier><Id>a</Id><AccessPolicy><Start>2024-01-01T00:00:00Z</Start><Permission>r</Permission></AccessPolicy></SignedIdentifier></SignedIdentifiers>");
        };
    }

    private static List<String> json() {
        return List.of("Content-Type: application/json", "Accept: application/json;odata=fullmetadata", "Prefer: return-content", "DataServiceVersion: 3.0");
    }

    private static List<String> with(List<String> headers, String header) {
        List<String> all = new ArrayList<>(headers);
        all.add(header);
        return all;
    }

    private String entity() {
        return "{\"PartitionKey\":\"a\",\"RowKey\":\"" + random.nextInt(20) + "\",\"v\":" + random.nextInt(10) + ",\"w\":\"x'y é😀\",\"d\":-1.5e10,\"b\":true,\"n\":null,"
                + "\"l@odata.type\":\"Edm.Int64\",\"l\":\"9223372036854775807\",\"t@odata.type\":\"Edm.DateTime\",\"t\":\"2020-02-29T12:00:00.1234567Z\","
                + "\"g@odata.type\":\"Edm.Guid\",\"g\":\"00112233-4455-6677-8899-aabbccddeeff\",\"x@odata.type\":\"Edm.Binary\",\"x\":\"AP8=\"}";
    }

    private String batch() {
        StringBuilder out = new StringBuilder("--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n");
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            out.append("--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ").append(i).append("\r\n\r\n")
                    .append(i % 2 == 0 ? "POST http://127.0.0.1/devstoreaccount1/Scratch" : "MERGE http://127.0.0.1/devstoreaccount1/Scratch(PartitionKey='a',RowKey='" + i + "')")
                    .append(" HTTP/1.1\r\nContent-Type: application/json\r\nAccept: application/json\r\nIf-Match: *\r\n\r\n").append(entity()).append("\r\n");
        }
        return out.append("--c--\r\n--b--\r\n").toString();
    }

    /** Blanks and quotes alone: the rest may stand in a query. */
    private static String escaped(String filter) {
        return PercentCoding.encode(filter);
    }

    private Request mutated(Request from) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> new Request(from.method(), limited(mutated(from.path()), MAX_PATH_CHARS), from.headers(), from.body());
            case 2, 3 -> new Request(from.method(), from.path(), from.headers(), limited(mutated(from.body()), MAX_BODY_CHARS));
            case 4 -> {
                List<String> headers = new ArrayList<>(from.headers());
                int at = random.nextInt(headers.size());
                String header = headers.get(at);
                int colon = header.indexOf(':') + 1;
                headers.set(at, header.substring(0, colon) + " " + limited(mutated(header.substring(colon)), 1000));
                yield new Request(from.method(), from.path(), headers, from.body());
            }
            default -> new Request(List.of("GET", "POST", "PUT", "DELETE", "MERGE", "PATCH", "HEAD", "OPTIONS").get(random.nextInt(8)), from.path(), from.headers(), from.body());
        };
    }

    private static String limited(String text, int max) {
        return text.length() > max ? text.substring(0, max) : text;
    }

    /** One small or large change of a text. */
    String mutated(String text) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + random.nextInt(12));
        String token = TOKENS.get(random.nextInt(TOKENS.size()));
        return switch (random.nextInt(8)) {
            case 0 -> text.substring(0, at) + token + text.substring(at);
            case 1 -> text.substring(0, at) + token + text.substring(end);
            case 2 -> text.substring(0, at) + text.substring(end);
            case 3 -> text.substring(0, end) + text.substring(at);
            case 4 -> text.substring(0, at);
            case 5 -> text.substring(0, at) + token.repeat(1 + random.nextInt(2000)) + text.substring(at);
            case 6 -> text.substring(0, at) + (char) random.nextInt(0x250) + text.substring(Math.min(text.length(), at + 1));
            default -> text.substring(0, at) + text.substring(at, end).repeat(1 + random.nextInt(500)) + text.substring(end);
        };
    }
}
