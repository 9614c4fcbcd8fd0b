package io.lazuli.kernel.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Writes a record as the number of its components and then each of them in order: primitives as they are, components of
 * a type that leaves no choice without a class number, all others with one. Nodes whose record of that number has
 * another count of components refuse the message. Owned by one codec, so by one thread at a time.
 */
final class RecordSerializer extends Serializer<Object> {

    private static final Set<Class<?>> EXACT = Set.of(ActorRef.class, List.class, Set.class, Map.class, Optional.class);

    private final RecordShape shape;
    private final Serializer<?>[] exactSerializers;
    private boolean resolved;

    RecordSerializer(RecordShape shape) {
        super(false, true);
        this.shape = shape;
        this.exactSerializers = new Serializer<?>[shape.size()];
    }

    @Override
    public void write(Kryo kryo, Output output, Object record) {
        resolve(kryo);
        int size = shape.size();
        output.writeVarInt(size, true);
        for (int i = 0; i < size; i++) {
            Object value = shape.component(record, i);
            Class<?> type = shape.componentType(i);
            if (type.isPrimitive()) {
                writePrimitive(output, type, value);
            } else if (exactSerializers[i] != null) {
                kryo.writeObjectOrNull(output, value, exactSerializers[i]);
            } else {
                kryo.writeClassAndObject(output, value);
            }
        }
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<? extends Object> recordType) {
        resolve(kryo);
        int size = shape.size();
        int written = input.readVarInt(true);
        if (written != size) {
            throw new WireException(shape.type().getName() + " arrived with " + written + " components and has " + size
                    + " here: the nodes run different versions");
        }
        Object[] values = new Object[size];
        for (int i = 0; i < size; i++) {
            Class<?> type = shape.componentType(i);
            if (type.isPrimitive()) {
                values[i] = readPrimitive(input, type);
            } else if (exactSerializers[i] != null) {
                values[i] = readExact(kryo, input, type, exactSerializers[i]);
            } else {
                values[i] = kryo.readClassAndObject(input);
            }
        }
        return shape.build(values);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object readExact(Kryo kryo, Input input, Class type, Serializer serializer) {
        return kryo.readObjectOrNull(input, type, serializer);
    }

    /** At first use, when all classes are registered. */
    private void resolve(Kryo kryo) {
        if (resolved) {
            return;
        }
        for (int i = 0; i < shape.size(); i++) {
            Class<?> type = shape.componentType(i);
            boolean exact = Modifier.isFinal(type.getModifiers()) || type.isEnum() || EXACT.contains(type);
            if (exact && !type.isPrimitive()) {
                exactSerializers[i] = kryo.getRegistration(type).getSerializer();
            }
        }
        resolved = true;
    }

    private static void writePrimitive(Output output, Class<?> type, Object value) {
        switch (value) {
            case Integer i -> output.writeVarInt(i, false);
            case Long l -> output.writeVarLong(l, false);
            case Boolean b -> output.writeBoolean(b);
            case Double d -> output.writeDouble(d);
            case Float f -> output.writeFloat(f);
            case Byte b -> output.writeByte(b);
            case Short s -> output.writeShort(s);
            case Character c -> output.writeChar(c);
            default -> throw new IllegalStateException(type.getName());
        }
    }

    private static Object readPrimitive(Input input, Class<?> type) {
        return switch (type.getName()) {
            case "int" -> input.readVarInt(false);
            case "long" -> input.readVarLong(false);
            case "boolean" -> input.readBoolean();
            case "double" -> input.readDouble();
            case "float" -> input.readFloat();
            case "byte" -> input.readByte();
            case "short" -> input.readShort();
            case "char" -> input.readChar();
            default -> throw new IllegalStateException(type.getName());
        };
    }
}
