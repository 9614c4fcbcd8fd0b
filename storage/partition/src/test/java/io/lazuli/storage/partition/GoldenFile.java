package io.lazuli.storage.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;

/** Compares stored rows with those that are kept in {@code src/test/resources/golden}, one named row in hex a line. */
public final class GoldenFile {

    private final String name;
    private final StringBuilder lines = new StringBuilder();

    public GoldenFile(String name) {
        this.name = name;
    }

    public GoldenFile add(String row, byte[] bytes) {
        lines.append(row).append(": ").append(HexFormat.of().formatHex(bytes)).append('\n');
        return this;
    }

    public void check() {
        try (InputStream in = Objects.requireNonNull(GoldenFile.class.getResourceAsStream("/golden/" + name), name)) {
            assertEquals(new String(in.readAllBytes(), StandardCharsets.UTF_8), lines.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
