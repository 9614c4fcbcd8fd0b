package io.lazuli.kernel.wire;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.ByteBufferSerializer;
import org.apache.pekko.serialization.JSerializer;

/**
 * Pekko's serializer of every {@link WireMessage}: Kryo, with only the classes that a {@link WireCatalog} registers. It
 * needs no manifest, since the class's number is the first thing in the bytes. Nothing it writes is for keeping: stored
 * formats have their own codecs.
 *
 * <p>Owns a bounded pool of codecs. Any number of threads may use it. All limits are in {@link WireLimits}; every
 * refusal is a {@link WireException}.
 */
public final class KryoWireSerializer extends JSerializer implements ByteBufferSerializer {

    /** Part of the protocol between nodes: never change it. */
    public static final int IDENTIFIER = 1711;

    private final ExtendedActorSystem system;
    private final WireRegistry registry;
    private final BlockingQueue<WireCodec> idle = new ArrayBlockingQueue<>(WireLimits.MAX_IDLE_CODECS);

    /** Called by Pekko, once per actor system. @throws IllegalStateException if two catalogs clash */
    public KryoWireSerializer(ExtendedActorSystem system) {
        this(system, WireRegistry.load(system.dynamicAccess().classLoader()));
    }

    KryoWireSerializer(ExtendedActorSystem system, WireRegistry registry) {
        this.system = system;
        this.registry = registry;
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public boolean includeManifest() {
        return false;
    }

    @Override
    public byte[] toBinary(Object message) {
        WireCodec codec = take();
        ByteBuffer written = codec.write(message);
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        give(codec);
        return bytes;
    }

    /** @throws BufferOverflowException if the message does not fit, which Artery logs as an oversized payload */
    @Override
    public void toBinary(Object message, ByteBuffer target) {
        WireCodec codec = take();
        ByteBuffer written = codec.write(message);
        if (written.remaining() > target.remaining()) {
            give(codec);
            throw new BufferOverflowException();
        }
        target.put(written);
        give(codec);
    }

    @Override
    public Object fromBinaryJava(byte[] bytes, Class<?> manifest) {
        return read(bytes, 0, bytes.length);
    }

    @Override
    public Object fromBinary(ByteBuffer source, String manifest) {
        int length = source.remaining();
        if (source.hasArray()) {
            Object message = read(source.array(), source.arrayOffset() + source.position(), length);
            source.position(source.limit());
            return message;
        }
        byte[] bytes = new byte[length];
        source.get(bytes);
        return read(bytes, 0, length);
    }

    private Object read(byte[] bytes, int offset, int length) {
        WireCodec codec = take();
        Object message = codec.read(bytes, offset, length);
        give(codec);
        return message;
    }

    private WireCodec take() {
        WireCodec codec = idle.poll();
        return codec != null ? codec : new WireCodec(registry, ActorRefResolver.get(Adapter.toTyped(system)));
    }

    private void give(WireCodec codec) {
        idle.offer(codec);
    }
}
