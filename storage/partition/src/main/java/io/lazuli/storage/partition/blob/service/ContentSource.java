package io.lazuli.storage.partition.blob.service;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Tells where the bytes of one state of a blob are. */
interface ContentSource {

    /**
     * The pieces from {@code offset} on, the first one beginning there: at least one, as many as can be told at once. They may go on
     * behind {@code end}.
     *
     * @param offset within the blob
     */
    CompletionStage<List<ContentPiece>> from(long offset, long end);

    /** The piece without its first bytes. */
    static ContentPiece behind(ContentPiece piece, long bytes) {
        return bytes == 0 ? piece : switch (piece) {
            case ContentPiece.Stored stored ->
                    new ContentPiece.Stored(stored.run(), stored.offset() + bytes, stored.lengthBytes() - bytes);
            case ContentPiece.Held held -> new ContentPiece.Held(Arrays.copyOfRange(held.bytes(), (int) bytes, held.bytes().length));
            case ContentPiece.Zeroes zeroes -> new ContentPiece.Zeroes(zeroes.lengthBytes() - bytes);
        };
    }
}
