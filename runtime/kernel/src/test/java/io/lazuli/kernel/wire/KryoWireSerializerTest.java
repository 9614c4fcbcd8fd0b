package io.lazuli.kernel.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.wire.TestCatalog.Answer;
import io.lazuli.kernel.wire.TestCatalog.Box;
import io.lazuli.kernel.wire.TestCatalog.Colour;
import io.lazuli.kernel.wire.TestCatalog.Dot;
import io.lazuli.kernel.wire.TestCatalog.Everything;
import io.lazuli.kernel.wire.TestCatalog.Holder;
import io.lazuli.kernel.wire.TestCatalog.Many;
import io.lazuli.kernel.wire.TestCatalog.Put;
import io.lazuli.kernel.wire.TestCatalog.Text;
import io.lazuli.kernel.wire.TestCatalog.Unregistered;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KryoWireSerializerTest {

    private static ActorTestKit kit;
    private static KryoWireSerializer serializer;

    @BeforeAll
    static void start() throws Exception {
        kit = ActorTestKit.create();
        Serialization serialization = SerializationExtension.get(Adapter.toClassic(kit.system()));
        serializer = assertInstanceOf(KryoWireSerializer.class, serialization.serializerFor(Box.class));
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void everyKindOfValueComesBackEqual() {
        Everything sent = new Everything(-1, Long.MIN_VALUE, true, -0.0, Float.NaN, (byte) -128, (short) -2, '\uffff', 7,
                "häß\0", new byte[] {0, -1}, List.of("a", "b"), Set.of(Colour.BLUE), Map.of("k", new Dot()), Optional.of(new Dot()),
                Instant.ofEpochSecond(-5, 999_999_999), Duration.ofNanos(-1), new UUID(1, -1), new Box(new Box(new Dot())),
                Colour.BLUE, List.of(1L, "x", Set.of(2.5)));
        Everything back = (Everything) roundTrip(sent);
        assertArrayEquals(sent.bytes(), back.bytes());
        assertEquals(withoutBytes(sent), withoutBytes(back));
    }

    @Test
    void nullComponentsComeBackAsNull() {
        Everything sent = new Everything(0, 0, false, 0, 0, (byte) 0, (short) 0, 'a', null, null, null, null, null, null, null,
                null, null, null, null, null, null);
        assertEquals(sent, roundTrip(sent));
    }

    @Test
    void collectionsOfAnyClassArriveUnmodifiableAndInOrder() {
        Map<String, Integer> map = new LinkedHashMap<>();
        map.put("z", 1);
        map.put("a", 2);
        for (Object sent : List.of(new ArrayList<>(List.of(3, 1, 2)), Arrays.asList(2, 1), Collections.unmodifiableList(new ArrayList<>(List.of(1))),
                List.of(1, 2, 3).subList(1, 3), map, new TreeMap<>(map), EnumSet.allOf(Colour.class), Collections.emptySet(), map.keySet())) {
            Object back = ((Holder) roundTrip(new Holder(sent))).any();
            assertEquals(sent instanceof java.util.Collection<?> c && !(sent instanceof List) ? Set.copyOf(c) : sent, back);
            assertEquals(sent.toString(), back.toString());
            assertThrows(UnsupportedOperationException.class, () -> {
                if (back instanceof Map<?, ?> m) {
                    m.clear();
                } else {
                    ((java.util.Collection<?>) back).clear();
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "é", "😀", "a\0b", "lone \ud800 high", "\udc00", "\ud800\ud800\udc00"})
    void everyTextIsKeptExactly(String text) {
        assertEquals(new Text(text), roundTrip(new Text(text)));
        assertEquals(new Text(text.repeat(5000)), roundTrip(new Text(text.repeat(5000))));
    }

    @Test
    void actorReferenceOfThisNodeComesBackAsTheSameActor() {
        TestProbe<Answer> probe = kit.createTestProbe();
        Put back = (Put) roundTrip(new Put(5, new byte[1024], probe.getRef()));
        assertEquals(probe.getRef(), back.replyTo());
        back.replyTo().tell(new Answer(6, new byte[0]));
        assertEquals(6, probe.receiveMessage().epoch());
    }

    @Test
    void unregisteredClassIsRefusedWhenWritten() {
        refused(Unregistered.class.getName(), () -> serializer.toBinary(new Unregistered("x")));
        refused(Unregistered.class.getName(), () -> serializer.toBinary(new Holder(List.of(new Unregistered("x")))));
        refused(Thread.class.getName(), () -> serializer.toBinary(new Holder(Thread.currentThread())));
        assertEquals(new Text("after"), roundTrip(new Text("after")), "the serializer works on");
    }

    @Test
    void unknownNumberIsRefusedWhenRead() {
        refused("unregistered class ID: 8999", () -> read(number(8999)));
    }

    @Test
    void classNamesAreNeverBelieved() {
        refused("by name", () -> read(new byte[] {1, 0, 3, 'a', 'b', 'c'}));
    }

    @Test
    void versionWithOtherComponentsIsRefused() {
        byte[] bytes = serializer.toBinary(new Text("x"));
        bytes[2] = 2;
        refused("different versions", () -> read(bytes));
    }

    @Test
    void nullInACollectionIsRefused() {
        refused("must not hold null", () -> serializer.toBinary(new Holder(Arrays.asList(1, null))));
    }

    @Test
    void trailingBytesAreRefused() {
        byte[] bytes = serializer.toBinary(new Text("x"));
        refused("followed by 1 bytes", () -> read(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    @Test
    void oversizedMessageIsRefused() {
        refused("larger than", () -> serializer.toBinary(new Answer(1, new byte[WireLimits.MAX_MESSAGE_BYTES])));
        refused("larger than", () -> read(new byte[WireLimits.MAX_MESSAGE_BYTES + 1]));
        byte[] largest = new byte[WireLimits.MAX_MESSAGE_BYTES - 100];
        assertEquals(largest.length, ((Answer) roundTrip(new Answer(1, largest))).value().length);
    }

    @Test
    void tooDeepMessageIsRefused() {
        TestCatalog.Shape shape = new Dot();
        for (int i = 0; i < WireLimits.MAX_DEPTH + 1; i++) {
            shape = new Box(shape);
        }
        TestCatalog.Shape tooDeep = shape;
        refused("cannot be written", () -> serializer.toBinary(tooDeep));
    }

    @Test
    void directBufferIsWrittenAndReadInPlace() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(3);
        serializer.toBinary(new Text("hello"), buffer);
        buffer.flip().position(3);
        assertEquals(new Text("hello"), serializer.fromBinary(buffer, ""));
        assertEquals(0, buffer.remaining());
        ByteBuffer small = ByteBuffer.allocate(3);
        assertThrows(BufferOverflowException.class, () -> serializer.toBinary(new Text("hello"), small));
        assertEquals(0, small.position());
    }

    /** Whatever bytes arrive: a message or a WireException, no other error, no allocation beyond what arrived. */
    @Test
    void damagedBytesAreRefusedCleanly() {
        long seed = new Random().nextLong();
        System.out.println("damagedBytesAreRefusedCleanly seed " + seed);
        Random random = new Random(seed);
        byte[] good = serializer.toBinary(new Holder(List.of(new Text("text"), Map.of("k", new Many(List.of(1, 2, 3))),
                Optional.of(Instant.EPOCH), new byte[9], new Box(new Dot()), Colour.RED)));
        int refusals = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            try {
                read(bad);
            } catch (WireException e) {
                refusals++;
            }
        }
        assertTrue(refusals > 10_000, "refusals " + refusals);
    }

    @Test
    void manyThreadsShareTheSerializer() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Boolean>> runs = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                String mine = "thread " + t;
                runs.add(threads.submit(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        Text text = new Text(mine + " message " + i);
                        if (!text.equals(roundTrip(text))) {
                            return false;
                        }
                    }
                    return true;
                }));
            }
            for (Future<Boolean> run : runs) {
                assertTrue(run.get());
            }
        }
    }

    private static byte[] number(int number) {
        int id = number + 2;
        return new byte[] {(byte) (id & 0x7f | 0x80), (byte) (id >>> 7)};
    }

    private static Object read(byte[] bytes) {
        return serializer.fromBinaryJava(bytes, null);
    }

    private static Object roundTrip(Object message) {
        return read(serializer.toBinary(message));
    }

    private static Everything withoutBytes(Everything e) {
        return new Everything(e.i(), e.l(), e.b(), e.d(), e.f(), e.y(), e.s(), e.c(), e.boxed(), e.text(), null, e.list(), e.set(),
                e.map(), e.optional(), e.instant(), e.duration(), e.uuid(), e.shape(), e.colour(), e.any());
    }

    private static void refused(String why, org.junit.jupiter.api.function.Executable action) {
        WireException e = assertThrows(WireException.class, action);
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }
}
