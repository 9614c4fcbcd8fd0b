package io.lazuli.host.log;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * One file of an instance's log. Begins with {@code "# "}, 20 digits and a line end: the bytes that the log had before
 * this file, headers counted too. A byte's offset in the log is that number plus its place in the file.
 */
record LogFile(Path path, long firstOffset, long bytes) {

    static final int HEADER_BYTES = 23;

    private static final Pattern HEADER = Pattern.compile("# \\d{20}\n");

    static byte[] header(long firstOffset) {
        return String.format("# %020d", firstOffset).concat("\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** A file without a whole header is taken for the log's first. */
    static LogFile open(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            byte[] header = new byte[(int) Math.min(HEADER_BYTES, file.length())];
            file.readFully(header);
            String text = new String(header, StandardCharsets.US_ASCII);
            return new LogFile(path, HEADER.matcher(text).matches() ? Long.parseLong(text, 2, HEADER_BYTES - 1, 10) : 0, file.length());
        }
    }

    long endOffset() {
        return firstOffset + bytes;
    }

    /** Up to {@code maxBytes} from an offset that is in this file. */
    byte[] read(long offset, int maxBytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(offset - firstOffset);
            byte[] page = new byte[(int) Math.max(0, Math.min(maxBytes, bytes - (offset - firstOffset)))];
            file.readFully(page);
            return page;
        }
    }
}
