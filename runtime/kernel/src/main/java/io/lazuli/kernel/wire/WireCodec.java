package io.lazuli.kernel.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.KryoBufferOverflowException;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.DefaultSerializers;
import com.esotericsoftware.kryo.serializers.OptionalSerializers;
import com.esotericsoftware.kryo.serializers.TimeSerializers;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/**
 * One Kryo with its buffers, used by one thread at a time. A codec that threw is thrown away, since its Kryo may be in
 * the middle of something. Bounded by {@link WireLimits}.
 */
final class WireCodec {

    private static final byte[] NOTHING = new byte[0];

    private final Kryo kryo;
    private final Input input = new Input();
    private Output output = newOutput();

    WireCodec(WireRegistry registry, ActorRefResolver resolver) {
        ValueSerializers.Refs refs = new ValueSerializers.Refs(resolver);
        kryo = new Kryo(new ClassResolver(), null) {
            @Override
            @SuppressWarnings("rawtypes")
            protected String unregisteredClassMessage(Class type) {
                return type.getName() + " is in no WireCatalog";
            }
        };
        kryo.setRegistrationRequired(true);
        kryo.setReferences(false);
        kryo.setMaxDepth(WireLimits.MAX_DEPTH);
        kryo.register(String.class, new ValueSerializers.Text());
        kryo.register(byte[].class, new ValueSerializers.Bytes(), 20);
        kryo.register(List.class, new ValueSerializers.Lists(), 21);
        kryo.register(Set.class, new ValueSerializers.Sets(), 22);
        kryo.register(Map.class, new ValueSerializers.Maps(), 23);
        kryo.register(Optional.class, new OptionalSerializers.OptionalSerializer(), 24);
        kryo.register(Instant.class, new TimeSerializers.InstantSerializer(), 25);
        kryo.register(Duration.class, new TimeSerializers.DurationSerializer(), 26);
        kryo.register(UUID.class, new DefaultSerializers.UUIDSerializer(), 27);
        kryo.register(ActorRef.class, refs, 28);
        registry.types().forEach((number, type) -> {
            if (type.isRecord()) {
                kryo.register(type, new RecordSerializer(registry.shapeOf(type)), number);
            } else {
                kryo.register(type, number);
            }
        });
    }

    /** @return the codec's own buffer, valid until its next use, flipped */
    ByteBuffer write(Object message) {
        if (output.getBuffer().length > WireLimits.MAX_KEPT_BUFFER_BYTES) {
            output = newOutput();
        }
        output.reset();
        try {
            kryo.writeClassAndObject(output, message);
        } catch (KryoBufferOverflowException e) {
            throw new WireException(nameOf(message) + " is larger than " + WireLimits.MAX_MESSAGE_BYTES + " bytes", e);
        } catch (KryoException | IllegalArgumentException e) {
            throw new WireException(nameOf(message) + " cannot be written: " + e.getMessage(), e);
        }
        return ByteBuffer.wrap(output.getBuffer(), 0, output.position());
    }

    Object read(byte[] bytes, int offset, int length) {
        if (length > WireLimits.MAX_MESSAGE_BYTES) {
            throw new WireException("a message of " + length + " bytes is larger than " + WireLimits.MAX_MESSAGE_BYTES);
        }
        input.setBuffer(bytes, offset, length);
        Object message;
        int left;
        try {
            message = kryo.readClassAndObject(input);
            left = input.limit() - input.position();
        } catch (KryoException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new WireException("what arrived cannot be read: " + e.getMessage(), e);
        } finally {
            input.setBuffer(NOTHING);
        }
        if (left != 0) {
            throw new WireException(nameOf(message) + " is followed by " + left + " bytes that do not belong to it");
        }
        return message;
    }

    private static String nameOf(Object message) {
        return message == null ? "null" : message.getClass().getName();
    }

    private static Output newOutput() {
        return new Output(WireLimits.INITIAL_BUFFER_BYTES, WireLimits.MAX_MESSAGE_BYTES);
    }

    /**
     * Sends every list, set, map and actor reference under its interface's number, whatever class implements it, and
     * never writes or believes a class's name.
     */
    private static final class ClassResolver extends DefaultClassResolver {

        private static final List<Class<?>> INTERFACES = List.of(ActorRef.class, List.class, Set.class, Map.class);

        private final Map<Class<?>, Registration> implementations = new HashMap<>();

        @Override
        @SuppressWarnings("rawtypes")
        public Registration getRegistration(Class type) {
            Registration registration = super.getRegistration(type);
            return registration != null ? registration : implementations.computeIfAbsent(type, this::ofInterface);
        }

        @Override
        @SuppressWarnings("rawtypes")
        protected Registration readName(Input input) {
            throw new WireException("a class came by name; only registered numbers are read");
        }

        private Registration ofInterface(Class<?> type) {
            for (Class<?> candidate : INTERFACES) {
                if (candidate.isAssignableFrom(type)) {
                    return super.getRegistration(candidate);
                }
            }
            return null;
        }
    }
}
