package io.lazuli.storage.partition.table;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The stored form of an entity's properties, in the order in which they were given: their number (2 bytes), then of each the name
 * (length in 2 bytes, UTF-8), the type's code (1 byte) and the value (numbers big-endian; strings and binaries behind their length
 * in 4 bytes). The version is the row's, see the table range's rows.
 */
public final class EntityProperties {

    private EntityProperties() {}

    public static byte[] encode(Map<String, EdmValue> properties) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + 32 * properties.size());
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(properties.size());
            for (Map.Entry<String, EdmValue> property : properties.entrySet()) {
                byte[] name = property.getKey().getBytes(StandardCharsets.UTF_8);
                out.writeShort(name.length);
                out.write(name);
                out.writeByte(property.getValue().type().code());
                write(out, property.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** In the order of the stored form. @throws IllegalArgumentException or {@link java.nio.BufferUnderflowException} if malformed */
    public static Map<String, EdmValue> decode(byte[] encoded) {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        int count = in.getShort();
        Map<String, EdmValue> properties = LinkedHashMap.newLinkedHashMap(count);
        for (int i = 0; i < count; i++) {
            String name = text(in, Short.toUnsignedInt(in.getShort()));
            properties.put(name, read(in, EdmType.ofCode(in.get())));
        }
        return properties;
    }

    private static void write(DataOutputStream out, EdmValue value) throws IOException {
        switch (value) {
            case EdmValue.OfString string -> {
                byte[] bytes = string.value().getBytes(StandardCharsets.UTF_8);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
            case EdmValue.OfInt32 number -> out.writeInt(number.value());
            case EdmValue.OfInt64 number -> out.writeLong(number.value());
            case EdmValue.OfDouble number -> out.writeLong(Double.doubleToRawLongBits(number.value()));
            case EdmValue.OfBoolean flag -> out.writeBoolean(flag.value());
            case EdmValue.OfDateTime time -> out.writeLong(time.ticks());
            case EdmValue.OfGuid guid -> {
                out.writeLong(guid.value().getMostSignificantBits());
                out.writeLong(guid.value().getLeastSignificantBits());
            }
            case EdmValue.OfBinary binary -> {
                out.writeInt(binary.value().length);
                out.write(binary.value());
            }
        }
    }

    private static EdmValue read(ByteBuffer in, EdmType type) {
        return switch (type) {
            case STRING -> new EdmValue.OfString(text(in, in.getInt()));
            case INT32 -> new EdmValue.OfInt32(in.getInt());
            case INT64 -> new EdmValue.OfInt64(in.getLong());
            case DOUBLE -> new EdmValue.OfDouble(Double.longBitsToDouble(in.getLong()));
            case BOOLEAN -> new EdmValue.OfBoolean(in.get() != 0);
            case DATE_TIME -> new EdmValue.OfDateTime(in.getLong());
            case GUID -> new EdmValue.OfGuid(new UUID(in.getLong(), in.getLong()));
            case BINARY -> {
                byte[] bytes = new byte[in.getInt()];
                in.get(bytes);
                yield new EdmValue.OfBinary(bytes);
            }
        };
    }

    private static String text(ByteBuffer in, int length) {
        String text = new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }
}
