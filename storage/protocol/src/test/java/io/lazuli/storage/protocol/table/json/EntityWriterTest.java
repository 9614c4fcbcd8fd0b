package io.lazuli.storage.protocol.table.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.partition.table.EntityProperties;
import io.lazuli.storage.partition.table.StoredEntity;
import io.lazuli.storage.protocol.table.DateTimes;
import io.lazuli.storage.protocol.table.Projection;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EntityWriterTest {

    private static final TableAddress CUSTOMERS = new TableAddress("https://myaccount.table.core.windows.net", "myaccount", "Customers");
    private static final String ETAG = "W/\\\"datetime'2013-08-22T00%3A20%3A16.3134645Z'\\\"";

    private static final StoredEntity PUBLISHED = entity(new EntityKey("Jonathan", "Foster"), properties(
            "Address", new EdmValue.OfString("1234 SomeStreet St, Bellevue, WA 75001"),
            "Age", new EdmValue.OfInt32(23),
            "AmountDue", new EdmValue.OfDouble(200.23),
            "CustomerCode", new EdmValue.OfGuid(UUID.fromString("c9da6455-213d-42c9-9a79-3e9149a57833")),
            "CustomerSince", new EdmValue.OfDateTime(DateTimes.parse("2008-07-10T00:00:00Z")),
            "IsActive", new EdmValue.OfBoolean(false),
            "NumberOfOrders", new EdmValue.OfInt64(255)));

    @Test
    void fullMetadataIsAsPublished() {
        assertEquals(
                "{\"odata.metadata\":\"https://myaccount.table.core.windows.net/$metadata#Customers\",\"value\":[{"
                        + "\"odata.type\":\"myaccount.Customers\","
                        + "\"odata.id\":\"https://myaccount.table.core.windows.net/Customers(PartitionKey='Jonathan',RowKey='Foster')\","
                        + "\"odata.etag\":\"" + ETAG + "\","
                        + "\"odata.editLink\":\"Customers(PartitionKey='Jonathan',RowKey='Foster')\","
                        + "\"PartitionKey\":\"Jonathan\",\"RowKey\":\"Foster\","
                        + "\"Timestamp@odata.type\":\"Edm.DateTime\",\"Timestamp\":\"2013-08-22T00:20:16.3134645Z\","
                        + "\"Address\":\"1234 SomeStreet St, Bellevue, WA 75001\",\"Age\":23,"
                        + "\"AmountDue@odata.type\":\"Edm.Double\",\"AmountDue\":200.23,"
                        + "\"CustomerCode@odata.type\":\"Edm.Guid\",\"CustomerCode\":\"c9da6455-213d-42c9-9a79-3e9149a57833\","
                        + "\"CustomerSince@odata.type\":\"Edm.DateTime\",\"CustomerSince\":\"2008-07-10T00:00:00Z\","
                        + "\"IsActive\":false,"
                        + "\"NumberOfOrders@odata.type\":\"Edm.Int64\",\"NumberOfOrders\":\"255\"}]}",
                page(MetadataLevel.FULL, PUBLISHED));
    }

    @Test
    void minimalMetadataAnnotatesWhatJsonCannotTell() {
        assertEquals(
                "{\"odata.metadata\":\"https://myaccount.table.core.windows.net/$metadata#Customers/@Element\","
                        + "\"odata.etag\":\"" + ETAG + "\","
                        + "\"PartitionKey\":\"Jonathan\",\"RowKey\":\"Foster\",\"Timestamp\":\"2013-08-22T00:20:16.3134645Z\","
                        + "\"Address\":\"1234 SomeStreet St, Bellevue, WA 75001\",\"Age\":23,\"AmountDue\":200.23,"
                        + "\"CustomerCode@odata.type\":\"Edm.Guid\",\"CustomerCode\":\"c9da6455-213d-42c9-9a79-3e9149a57833\","
                        + "\"CustomerSince@odata.type\":\"Edm.DateTime\",\"CustomerSince\":\"2008-07-10T00:00:00Z\","
                        + "\"IsActive\":false,"
                        + "\"NumberOfOrders@odata.type\":\"Edm.Int64\",\"NumberOfOrders\":\"255\"}",
                one(MetadataLevel.MINIMAL, null, PUBLISHED));
    }

    @Test
    void withoutMetadataThereAreOnlyValues() {
        assertEquals(
                "{\"PartitionKey\":\"Jonathan\",\"RowKey\":\"Foster\",\"Timestamp\":\"2013-08-22T00:20:16.3134645Z\","
                        + "\"Address\":\"1234 SomeStreet St, Bellevue, WA 75001\",\"Age\":23,\"AmountDue\":200.23,"
                        + "\"CustomerCode\":\"c9da6455-213d-42c9-9a79-3e9149a57833\",\"CustomerSince\":\"2008-07-10T00:00:00Z\","
                        + "\"IsActive\":false,\"NumberOfOrders\":\"255\"}",
                one(MetadataLevel.NO, null, PUBLISHED));
        assertEquals("{\"value\":[]}", page(MetadataLevel.NO));
    }

    @Test
    void doublesThatJsonCannotTellAreAnnotated() {
        StoredEntity entity = entity(new EntityKey("", ""), properties(
                "A", new EdmValue.OfDouble(3), "B", new EdmValue.OfDouble(Double.NaN), "C", new EdmValue.OfDouble(Double.NEGATIVE_INFINITY),
                "D", new EdmValue.OfBinary(new byte[] {1, 2, 3})));
        assertEquals(
                "{\"odata.metadata\":\"https://myaccount.table.core.windows.net/$metadata#Customers/@Element&$select=A,B,C,D\",\"odata.etag\":\"" + ETAG + "\","
                        + "\"A\":3.0,\"B@odata.type\":\"Edm.Double\",\"B\":\"NaN\","
                        + "\"C@odata.type\":\"Edm.Double\",\"C\":\"-Infinity\",\"D@odata.type\":\"Edm.Binary\",\"D\":\"AQID\"}",
                one(MetadataLevel.MINIMAL, "A,B,C,D", entity));
    }

    @Test
    void selectedPropertiesComeInTheirOrderAndAbsentOnesAsNull() {
        assertEquals("{\"Age\":23,\"Nothing\":null,\"RowKey\":\"Foster\"}", one(MetadataLevel.NO, "Age,Nothing, RowKey", PUBLISHED));
        assertEquals(one(MetadataLevel.NO, null, PUBLISHED), one(MetadataLevel.NO, "*", PUBLISHED));
        assertEquals(StorageErrorCode.INVALID_INPUT, assertThrows(StorageException.class, () -> Projection.parse("a,,b")).error());
    }

    @Test
    void addressesEscapeWhatIsOddInKeys() {
        assertEquals(
                "Customers(PartitionKey='O''Brien%20%C3%A4',RowKey='%25%26')",
                CUSTOMERS.entityPath(new EntityKey("O'Brien ä", "%&")));
    }

    @Test
    void tablesAreAsPublished() {
        TableAddress table = new TableAddress("https://myaccount.table.core.windows.net", "myaccount", "mytable");
        assertEquals(
                "{\"odata.metadata\":\"https://myaccount.table.core.windows.net/$metadata#Tables/@Element\","
                        + "\"odata.type\":\"myaccount.Tables\",\"odata.id\":\"https://myaccount.table.core.windows.net/Tables('mytable')\","
                        + "\"odata.editLink\":\"Tables('mytable')\",\"TableName\":\"mytable\"}",
                text(TableBodies.table(table, MetadataLevel.FULL)));
        assertEquals("{\"value\":[{\"TableName\":\"a\"},{\"TableName\":\"b\"}]}", text(TableBodies.tables(table, MetadataLevel.NO, List.of("a", "b"))));
        assertEquals(
                "{\"odata.metadata\":\"https://myaccount.table.core.windows.net/$metadata#Tables\",\"value\":[{\"TableName\":\"a\"}]}",
                text(TableBodies.tables(table, MetadataLevel.MINIMAL, List.of("a"))));
        assertEquals("mytable", TableBodies.readName("{\"odata.x\":1,\"TableName\":\"mytable\"}".getBytes(StandardCharsets.UTF_8)));
        for (String wrong : List.of("", "{}", "{\"TableName\":1}", "{\"TableName\":\"a\",\"TableName\":\"a\"}", "{\"TableName\":null}")) {
            assertThrows(StorageException.class, () -> TableBodies.readName(wrong.getBytes(StandardCharsets.UTF_8)), wrong);
        }
    }

    @Test
    void errorsAreAsPublished() {
        StorageException failure = new StorageException(StorageErrorCode.ENTITY_ALREADY_EXISTS);
        assertEquals(
                "{\"odata.error\":{\"code\":\"EntityAlreadyExists\",\"message\":{\"lang\":\"en-US\",\"value\":"
                        + "\"3:The specified entity already exists.\\nRequestId:id\\nTime:1970-01-01T00:00:00Z\"}}}",
                text(ErrorBodies.errorInBatch(3, failure, "id", 0)));
    }

    @Test
    void anyEntityReadsBackExactly() {
        long seed = System.nanoTime();
        System.out.println("EntityWriterTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            StoredEntity entity = entity(new EntityKey(text(random, false), text(random, false)), properties(random));
            for (MetadataLevel level : List.of(MetadataLevel.MINIMAL, MetadataLevel.FULL)) {
                byte[] json = new EntityWriter(CUSTOMERS, level, Projection.ALL).entity(entity);
                EntityBody back = EntityReader.read(json);
                assertEquals(entity.key(), back.keyToInsert());
                assertEquals(EntityProperties.decode(entity.properties()), back.properties(), text(json));
            }
        }
    }

    private static Map<String, EdmValue> properties(Random random) {
        Map<String, EdmValue> properties = new LinkedHashMap<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            properties.put("P" + i, switch (random.nextInt(9)) {
                case 0 -> new EdmValue.OfString(text(random, true));
                case 1 -> new EdmValue.OfInt32(random.nextInt());
                case 2 -> new EdmValue.OfInt64(random.nextLong());
                case 3 -> new EdmValue.OfDouble(Double.longBitsToDouble(random.nextLong()));
                case 4 -> new EdmValue.OfDouble(random.nextInt(10));
                case 5 -> new EdmValue.OfBoolean(random.nextBoolean());
                case 6 -> new EdmValue.OfDateTime(random.nextLong(DateTimes.MIN_TICKS, DateTimes.MAX_TICKS));
                case 7 -> new EdmValue.OfGuid(new UUID(random.nextLong(), random.nextLong()));
                default -> {
                    byte[] bytes = new byte[random.nextInt(40)];
                    random.nextBytes(bytes);
                    yield new EdmValue.OfBinary(bytes);
                }
            });
        }
        return properties;
    }

    private static String text(Random random, boolean anyCharacter) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            int c = random.nextInt(3) == 0 ? random.nextInt(0x11_0000) : random.nextInt(0x180);
            boolean half = c >= 0xD800 && c < 0xE000;
            boolean forbidden = !anyCharacter && (Character.isISOControl(c) || "/\\#?".indexOf(c) >= 0);
            text.appendCodePoint(half || forbidden ? 'x' : c);
        }
        return text.toString();
    }

    private static Map<String, EdmValue> properties(Object... namesAndValues) {
        Map<String, EdmValue> properties = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.put((String) namesAndValues[i], (EdmValue) namesAndValues[i + 1]);
        }
        return properties;
    }

    private static StoredEntity entity(EntityKey key, Map<String, EdmValue> properties) {
        return new StoredEntity(key, DateTimes.parse("2013-08-22T00:20:16.3134645Z"), EntityProperties.encode(properties));
    }

    private static String one(MetadataLevel level, String select, StoredEntity entity) {
        return text(new EntityWriter(CUSTOMERS, level, Projection.parse(select)).entity(entity));
    }

    private static String page(MetadataLevel level, StoredEntity... entities) {
        EntityWriter.Page page = new EntityWriter(CUSTOMERS, level, Projection.ALL).page();
        for (StoredEntity entity : entities) {
            page.add(entity);
        }
        return text(page.end());
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
