package io.lazuli.storage.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionHeadersTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "a"                 | "a"
            W/"a"               | W/"a"
            "a", W/"b" ,"c"     | "a";W/"b";"c"
            "a,b", "c"          | "a,b";"c"
            ,"a",,              | "a"
            0x8D1               | "0x8D1"
            0x8D1, "b"          | "0x8D1";"b"
            ""                  | ""
            W/"datetime'2026-11-23T10%3A14%3A37.1234567Z'" | W/"datetime'2026-11-23T10%3A14%3A37.1234567Z'"
            """)
    void tagsAreReadInEveryForm(String text, String tags) {
        assertEquals(new EntityTags(false, List.of(tags.split(";"))), EntityTags.parse(text));
    }

    @Test
    void asteriskMatchesAnythingAndATagItself() {
        assertTrue(EntityTags.parse(" * ").matches("\"a\""));
        assertTrue(EntityTags.parse("\"b\", \"a\"").matches("\"a\""));
        assertFalse(EntityTags.parse("W/\"a\"").matches("\"a\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", "\"a", "W/\"a", "\"a\" \"b\"", "a\"b", "*, \"a\"", "\"a\", *"})
    void whatIsNoListOfTagsIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> EntityTags.parse(text));
    }

    @Test
    void tooManyTagsAreRefused() {
        assertEquals(EntityTags.MAX_TAGS, EntityTags.parse("\"a\",".repeat(EntityTags.MAX_TAGS)).tags().size());
        assertThrows(IllegalArgumentException.class, () -> EntityTags.parse("\"a\",".repeat(EntityTags.MAX_TAGS + 1)));
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-, 0, 9223372036854775807", "bytes=5-9, 5, 9", "bytes=5-5, 5, 5", "BYTES=0-0, 0, 0", "' bytes=0 - 7 ', 0, 7"})
    void rangesAreRead(String text, long first, long last) {
        assertEquals(new ByteRange(first, last), ByteRange.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bytes", "bytes=", "bytes=-", "bytes=-5", "bytes=9-5", "bytes=a-b", "bytes=0-1,3-4", "bytes=+1-2", "items=0-1",
        "bytes=0-99999999999999999999", "5-9"})
    void whatIsNoSingleRangeIsNone(String text) {
        assertNull(ByteRange.parse(text));
    }
}
