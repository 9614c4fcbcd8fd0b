package io.lazuli.storage.protocol.table.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.protocol.table.DateTimes;
import io.lazuli.storage.protocol.table.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EntityReaderTest {

    /** The example of "Insert Entity". */
    private static final String PUBLISHED = """
            {
               "Address":"Mountain View",
               "Age":23,
               "AmountDue":200.23,
               "CustomerCode@odata.type":"Edm.Guid",
               "CustomerCode":"c9da6455-213d-42c9-9a79-3e9149a57833",
               "CustomerSince@odata.type":"Edm.DateTime",
               "CustomerSince":"2008-07-10T00:00:00",
               "IsActive":true,
               "NumberOfOrders@odata.type":"Edm.Int64",
               "NumberOfOrders":"255",
               "PartitionKey":"mypartitionkey",
               "RowKey":"myrowkey"
            }""";

    @Test
    void readsThePublishedExample() {
        EntityBody body = read(PUBLISHED);

        assertEquals(new EntityKey("mypartitionkey", "myrowkey"), body.keyToInsert());
        assertEquals(
                Map.of(
                        "Address", new EdmValue.OfString("Mountain View"),
                        "Age", new EdmValue.OfInt32(23),
                        "AmountDue", new EdmValue.OfDouble(200.23),
                        "CustomerCode", new EdmValue.OfGuid(UUID.fromString("c9da6455-213d-42c9-9a79-3e9149a57833")),
                        "CustomerSince", new EdmValue.OfDateTime(DateTimes.parse("2008-07-10T00:00:00Z")),
                        "IsActive", new EdmValue.OfBoolean(true),
                        "NumberOfOrders", new EdmValue.OfInt64(255)),
                body.properties());
        assertEquals(
                List.of("Address", "Age", "AmountDue", "CustomerCode", "CustomerSince", "IsActive", "NumberOfOrders"),
                List.copyOf(body.properties().keySet()));
    }

    static List<Arguments> values() {
        return List.of(
                Arguments.of("1", null, new EdmValue.OfInt32(1)),
                Arguments.of("-2147483648", null, new EdmValue.OfInt32(Integer.MIN_VALUE)),
                Arguments.of("2147483648", null, new EdmValue.OfDouble(2147483648.0)),
                Arguments.of("123456789012345678901234567890", null, new EdmValue.OfDouble(1.2345678901234568e29)),
                Arguments.of("1.0", null, new EdmValue.OfDouble(1)),
                Arguments.of("1e3", null, new EdmValue.OfDouble(1000)),
                Arguments.of("-0.0", null, new EdmValue.OfDouble(-0.0)),
                Arguments.of("\"2008-07-10T00:00:00Z\"", null, new EdmValue.OfString("2008-07-10T00:00:00Z")),
                Arguments.of("\"\\u00e4\\n\\ud83d\\ude00\"", null, new EdmValue.OfString("ä\n😀")),
                Arguments.of("\"\"", "Edm.String", new EdmValue.OfString("")),
                Arguments.of("7", "Edm.Int32", new EdmValue.OfInt32(7)),
                Arguments.of("\"-9223372036854775808\"", "Edm.Int64", new EdmValue.OfInt64(Long.MIN_VALUE)),
                Arguments.of("9007199254740993", "Edm.Int64", new EdmValue.OfInt64(9007199254740993L)),
                Arguments.of("\"NaN\"", "Edm.Double", new EdmValue.OfDouble(Double.NaN)),
                Arguments.of("\"Infinity\"", "Edm.Double", new EdmValue.OfDouble(Double.POSITIVE_INFINITY)),
                Arguments.of("\"-Infinity\"", "Edm.Double", new EdmValue.OfDouble(Double.NEGATIVE_INFINITY)),
                Arguments.of("\"1.5\"", "Edm.Double", new EdmValue.OfDouble(1.5)),
                Arguments.of("3", "Edm.Double", new EdmValue.OfDouble(3)),
                Arguments.of("4.9E-324", null, new EdmValue.OfDouble(Double.MIN_VALUE)),
                Arguments.of("false", "Edm.Boolean", new EdmValue.OfBoolean(false)),
                Arguments.of("\"AQID\"", "Edm.Binary", new EdmValue.OfBinary(new byte[] {1, 2, 3})),
                Arguments.of("\"\"", "Edm.Binary", new EdmValue.OfBinary(new byte[0])));
    }

    @ParameterizedTest
    @MethodSource("values")
    void typeIsWhatTheAnnotationOrTheJsonTypeSays(String json, String type, EdmValue expected) {
        if (type == null) {
            assertEquals(expected, read("{\"A\":" + json + "}").properties().get("A"));
            return;
        }
        assertEquals(expected, read("{\"A@odata.type\":\"" + type + "\",\"A\":" + json + "}").properties().get("A"));
        assertEquals(expected, read("{\"A\":" + json + ",\"A@odata.type\":\"" + type + "\"}").properties().get("A"));
    }

    @Test
    void whatTheServerSetsAndControlInformationAreIgnored() {
        EntityBody body = read("""
                {"odata.etag":"x","odata.metadata":"y","Timestamp@odata.type":"Edm.DateTime","Timestamp":"nonsense",
                 "A@odata.editLink":"z","A":1,"Gone":null,"Gone@odata.type":"Edm.Int64"}""");

        assertEquals(Map.of("A", new EdmValue.OfInt32(1)), body.properties());
        assertNull(body.partitionKey());
        assertNull(body.rowKey());
    }

    @Test
    void keysInTheBodyOfAChangeMustBeThoseAddressed() {
        EntityKey key = new EntityKey("p", "r");
        assertEquals(key, read("{}").keyToUpdate(key));
        assertEquals(key, read("{\"PartitionKey\":\"p\",\"RowKey\":\"r\"}").keyToUpdate(key));
        assertEquals(StorageErrorCode.INVALID_INPUT,
                assertThrows(StorageException.class, () -> read("{\"RowKey\":\"other\"}").keyToUpdate(key)).error());
    }

    static List<Arguments> refused() {
        return List.of(
                Arguments.of("", StorageErrorCode.INVALID_INPUT),
                Arguments.of("[]", StorageErrorCode.INVALID_INPUT),
                Arguments.of("{", StorageErrorCode.INVALID_INPUT),
                Arguments.of("{}x", StorageErrorCode.INVALID_INPUT),
                Arguments.of("{} {}", StorageErrorCode.INVALID_INPUT),
                Arguments.of("{'A':1}", StorageErrorCode.INVALID_INPUT),
                Arguments.of("{\"A\":01}", StorageErrorCode.INVALID_INPUT),
                Arguments.of("{\"A\":NaN}", StorageErrorCode.INVALID_INPUT),
                Arguments.of("{\"A\":1e999}", StorageErrorCode.INVALID_INPUT),
                Arguments.of("{\"A\":{}}", StorageErrorCode.INVALID_INPUT),
                Arguments.of("{\"A\":[1]}", StorageErrorCode.INVALID_INPUT),
                Arguments.of("{\"A\":\"\\ud800\"}", StorageErrorCode.INVALID_INPUT),
                Arguments.of("{\"A\":" + "[".repeat(10_000), StorageErrorCode.INVALID_INPUT),
                Arguments.of("{\"A\":" + "9".repeat(500) + "}", StorageErrorCode.INVALID_INPUT),
                Arguments.of("{\"PartitionKey\":1}", StorageErrorCode.INVALID_INPUT),
                Arguments.of("{\"PartitionKey\":null}", StorageErrorCode.PROPERTIES_NEED_VALUE),
                Arguments.of("{\"PartitionKey\":\"a\",\"PartitionKey\":\"a\"}", StorageErrorCode.DUPLICATE_PROPERTIES_SPECIFIED),
                Arguments.of("{\"A\":1,\"A\":1}", StorageErrorCode.DUPLICATE_PROPERTIES_SPECIFIED),
                Arguments.of("{\"A\":null,\"A\":1}", StorageErrorCode.DUPLICATE_PROPERTIES_SPECIFIED),
                Arguments.of(typed("1.5", "Edm.Int32"), StorageErrorCode.INVALID_INPUT),
                Arguments.of(typed("2147483648", "Edm.Int32"), StorageErrorCode.INVALID_INPUT),
                Arguments.of(typed("\"x\"", "Edm.Int64"), StorageErrorCode.INVALID_INPUT),
                Arguments.of(typed("\"9223372036854775808\"", "Edm.Int64"), StorageErrorCode.INVALID_INPUT),
                Arguments.of(typed("\"0x1p3\"", "Edm.Double"), StorageErrorCode.INVALID_INPUT),
                Arguments.of(typed("\"true\"", "Edm.Boolean"), StorageErrorCode.INVALID_INPUT),
                Arguments.of(typed("1", "Edm.String"), StorageErrorCode.INVALID_INPUT),
                Arguments.of(typed("\"c9da6455213d42c99a793e9149a57833\"", "Edm.Guid"), StorageErrorCode.INVALID_INPUT),
                Arguments.of(typed("\"1-2-3-4-5\"", "Edm.Guid"), StorageErrorCode.INVALID_INPUT),
                Arguments.of(typed("\"*\"", "Edm.Binary"), StorageErrorCode.INVALID_INPUT),
                Arguments.of(typed("\"yesterday\"", "Edm.DateTime"), StorageErrorCode.INVALID_INPUT),
                Arguments.of(typed("\"1600-12-31T23:59:59Z\"", "Edm.DateTime"), StorageErrorCode.OUT_OF_RANGE_INPUT),
                Arguments.of(typed("1", "Edm.Byte"), StorageErrorCode.INVALID_VALUE_TYPE),
                Arguments.of("{\"\":1}", StorageErrorCode.PROPERTY_NAME_INVALID),
                Arguments.of("{\"a-b\":1}", StorageErrorCode.PROPERTY_NAME_INVALID),
                Arguments.of("{\"1a\":1}", StorageErrorCode.PROPERTY_NAME_INVALID),
                Arguments.of("{\"a b\":1}", StorageErrorCode.PROPERTY_NAME_INVALID),
                Arguments.of("{\"" + "a".repeat(256) + "\":1}", StorageErrorCode.PROPERTY_NAME_TOO_LONG),
                Arguments.of("{\"A\":\"" + "a".repeat(32 * 1024 + 1) + "\"}", StorageErrorCode.PROPERTY_VALUE_TOO_LARGE),
                Arguments.of(typed("\"" + "AAAA".repeat(22_000) + "\"", "Edm.Binary"), StorageErrorCode.PROPERTY_VALUE_TOO_LARGE),
                Arguments.of(properties(253), StorageErrorCode.TOO_MANY_PROPERTIES),
                Arguments.of(properties(5_000), StorageErrorCode.INVALID_INPUT));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void wrongInputHasItsDocumentedError(String json, StorageErrorCode expected) {
        assertEquals(expected, assertThrows(StorageException.class, () -> read(json)).error());
    }

    @Test
    void limitsThemselvesAreAllowed() {
        assertEquals(252, read(properties(252)).properties().size());
        assertEquals(1, read("{\"Ä_" + "9".repeat(253) + "\":1}").properties().size());
        assertEquals(1, read("{\"A\":\"" + "ä".repeat(32 * 1024) + "\"}").properties().size());
    }

    static List<Arguments> keys() {
        return List.of(
                Arguments.of("a", null, StorageErrorCode.PROPERTIES_NEED_VALUE),
                Arguments.of(null, "a", StorageErrorCode.PROPERTIES_NEED_VALUE),
                Arguments.of("a".repeat(513), "a", StorageErrorCode.PROPERTY_VALUE_TOO_LARGE),
                Arguments.of("a/b", "a", StorageErrorCode.OUT_OF_RANGE_INPUT),
                Arguments.of("a", "a\\b", StorageErrorCode.OUT_OF_RANGE_INPUT),
                Arguments.of("a", "#", StorageErrorCode.OUT_OF_RANGE_INPUT),
                Arguments.of("a", "?", StorageErrorCode.OUT_OF_RANGE_INPUT),
                Arguments.of("a", "\t", StorageErrorCode.OUT_OF_RANGE_INPUT),
                Arguments.of("a", "\u0000", StorageErrorCode.OUT_OF_RANGE_INPUT),
                Arguments.of("a", "\u007f", StorageErrorCode.OUT_OF_RANGE_INPUT),
                Arguments.of("\u009f", "a", StorageErrorCode.OUT_OF_RANGE_INPUT),
                Arguments.of("\ud800", "a", StorageErrorCode.OUT_OF_RANGE_INPUT));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void keysHaveTheirLimits(String partitionKey, String rowKey, StorageErrorCode expected) {
        EntityBody body = new EntityBody(partitionKey, rowKey, Map.of());
        assertEquals(expected, assertThrows(StorageException.class, body::keyToInsert).error());
    }

    @Test
    void oddKeysAreAllowed() {
        EntityBody body = read("{\"PartitionKey\":\"\",\"RowKey\":\"O'Brien äß😀 %&+=;,:@!$*()[]{}|<>\\\"~\"}");
        assertEquals("O'Brien äß😀 %&+=;,:@!$*()[]{}|<>\"~", body.keyToInsert().rowKey());
    }

    @Test
    void entityBeyondOneMebibyteIsRefused() {
        String json = IntStream.range(0, 17).mapToObj(i -> "\"P" + i + "\":\"" + "a".repeat(32_000) + "\"").collect(Collectors.joining(",", "{", ",\"PartitionKey\":\"p\",\"RowKey\":\"r\"}"));
        EntityBody body = read(json);
        assertEquals(StorageErrorCode.ENTITY_TOO_LARGE, assertThrows(StorageException.class, body::keyToInsert).error());
    }

    @Test
    void bytesThatAreNoUnicodeAreRefused() {
        for (byte[] body : List.of(
                new byte[] {'{', '"', 'A', '"', ':', '"', (byte) 0xC3, '"', '}'},
                new byte[] {'{', '"', 'A', '"', ':', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', '}'},
                new byte[] {0, 0, 0, '{', 0, 0},
                new byte[] {0, 0, 0, '{', 0x7F, 0, 0, 0},
                new byte[] {(byte) 0xFE, (byte) 0xFF, 0, '{', 0})) {
            assertEquals(StorageErrorCode.INVALID_INPUT, assertThrows(StorageException.class, () -> EntityReader.read(body)).error());
        }
    }

    @Test
    void mutatedBodiesAreReadOrRefusedByTheProtocol() {
        long seed = System.nanoTime();
        System.out.println("EntityReaderTest seed " + seed);
        Random random = new Random(seed);
        byte[] original = PUBLISHED.getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = Mutations.mutate(original, random);
            try {
                EntityReader.read(mutated).keyToInsert();
            } catch (StorageException e) {
                refused++;
                assertFalse(e.error().status() >= 500);
            }
        }
        assertFalse(refused < 1_000, refused + " of 20000 were refused");
    }

    private static EntityBody read(String json) {
        return EntityReader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String typed(String value, String type) {
        return "{\"A@odata.type\":\"" + type + "\",\"A\":" + value + "}";
    }

    private static String properties(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"P" + i + "\":" + i).collect(Collectors.joining(",", "{", "}"));
    }
}
