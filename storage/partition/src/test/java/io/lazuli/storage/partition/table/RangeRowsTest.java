package io.lazuli.storage.partition.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.partition.GoldenFile;
import io.lazuli.storage.partition.table.RangeHeader.State;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The stored format of tables' ranges: a change that breaks this makes existing tables unreadable. */
class RangeRowsTest {

    private static final EntityKey KEY = new EntityKey("pärt", "row");
    private static final long TICKS = 638_000_000_012_345_678L;
    private static final byte[] LOW = "m".getBytes(StandardCharsets.UTF_8);
    private static final byte[] HIGH = "pä".getBytes(StandardCharsets.UTF_8);
    private static final RangeHeader LIVE = new RangeHeader(State.LIVE, LOW, HIGH);
    private static final RangeHeader MOVED = new RangeHeader(State.MOVED, new byte[0], HIGH, "2.t.account-7/12");
    private static final RangeSize SIZE = new RangeSize(3, 1_000_000_000_000L, TICKS);

    @Test
    void rowsAreStoredAsEver() {
        new GoldenFile("range-rows.txt")
                .add("header key", RangeRows.headerKey("account-7/12"))
                .add("header live", LIVE.encode())
                .add("header importing", LIVE.become(State.IMPORTING).encode())
                .add("header retired", LIVE.become(State.RETIRED).encode())
                .add("header moved", MOVED.encode())
                .add("header gone", RangeHeader.NEVER_AGAIN.encode())
                .add("size key", RangeRows.sizeKey("account-7/12"))
                .add("size", SIZE.encode())
                .add("entity key", RangeRows.entityKey(KEY.encode()))
                .add("entity", RangeRows.entityValue(TICKS, EntityProperties.encode(properties())))
                .check();
    }

    @Test
    void rowsAreReadAsTheyWereWritten() {
        for (State state : State.values()) {
            RangeHeader read = RangeHeader.decode(new RangeHeader(state, LOW, HIGH, "x").encode());
            assertEquals(state, read.state());
            assertArrayEquals(LOW, read.low());
            assertArrayEquals(HIGH, read.high());
            assertEquals("x", read.target());
        }
        assertEquals(SIZE, RangeSize.of(Optional.of(SIZE.encode())));
        assertEquals(RangeSize.NOTHING, RangeSize.of(Optional.empty()));
        byte[] value = RangeRows.entityValue(TICKS, EntityProperties.encode(properties()));
        StoredEntity entity = RangeRows.entity(KEY, value);
        assertEquals(TICKS, entity.timestampTicks());
        assertEquals(properties().keySet().stream().toList(), EntityProperties.decode(entity.properties()).keySet().stream().toList());
        assertEquals(TICKS, RangeRows.ticks(RangeRows.entityHead(value)));
        assertEquals(KEY, EntityKey.decode(RangeRows.entityKeyOf(RangeRows.entityKey(KEY.encode()))));
    }

    @Test
    void otherVersionsAreRefused() {
        byte[] header = LIVE.encode();
        header[0] = 2;
        assertThrows(IllegalArgumentException.class, () -> RangeHeader.decode(header));
        byte[] size = SIZE.encode();
        size[0] = 2;
        assertThrows(IllegalArgumentException.class, () -> RangeSize.of(Optional.of(size)));
        byte[] entity = RangeRows.entityValue(TICKS, EntityProperties.encode(properties()));
        entity[0] = 2;
        assertThrows(IllegalArgumentException.class, () -> RangeRows.entity(KEY, entity));
    }

    private static Map<String, EdmValue> properties() {
        Map<String, EdmValue> properties = new LinkedHashMap<>();
        properties.put("Text", new EdmValue.OfString("héllo"));
        properties.put("Int32", new EdmValue.OfInt32(-5));
        properties.put("Int64", new EdmValue.OfInt64(1L << 40));
        properties.put("Double", new EdmValue.OfDouble(1.5));
        properties.put("Flag", new EdmValue.OfBoolean(true));
        properties.put("Time", new EdmValue.OfDateTime(TICKS));
        properties.put("Guid", new EdmValue.OfGuid(new UUID(0x0011223344556677L, 0x8899aabbccddeeffL)));
        properties.put("Bytes", new EdmValue.OfBinary(new byte[] {1, 2, 3}));
        return properties;
    }
}
