package io.lazuli.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {

    private final SettingsReader reader = new SettingsReader(ConfigFactory.parseString("""
            lazuli.area {
              name = east, blank = "  ", count = 7, huge = 5000000000, half = 2.5, delay = 1500ms, micro = 100us
              size = 64 KiB, on = true, list = [a, b], nothing = null
            }""")).under("lazuli.area");

    @Test
    void readsEveryKindOfValue() {
        assertEquals("east", reader.string("name"));
        assertEquals("east", reader.oneOf("name", "west", "east"));
        assertEquals(7, reader.intIn("count", 7, 7));
        assertEquals(5_000_000_000L, reader.longIn("huge", 0, Long.MAX_VALUE));
        assertEquals(1500, reader.millisIn("delay", 1, 2000));
        assertEquals(65_536, reader.bytesIn("size", 0, 1 << 20));
        assertTrue(reader.bool("on"));
        assertEquals(List.of("a", "b"), reader.strings("list"));
        assertFalse(reader.has("nothing"));
    }

    @ParameterizedTest
    @CsvSource({
        "blank, must not be empty", "absent, is missing", "nothing, is missing",
    })
    void wrongStringNamesTheKeyInFull(String key, String problem) {
        refused(key, problem, r -> r.string(key));
    }

    @Test
    void valueOutOfRangeNamesTheKeyAndTheRange() {
        refused("count", "must be within 8..9, not 7", r -> r.intIn("count", 8, 9));
        refused("huge", "must be within 0..2147483647, not 5000000000", r -> r.intIn("huge", 0, Integer.MAX_VALUE));
        refused("delay", "must be within 1..1000 ms, not 1500", r -> r.millisIn("delay", 1, 1000));
        refused("size", "must be within 1..10 bytes, not 65536", r -> r.bytesIn("size", 1, 10));
        refused("name", "must be one of north, south, not 'east'", r -> r.oneOf("name", "north", "south"));
    }

    @Test
    void valueOfTheWrongTypeIsRefused() {
        refused("name", "must be a whole number", r -> r.intIn("name", 0, 1));
        refused("half", "must be a whole number", r -> r.intIn("half", 0, 10));
        refused("name", "must be a duration", r -> r.millisIn("name", 0, 1));
        refused("micro", "must be a whole number of milliseconds", r -> r.millisIn("micro", 0, 1));
        refused("name", "must be true or false", r -> r.bool("name"));
        refused("name", "must be a list of strings", r -> r.strings("name"));
    }

    private void refused(String key, String problem, Consumer<SettingsReader> reading) {
        SettingsException e = assertThrows(SettingsException.class, () -> reading.accept(reader));
        assertEquals("lazuli.area." + key, e.key());
        assertTrue(e.getMessage().startsWith("lazuli.area." + key + ": " + problem), e.getMessage());
    }
}
