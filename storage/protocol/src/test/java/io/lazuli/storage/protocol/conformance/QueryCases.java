package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.security.PercentCoding;
import io.lazuli.storage.protocol.conformance.TableServiceConformance.Case;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Filters and selections over a few entities of every kind. */
final class QueryCases {

    /** PartitionKey, RowKey, properties. */
    private static final String ENTITIES = """
            a | 1 | "s":"apple","i":1,"l@odata.type":"Edm.Int64","l":"10000000000","d":1.5,"b":true,"t@odata.type":"Edm.DateTime","t":"2020-01-01T00:00:00Z","g@odata.type":"Edm.Guid","g":"00112233-4455-6677-8899-aabbccddeeff","x@odata.type":"Edm.Binary","x":"AQID"
            a | 2 | "s":"banana","i":2,"l@odata.type":"Edm.Int64","l":"-5","d":-2.25,"b":false,"t@odata.type":"Edm.DateTime","t":"2021-06-15T12:30:45.1234567Z","g@odata.type":"Edm.Guid","g":"ffeeddcc-bbaa-9988-7766-554433221100","x@odata.type":"Edm.Binary","x":"/w=="
            a | 3 | "s":"","i":-7,"d":0.0
            b | 1 | "s":"o'clock","i":2147483647,"l@odata.type":"Edm.Int64","l":"9223372036854775807","d":1e300
            b | 2 | "s":"é漢😀","i":-2147483648,"l@odata.type":"Edm.Int64","l":"-9223372036854775808"
            c | 1 | "s":5,"i":"1","only":"here"
            c |   | "s":null
            """;

    /** A filter, and which entities it finds: PartitionKey and RowKey in one word, in order. */
    private static final String FILTERS = """
            PartitionKey eq 'a'                                          | a1 a2 a3
            PartitionKey ne 'a'                                          | b1 b2 c c1
            PartitionKey gt 'a'                                          | b1 b2 c c1
            PartitionKey ge 'b'                                          | b1 b2 c c1
            PartitionKey lt 'b'                                          | a1 a2 a3
            PartitionKey le 'b'                                          | a1 a2 a3 b1 b2
            PartitionKey eq ''                                           |
            PartitionKey eq 'A'                                          |
            PartitionKey gt 'a' and PartitionKey lt 'c'                  | b1 b2
            PartitionKey eq 'a' and RowKey eq '2'                        | a2
            PartitionKey eq 'a' and RowKey gt '1' and RowKey le '3'      | a2 a3
            PartitionKey eq 'a' and RowKey ge '1' and RowKey lt '1~'     | a1
            PartitionKey eq 'c' and RowKey eq ''                         | c
            PartitionKey eq 'a' or PartitionKey eq 'c'                   | a1 a2 a3 c c1
            PartitionKey eq 'a' and PartitionKey eq 'b'                  |
            (PartitionKey eq 'a' and RowKey eq '1') or (PartitionKey eq 'b' and RowKey eq '2') | a1 b2
            RowKey eq '1'                                                | a1 b1 c1
            RowKey ne '1'                                                | a2 a3 b2 c
            not (PartitionKey eq 'a')                                    | b1 b2 c c1
            not (PartitionKey eq 'a' or RowKey eq '1')                   | b2 c
            not (PartitionKey ge 'b')                                    | a1 a2 a3
            'a' eq PartitionKey                                          | a1 a2 a3
            'b' lt PartitionKey                                          | c c1
            s eq 'apple'                                                 | a1
            s ge 'a' and s lt 'c'                                        | a1 a2
            s gt 'apple' and s le 'banana'                               | a2
            s eq ''                                                      | a3
            s eq 'o''clock'                                              | b1
            s eq 'é漢😀'                                                  | b2
            s eq 'Apple'                                                 |
            S eq 'apple'                                                 |
            s eq 'apple' or s eq 'banana'                                | a1 a2
            s eq '%'                                                     |
            only eq 'here'                                               | c1
            i eq 1                                                       | a1
            i ne 1 and i ne 2                                            | a3 b1 b2
            i gt 1                                                       | a2 b1
            i ge 1                                                       | a1 a2 b1
            i lt 1                                                       | a3 b2
            i le 1                                                       | a1 a3 b2
            i eq -7                                                      | a3
            i eq 2147483647                                              | b1
            i eq -2147483648                                             | b2
            i eq '1'                                                     | c1
            s eq 5                                                       | c1
            s eq '5'                                                     |
            l eq 10000000000L                                            | a1
            l eq -5L                                                     | a2
            l lt 0L                                                      | a2 b2
            l ge 10000000000L                                            | a1 b1
            l eq 9223372036854775807L                                    | b1
            l eq -9223372036854775808L                                   | b2
            l gt 9223372036854775806L                                    | b1
            d eq 1.5                                                     | a1
            d eq -2.25                                                   | a2
            d gt 1.0                                                     | a1 b1
            d lt 0.5                                                     | a2 a3
            d ge 1e300                                                   | b1
            d eq 0.0                                                     | a3
            b eq true                                                    | a1
            b eq false                                                   | a2
            b ne true                                                    | a2
            b                                                            | a1
            b and i eq 1                                                 | a1
            not (b eq true) and PartitionKey eq 'a' and RowKey lt '3'    | a2
            t eq datetime'2020-01-01T00:00:00Z'                          | a1
            t gt datetime'2020-01-01T00:00:00Z'                          | a2
            t eq datetime'2021-06-15T12:30:45.1234567Z'                  | a2
            t lt datetime'2021-06-15T12:30:45.1234567Z'                  | a1
            t ge datetime'2021-06-15T12:30:45.1234568Z'                  |
            t le datetime'9999-12-31T23:59:59Z'                          | a1 a2
            g eq guid'00112233-4455-6677-8899-aabbccddeeff'              | a1
            g eq guid'00112233-4455-6677-8899-AABBCCDDEEFF'              | a1
            g ne guid'00112233-4455-6677-8899-aabbccddeeff'              | a2
            x eq X'010203'                                               | a1
            x eq binary'010203'                                          | a1
            x eq X'ff'                                                   | a2
            x ne X'ff'                                                   | a1
            Timestamp gt datetime'2000-01-01T00:00:00Z'                  | a1 a2 a3 b1 b2 c c1
            Timestamp lt datetime'2000-01-01T00:00:00Z'                  |
            b eq true or b eq false and i eq 1                           | a1
            b eq false and i eq 1 or b eq true                           | a1
            (b eq true or b eq false) and i eq 2                         | a2
            not (not (i eq 1))                                           | a1
            ((((i eq 1))))                                               | a1
            i eq 1 and b eq true and s eq 'apple' and d gt 1.0           | a1
            i   eq   1                                                   | a1
            PartitionKey eq 'a' and i gt 0                               | a1 a2
            RowKey eq '1' and i gt 1                                     | b1
            nothing eq 'x'                                               |
            """;

    private QueryCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>(List.of(
                new Case("no filter finds all, in order", f -> assertEquals("a1 a2 a3 b1 b2 c c1", found(f.get("/" + filled(f) + "()").is(200)))),
                new Case("the parentheses may be left out", f -> assertEquals("a1 a2 a3 b1 b2 c c1", found(f.get("/" + filled(f)).is(200)))),
                new Case("keys sort by code point, not by language", QueryCases::order),
                new Case("$select answers these properties alone", f -> assertEquals("[{\"s\":\"apple\",\"i\":1}]", selected(f, "s,i"))),
                new Case("$select of keys answers them", f -> assertEquals("[{\"PartitionKey\":\"a\",\"RowKey\":\"1\"}]", selected(f, "PartitionKey,RowKey"))),
                new Case("$select with blanks is read", f -> assertEquals("[{\"s\":\"apple\",\"i\":1}]", selected(f, "s,%20i"))),
                new Case("$select of all answers all", f -> assertEquals(selected(f, "PartitionKey,RowKey,Timestamp,s,i,l,d,b,t,g,x"), selected(f, "*"))),
                new Case("$select of an entity answers its properties alone", f -> assertEquals("{\"s\":\"apple\"}", f.get(TableFixture.path(filled(f), "a", "1") + "?$select=s").is(200).json().encode())),
                new Case("$select does not keep a filter from other properties", f -> assertEquals("[{\"s\":\"banana\"}]", f.get("/" + filled(f) + "()?$select=s&$filter=i%20eq%202").is(200).json().getJsonArray("value").encode())),
                new Case("$top answers the first", f -> assertEquals("a1 a2", found(f.get("/" + filled(f) + "()?$top=2").is(200)))),
                new Case("$top counts what the filter finds", f -> assertEquals("a2 b1", found(f.get("/" + filled(f) + "()?$top=2&$filter=i%20gt%201").is(200)))),
                new Case("a filter of 15 comparisons is read", f -> f.query(filled(f), String.join(" or ", Collections.nCopies(15, "i eq 1"))).is(200)),
                new Case("a plus sign is a plus sign", f -> assertEquals("", found(f.get("/" + filled(f) + "()?$filter=s%20eq%20'a%2Bb'").is(200)))),
                new Case("a query of a table that does not exist answers 404", f -> f.query(f.freeName(), "i eq 1").is(404, "TableNotFound")),
                new Case("a query by POST is none", f -> f.send("POST", "/" + f.newTable() + "()?$filter=i%20eq%201", Map.of(), "").is(400))));
        for (String line : FILTERS.lines().toList()) {
            String filter = line.substring(0, line.lastIndexOf('|')).trim();
            String expected = line.substring(line.lastIndexOf('|') + 1).trim();
            cases.add(new Case(filter + " finds " + (expected.isEmpty() ? "nothing" : expected), f -> assertEquals(expected, found(f.query(filled(f), filter).is(200)))));
        }
        return cases;
    }

    /** A table with {@link #ENTITIES}. */
    private static String filled(TableFixture f) {
        return f.shared("entities", (fixture, table) -> {
            for (String line : ENTITIES.lines().toList()) {
                String[] columns = line.split("\\|", 3);
                fixture.insert(table, columns[0].trim(), columns[1].trim(), columns[2].trim()).is(204);
            }
        });
    }

    private static String found(RawAnswer answer) {
        return answer.values().stream().map(entity -> entity.getString("PartitionKey") + entity.getString("RowKey")).collect(Collectors.joining(" "));
    }

    private static String selected(TableFixture f, String names) {
        return f.get("/" + filled(f) + "()?$select=" + names + "&$filter=" + PercentCoding.encode("PartitionKey eq 'a' and RowKey eq '1'")).is(200)
                .json().getJsonArray("value").encode().replaceAll("\"Timestamp\":\"[^\"]*\"", "\"Timestamp\":\"\"");
    }

    private static void order(TableFixture f) {
        String table = f.newTable();
        List<String> keys = List.of("", " ", "!", "-", "0", "10", "9", "A", "B", "Z", "_", "a", "aa", "b", "~", "é", "漢", "\uFF21", "😀");
        List<String> shuffled = new ArrayList<>(keys);
        Collections.shuffle(shuffled, new Random(1));
        shuffled.forEach(key -> f.insert(table, "p", key, "").is(204));
        shuffled.forEach(key -> f.insert(table, "q" + key, "", "").is(204));
        List<JsonObject> all = f.get("/" + table).is(200).values();
        assertEquals(keys, all.stream().filter(entity -> entity.getString("PartitionKey").equals("p")).map(entity -> entity.getString("RowKey")).toList());
        assertEquals(keys, all.stream().map(entity -> entity.getString("PartitionKey")).filter(key -> key.startsWith("q")).map(key -> key.substring(1)).toList());
    }
}
