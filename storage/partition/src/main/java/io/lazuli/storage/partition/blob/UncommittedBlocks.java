package io.lazuli.storage.partition.blob;

import io.lazuli.storage.partition.RowScanner;
import io.lazuli.storage.partition.RowWriter;

/**
 * What is known of a blob's uncommitted blocks together.
 *
 * @param session a number that is never given again; the blocks' rows are under it
 * @param puts how many blocks were put: not less than there are
 * @param idBytes the length of their ids, the same for all
 * @param lastPutMillis when the last of them came
 */
public record UncommittedBlocks(long session, int puts, int idBytes, long lastPutMillis) {

    byte[] encode() {
        return new RowWriter(BlobRows.VERSION).longs(session).number(puts).number(idBytes).longs(lastPutMillis).bytes();
    }

    public static UncommittedBlocks decode(byte[] value) {
        RowScanner scanner = new RowScanner(value, BlobRows.VERSION);
        return new UncommittedBlocks(scanner.longs(), scanner.number(), scanner.number(), scanner.longs());
    }

    boolean isDue(long nowMillis) {
        return lastPutMillis + BlobLimits.UNCOMMITTED_RETENTION_MILLIS <= nowMillis;
    }
}
