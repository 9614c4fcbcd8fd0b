package io.lazuli.storage.partition.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TagExpressionsTest {

    private static final Map<String, String> TAGS = Map.of("Status", "In Progress", "rank", "5", "two words", "it's");

    @Test
    void searches() {
        for (String fulfilled : new String[] {"Status='In Progress'", " Status  =  'In Progress' ", "\"Status\" = 'In Progress'",
            "rank > '4' AND rank <= '5'", "rank >= '5' and rank < '6'", "\"two words\" = 'it''s'", "@container = 'c' AND rank = '5'"}) {
            assertTrue(TagExpressions.ofSearch(fulfilled).matches(TAGS), fulfilled);
        }
        for (String unfulfilled : new String[] {"Status='in progress'", "absent > ''", "rank > '5'", "rank = '5' AND absent = ''", "status='In Progress'"}) {
            assertFalse(TagExpressions.ofSearch(unfulfilled).matches(TAGS), unfulfilled);
        }
        assertEquals("logs", TagExpressions.ofSearch("rank = '5' AND @container='logs'").container());
        assertNull(TagExpressions.ofSearch("rank = '5'").container());
    }

    @Test
    void aSearchTellsTheTagsThatItNamesAndNoOthers() {
        assertEquals(Map.of("Status", "In Progress", "rank", "5"), TagExpressions.ofSearch("Status > '' AND rank = '5' AND @container = 'c'").named(TAGS));
        assertEquals(Map.of("two words", "it's"), TagExpressions.ofSearch("\"two words\" > ''").named(TAGS));
        assertEquals(Map.of(), TagExpressions.ofSearch("@container = 'c'").named(TAGS));
    }

    @Test
    void conditions() {
        for (String fulfilled : new String[] {"rank = '4' OR rank = '5'", "rank <> '4'", "absent <> '1'",
            "Status = 'x' AND absent = 'y' OR rank = '5'", "(rank = '4' OR rank = '5') AND Status <> ''"}) {
            assertTrue(TagExpressions.ofCondition(fulfilled).matches(TAGS), fulfilled);
        }
        for (String unfulfilled : new String[] {"rank <> '5'", "rank = '5' AND (absent = 'x' OR Status = 'y')"}) {
            assertFalse(TagExpressions.ofCondition(unfulfilled).matches(TAGS), unfulfilled);
        }
    }

    @Test
    void whatIsMalformedIsRefused() {
        for (String malformed : new String[] {"", " ", "rank", "rank =", "rank = 5", "rank = '5", "= '5'", "rank == '5'", "rank = '5' AND",
            "rank = '5' rank = '6'", "\"rank = '5'", "\"\" = '5'", "@other = '5'", "ra-nk = '5'", "rank ! '5'", "a='1'" + " AND a='1'".repeat(50)}) {
            refused(StorageErrorCode.INVALID_QUERY_PARAMETER_VALUE, malformed, true);
            refused(StorageErrorCode.INVALID_HEADER_VALUE, malformed, false);
        }
        refused(StorageErrorCode.INVALID_QUERY_PARAMETER_VALUE, "rank = '4' OR rank = '5'", true);
        refused(StorageErrorCode.INVALID_QUERY_PARAMETER_VALUE, "rank <> '4'", true);
        refused(StorageErrorCode.INVALID_QUERY_PARAMETER_VALUE, "@container > 'c'", true);
        refused(StorageErrorCode.INVALID_HEADER_VALUE, "@container = 'c'", false);
        refused(StorageErrorCode.INVALID_HEADER_VALUE, "(rank = '4'", false);
        refused(StorageErrorCode.INVALID_HEADER_VALUE, "(".repeat(100) + "rank = '4'" + ")".repeat(100), false);
    }

    private static void refused(StorageErrorCode error, String text, boolean search) {
        StorageException thrown = assertThrows(StorageException.class,
                () -> { TagExpression read = search ? TagExpressions.ofSearch(text) : TagExpressions.ofCondition(text); }, text);
        assertEquals(error, thrown.error());
    }
}
