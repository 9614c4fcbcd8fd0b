package io.lazuli.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes that were once written to disks and must be read and written alike for ever: {@code src/test/resources/golden}. */
final class Golden {

    private Golden() {}

    static byte[] read(String name) throws IOException {
        try (InputStream file = Golden.class.getResourceAsStream("/golden/" + name + ".hex")) {
            String text = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("#[^\n]*", "").replaceAll("\\s", ""));
        }
    }

    static void assertSame(String name, byte[] written) throws IOException {
        assertEquals(HexFormat.of().formatHex(read(name)), HexFormat.of().formatHex(written));
    }
}
