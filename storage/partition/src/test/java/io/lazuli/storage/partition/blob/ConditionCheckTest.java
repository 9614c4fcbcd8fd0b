package io.lazuli.storage.partition.blob;

import static io.lazuli.storage.model.StorageErrorCode.BLOB_ALREADY_EXISTS;
import static io.lazuli.storage.model.StorageErrorCode.CONDITION_NOT_MET;
import static io.lazuli.storage.model.StorageErrorCode.NOT_MODIFIED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.table.Ticks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConditionCheckTest {

    private static final long SECOND = 1_700_000_000_000L;
    /** Modified within that second: dates of HTTP do not tell when. */
    private static final BlobState STATE =
            new BlobStateBuilder("b", Ticks.ofEpochMillis(SECOND + 700)).tags(Map.of("k", "v")).build();
    private static final List<String> ITS = List.of("\"0x1\"", STATE.etag());
    private static final List<String> OTHER = List.of("\"0x1\"");
    private static final List<String> ANY = List.of("*");

    @Test
    void oneCondition() {
        check(null, conditions(ITS, null, null, null, null));
        check(null, conditions(ANY, null, null, null, null));
        check(CONDITION_NOT_MET, conditions(OTHER, null, null, null, null));
        check(null, conditions(null, OTHER, null, null, null));
        check(NOT_MODIFIED, conditions(null, ITS, null, null, null));
        check(NOT_MODIFIED, conditions(null, ANY, null, null, null));
        check(null, conditions(null, null, SECOND - 1_000, null, null));
        check(NOT_MODIFIED, conditions(null, null, SECOND, null, null));
        check(null, conditions(null, null, null, SECOND, null));
        check(CONDITION_NOT_MET, conditions(null, null, null, SECOND - 1_000, null));
        check(null, conditions(null, null, null, null, "k = 'v'"));
        check(CONDITION_NOT_MET, conditions(null, null, null, null, "k = 'w'"));
    }

    @Test
    void combinations() {
        check(CONDITION_NOT_MET, conditions(OTHER, ITS, null, null, null));
        check(NOT_MODIFIED, conditions(ITS, ITS, null, null, null));
        check(CONDITION_NOT_MET, conditions(ITS, OTHER, null, SECOND - 1_000, null));
        check(null, conditions(null, ITS, SECOND - 1_000, null, null));
        check(null, conditions(null, OTHER, SECOND, null, null));
        check(NOT_MODIFIED, conditions(null, ITS, SECOND, null, null));
        check(CONDITION_NOT_MET, conditions(ITS, OTHER, null, SECOND, "k <> 'v'"));
    }

    @Test
    void whatDoesNotExist() {
        assertEquals(null, ConditionCheck.create(conditions(null, ANY, null, null, null), null));
        assertEquals(null, ConditionCheck.create(conditions(null, ITS, SECOND, SECOND, null), null));
        assertEquals(CONDITION_NOT_MET, ConditionCheck.create(conditions(ANY, null, null, null, null), null));
        assertEquals(CONDITION_NOT_MET, ConditionCheck.create(conditions(null, null, null, null, "k = 'v'"), null));
        assertEquals(BLOB_ALREADY_EXISTS, ConditionCheck.create(conditions(null, ANY, null, null, null), STATE));
        assertEquals(CONDITION_NOT_MET, ConditionCheck.create(conditions(null, ITS, null, null, null), STATE));
    }

    /** A write is answered 412 where a read is answered 304. */
    private static void check(StorageErrorCode ofRead, BlobConditions conditions) {
        assertEquals(ofRead, ConditionCheck.read(conditions, STATE, SECOND), conditions.toString());
        assertEquals(ofRead == NOT_MODIFIED ? CONDITION_NOT_MET : ofRead, ConditionCheck.write(conditions, STATE), conditions.toString());
    }

    private static BlobConditions conditions(
            List<String> ifMatch, List<String> ifNoneMatch, Long modifiedSince, Long unmodifiedSince, String tags) {
        return new BlobConditions(ifMatch, ifNoneMatch, modifiedSince, unmodifiedSince, tags, null);
    }
}
