package io.lazuli.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantedKeysTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "b, -, -, -, a, 9, false",
        "b, -, -, -, b, 0, true",
        "b, -, -, -, z, 0, true",
        "b, 5, -, -, b, 4, false",
        "b, 5, -, -, b, 5, true",
        "b, 5, -, -, c, 0, true",
        "-, -, d, -, d, 9, true",
        "-, -, d, -, d1, 0, false",
        "-, -, d, 5, d, 5, true",
        "-, -, d, 5, d, 6, false",
        "-, -, d, 5, c, 9, true",
        "b, 2, b, 4, b, 3, true",
        "b, 2, b, 4, b, 41, false",
        "b, -, b, -, b, 7, true",
        "b, -, b, -, ba, 7, false",
    })
    void boundsAreInclusiveAndGoByPartitionKeyFirst(
            String startPk, String startRk, String endPk, String endRk, String partitionKey, String rowKey, boolean within) {
        assertEquals(within, new GrantedKeys(startPk, startRk, endPk, endRk).contains(partitionKey, rowKey));
    }

    @Test
    void keysCompareByCodePoint() {
        String replacement = "\uFFFD";
        String clef = "\uD834\uDD1E";
        assertTrue(new GrantedKeys(replacement, null, null, null).contains(clef, ""));
        assertTrue(new GrantedKeys(null, null, clef, null).contains(replacement, ""));
        assertTrue(!new GrantedKeys(clef, null, null, null).contains(replacement, ""));
    }

    /** What is signed does not tell an empty key from none, so that somebody else could turn one into the other. */
    @Test
    void emptyKeyIsNone() {
        assertEquals(GrantedKeys.ALL, new GrantedKeys("", "", "", ""));
    }
}
