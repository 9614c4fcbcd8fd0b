package io.lazuli.storage.protocol.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.protocol.table.ContinuationTokens.EntityToken;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContinuationTokensTest {

    private static final String LONGEST = "\u20ac".repeat(512);

    @Test
    void anyKeyReadsBack() {
        for (byte[] next : List.of(
                new EntityKey("p", "r").encode(), new EntityKey("p", "r").behind(), new EntityKey("ä 'x'", "").behind(), new EntityKey("", "").behind(),
                EntityKey.firstOf("p"), EntityKey.behindAllOf("p"), new EntityKey(LONGEST, LONGEST).behind(), EntityKey.behindAllOf(LONGEST))) {
            EntityToken token = ContinuationTokens.ofEntity(next);
            assertArrayEquals(next, ContinuationTokens.parseEntity(token.nextPartitionKey(), token.nextRowKey()));
        }
        assertEquals("table1", ContinuationTokens.parseTable(ContinuationTokens.ofTable("table1")));
    }

    @Test
    void keyWithAnEmptyRowKeyStartsWhereItsPartitionKeyStarts() {
        EntityToken token = ContinuationTokens.ofEntity(new EntityKey("p", "").encode());
        assertArrayEquals(EntityKey.firstOf("p"), ContinuationTokens.parseEntity(token.nextPartitionKey(), token.nextRowKey()));
    }

    @Test
    void tokensAreTextThatNeedsNoEscapeInAnAddress() {
        assertEquals(new EntityToken("1!8!U21pdGg_", "1!2!Pw"), ContinuationTokens.ofEntity("Smith?\0?".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theFirstPageNeedsNoToken() {
        assertEquals(0, ContinuationTokens.parseEntity(null, null).length);
        assertArrayEquals(EntityKey.firstOf("p"), ContinuationTokens.parseEntity("1!2!cA", null));
    }

    @Test
    void othersAreRefused() {
        for (String wrong : List.of("", "p", "1!", "1!!", "1!2", "2!2!cA", "1!3!cA", "1!02!cA", "1!2!c*", "1!1!c", "1!-1!", "1!9999!" + "A".repeat(9999))) {
            assertEquals(StorageErrorCode.INVALID_INPUT,
                    assertThrows(StorageException.class, () -> ContinuationTokens.parseEntity(wrong, null), wrong).error());
            assertThrows(StorageException.class, () -> ContinuationTokens.parseEntity("1!2!cA", wrong), wrong);
            assertThrows(StorageException.class, () -> ContinuationTokens.parseTable(wrong), wrong);
        }
        assertThrows(StorageException.class, () -> ContinuationTokens.parseEntity(null, "1!2!cA"));
    }
}
