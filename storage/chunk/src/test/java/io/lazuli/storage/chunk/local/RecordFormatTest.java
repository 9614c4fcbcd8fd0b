package io.lazuli.storage.chunk.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.chunk.ChunkId;
import io.lazuli.storage.chunk.Slices;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Records and rows of the index are on disks for years: their bytes never change, and nothing else is taken for them. */
class RecordFormatTest {

    private static final long SALT = 0x0123456789ABCDEFL;
    private static final ChunkId ID = new ChunkId(4095, 1_700_000_000_123L, -2, 258);

    @Test
    void aRecordsHeaderIsWrittenAndReadAsEver() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Slices.BYTES + 5);
        bytes.put(3, (byte) 9);
        RecordFormat.Header header = new RecordFormat.Header(ID, bytes.remaining(), Slices.checksums(bytes));
        ByteBuffer written = ByteBuffer.allocate(RecordFormat.MAX_HEADER_BYTES);
        RecordFormat.encodeHeader(written, SALT, header);
        assertEquals(RecordFormat.headerBytes(bytes.remaining()), written.position());
        byte[] golden = golden("record-header-v1");
        assertEquals(HexFormat.of().formatHex(golden), HexFormat.of().formatHex(Arrays.copyOf(written.array(), written.position())));
        RecordFormat.Header read = RecordFormat.decodeHeader(ByteBuffer.wrap(golden), SALT);
        assertEquals(ID, read.id());
        assertEquals(header.lengthBytes(), read.lengthBytes());
        assertArrayEquals(header.checksums(), read.checksums());
        assertEquals(17 * 4096, RecordFormat.recordBytes(bytes.remaining()));
    }

    @Test
    void aHeaderThatIsCutOrChangedOrOfAnotherExtentIsNone() throws Exception {
        byte[] golden = golden("record-header-v1");
        assertNotNull(RecordFormat.decodeHeader(ByteBuffer.wrap(golden), SALT));
        assertNull(RecordFormat.decodeHeader(ByteBuffer.wrap(golden), SALT + 1));
        for (int length = 0; length < golden.length; length++) {
            assertNull(RecordFormat.decodeHeader(ByteBuffer.wrap(golden, 0, length), SALT), "length " + length);
        }
        for (int bit = 0; bit < golden.length * 8; bit++) {
            byte[] changed = golden.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertNull(RecordFormat.decodeHeader(ByteBuffer.wrap(changed), SALT), "bit " + bit);
        }
    }

    @Test
    void rowsOfTheIndexAreWrittenAndReadAsEver() throws Exception {
        IndexEntry entry = new IndexEntry(7, 1L << 33, Slices.BYTES + 1, new int[] {1, -1}, true);
        assertEquals(HexFormat.of().formatHex(golden("index-entry-v1")), HexFormat.of().formatHex(entry.encode()));
        IndexEntry read = IndexEntry.decode(golden("index-entry-v1"));
        assertEquals(entry.offset(), read.offset());
        assertEquals(7, read.extent());
        assertEquals(Slices.BYTES + 1, read.lengthBytes());
        assertArrayEquals(entry.checksums(), read.checksums());
        assertEquals(true, read.damaged());
        assertEquals(ID, IndexEntry.id(IndexEntry.key((byte) 'c', ID)));
        for (int length = 0; length < 26; length++) {
            byte[] cut = Arrays.copyOf(entry.encode(), length);
            assertThrows(IllegalStateException.class, () -> IndexEntry.decode(cut));
        }
        ScrubPlace place = new ScrubPlace(ID, 5, 6, 7);
        assertEquals(HexFormat.of().formatHex(golden("scrub-place-v1")), HexFormat.of().formatHex(place.encode()));
        assertEquals(place, ScrubPlace.decode(golden("scrub-place-v1")));
        assertEquals(ScrubPlace.NONE, ScrubPlace.decode(new byte[] {9}));
    }

    @Test
    void keysAreInTheOrderOfIds() {
        ChunkId[] ids = {
            new ChunkId(0, 0, 0, 0), new ChunkId(0, 0, 0, 1), new ChunkId(0, 0, 5, 0), new ChunkId(0, 0, -5, 0),
            new ChunkId(0, 7, 0, 0), new ChunkId(1, 0, 0, 0), new ChunkId(4095, Long.MAX_VALUE, -1, Integer.MAX_VALUE)
        };
        for (int i = 1; i < ids.length; i++) {
            assertEquals(-1, Integer.signum(ids[i - 1].compareTo(ids[i])));
            assertEquals(-1, Integer.signum(
                    Arrays.compareUnsigned(IndexEntry.key((byte) 'c', ids[i - 1]), IndexEntry.key((byte) 'c', ids[i]))));
        }
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream file = RecordFormatTest.class.getResourceAsStream("/golden/" + name + ".hex")) {
            String text = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("#[^\n]*", "").replaceAll("\\s", ""));
        }
    }
}
