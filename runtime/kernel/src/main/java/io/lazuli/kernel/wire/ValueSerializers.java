package io.lazuli.kernel.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/**
 * The serializers of the JDK's values and of actor references. Collections arrive unmodifiable and in the order they
 * were sent, whatever class they had; they hold no nulls. A length is believed only if that much has arrived, so that a
 * few bytes cannot demand gigabytes.
 */
final class ValueSerializers {

    private ValueSerializers() {}

    static int readLength(Input input) {
        int length = input.readVarInt(true);
        int arrived = input.limit() - input.position();
        if (length < 0 || length > arrived) {
            throw new WireException("a length of " + length + " where only " + arrived + " bytes are left");
        }
        return length;
    }

    private static <T> T notNull(T element) {
        if (element == null) {
            throw new WireException("a collection must not hold null");
        }
        return element;
    }

    /** UTF-8 behind twice its length, or UTF-16 behind twice its length plus one where a lone surrogate has no UTF-8. */
    static final class Text extends Serializer<String> {

        Text() {
            super(false, true);
        }

        @Override
        public void write(Kryo kryo, Output output, String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            if (new String(utf8, StandardCharsets.UTF_8).equals(text)) {
                output.writeVarLong((long) utf8.length << 1, true);
                output.writeBytes(utf8);
            } else {
                output.writeVarLong((long) text.length() << 2 | 1, true);
                for (int i = 0; i < text.length(); i++) {
                    output.writeChar(text.charAt(i));
                }
            }
        }

        @Override
        public String read(Kryo kryo, Input input, Class<? extends String> type) {
            long header = input.readVarLong(true);
            long length = header >>> 1;
            int arrived = input.limit() - input.position();
            if (length > arrived) {
                throw new WireException("a text of " + length + " bytes where only " + arrived + " are left");
            }
            if ((header & 1) == 0) {
                String text = new String(input.getBuffer(), input.position(), (int) length, StandardCharsets.UTF_8);
                input.setPosition(input.position() + (int) length);
                return text;
            }
            char[] chars = new char[(int) length / 2];
            for (int i = 0; i < chars.length; i++) {
                chars[i] = input.readChar();
            }
            return new String(chars);
        }
    }

    static final class Bytes extends Serializer<byte[]> {

        @Override
        public void write(Kryo kryo, Output output, byte[] bytes) {
            output.writeVarInt(bytes.length, true);
            output.writeBytes(bytes);
        }

        @Override
        public byte[] read(Kryo kryo, Input input, Class<? extends byte[]> type) {
            return input.readBytes(readLength(input));
        }
    }

    static final class Lists extends Serializer<List<?>> {

        @Override
        public void write(Kryo kryo, Output output, List<?> list) {
            writeElements(kryo, output, list);
        }

        @Override
        public List<?> read(Kryo kryo, Input input, Class<? extends List<?>> type) {
            Object[] elements = new Object[readLength(input)];
            for (int i = 0; i < elements.length; i++) {
                elements[i] = notNull(kryo.readClassAndObject(input));
            }
            return List.of(elements);
        }
    }

    static final class Sets extends Serializer<Set<?>> {

        @Override
        public void write(Kryo kryo, Output output, Set<?> set) {
            writeElements(kryo, output, set);
        }

        @Override
        public Set<?> read(Kryo kryo, Input input, Class<? extends Set<?>> type) {
            int size = readLength(input);
            Set<Object> elements = LinkedHashSet.newLinkedHashSet(size);
            for (int i = 0; i < size; i++) {
                elements.add(notNull(kryo.readClassAndObject(input)));
            }
            return Collections.unmodifiableSet(elements);
        }
    }

    static final class Maps extends Serializer<Map<?, ?>> {

        @Override
        public void write(Kryo kryo, Output output, Map<?, ?> map) {
            output.writeVarInt(map.size(), true);
            map.forEach((key, value) -> {
                kryo.writeClassAndObject(output, notNull(key));
                kryo.writeClassAndObject(output, notNull(value));
            });
        }

        @Override
        public Map<?, ?> read(Kryo kryo, Input input, Class<? extends Map<?, ?>> type) {
            int size = readLength(input);
            Map<Object, Object> entries = LinkedHashMap.newLinkedHashMap(size);
            for (int i = 0; i < size; i++) {
                Object key = notNull(kryo.readClassAndObject(input));
                entries.put(key, notNull(kryo.readClassAndObject(input)));
            }
            return Collections.unmodifiableMap(entries);
        }
    }

    private static void writeElements(Kryo kryo, Output output, Collection<?> elements) {
        output.writeVarInt(elements.size(), true);
        for (Object element : elements) {
            kryo.writeClassAndObject(output, notNull(element));
        }
    }

    /** The reference's full path with this node's address; reading it back goes through Pekko's per-thread cache. */
    static final class Refs extends Serializer<ActorRef<?>> {

        private final ActorRefResolver resolver;
        private final Text text = new Text();

        Refs(ActorRefResolver resolver) {
            super(false, true);
            this.resolver = resolver;
        }

        @Override
        public void write(Kryo kryo, Output output, ActorRef<?> ref) {
            text.write(kryo, output, resolver.toSerializationFormat(ref));
        }

        @Override
        public ActorRef<?> read(Kryo kryo, Input input, Class<? extends ActorRef<?>> type) {
            return resolver.resolveActorRef(text.read(kryo, input, String.class));
        }
    }
}
