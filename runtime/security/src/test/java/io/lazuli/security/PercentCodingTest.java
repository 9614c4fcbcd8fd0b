package io.lazuli.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentCodingTest {

    @ParameterizedTest
    @CsvSource(ignoreLeadingAndTrailingWhitespace = false, value = {
        "abc,abc", "a%20b,a b", "a+b,a+b", "%2525,%25", "%C3%A9,é", "%F0%9F%98%80,😀", "é%20,é ", "a%2Fb,a/b", "%41%42,AB"})
    void decodes(String raw, String expected) {
        assertEquals(expected, PercentCoding.decode(raw));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "a%2", "%zz", "%-1", "%+1", "%C3", "%FF", "%C0%80", "%ED%A0%80", "%\uff11\uff11"})
    void refusesBrokenEscapes(String raw) {
        assertThrows(IllegalArgumentException.class, () -> PercentCoding.decode(raw));
    }

    @Test
    void whatIsEncodedIsDecodedAgain() {
        String text = "a b+c%/é😀=&?#\u0000~";
        assertEquals(text, PercentCoding.decode(PercentCoding.encode(text)));
    }

    @Test
    void queryKeepsOrderRepetitionAndEmptyValues() {
        QueryString query = QueryString.parse("a=1&&B=%3D=x&c&a=2&=y");
        assertEquals("1", query.first("A"));
        assertEquals("==x", query.first("b"));
        assertEquals("", query.first("c"));
        assertNull(query.first("d"));
        assertEquals(5, query.parameters().size());
        assertEquals("%3D=x", query.parameters().get(1).rawValue());
    }

    @Test
    void queryHasAMaximumOfParameters() {
        assertEquals(QueryString.MAX_PARAMETERS, QueryString.parse("a=1&".repeat(QueryString.MAX_PARAMETERS)).parameters().size());
        assertThrows(IllegalArgumentException.class, () -> QueryString.parse("a=1&".repeat(QueryString.MAX_PARAMETERS + 1)));
    }
}
