package io.lazuli.storage.journal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes a stored value: big-endian numbers, and texts and bytes behind their length of four bytes. Begins with the version. */
final class StoredWriter {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    StoredWriter(int version) {
        bytes.write(version);
    }

    StoredWriter number(long value) {
        return write(() -> out.writeLong(value));
    }

    StoredWriter smallNumber(int value) {
        return write(() -> out.writeInt(value));
    }

    StoredWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    StoredWriter bytes(byte[] value) {
        return write(() -> {
            out.writeInt(value.length);
            out.write(value);
        });
    }

    StoredWriter payload(StoredPayload payload) {
        return smallNumber(payload.serializerId()).text(payload.manifest()).bytes(payload.bytes());
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    private StoredWriter write(Writing writing) {
        try {
            writing.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Writing {
        void run() throws IOException;
    }
}
