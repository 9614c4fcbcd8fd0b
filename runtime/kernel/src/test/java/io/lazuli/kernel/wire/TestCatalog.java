package io.lazuli.kernel.wire;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;

/** Messages of these tests. */
public final class TestCatalog implements WireCatalog {

    enum Colour { RED, BLUE { } }

    sealed interface Shape permits Dot, Box {}

    record Dot() implements Shape {}

    record Box(Shape inner) implements Shape, WireMessage {}

    record Everything(
            int i, long l, boolean b, double d, float f, byte y, short s, char c, Integer boxed, String text, byte[] bytes,
            List<String> list, Set<Colour> set, Map<String, Dot> map, Optional<Dot> optional, Instant instant,
            Duration duration, UUID uuid, Shape shape, Colour colour, Object any) implements WireMessage {}

    record Put(long epoch, byte[] value, ActorRef<Answer> replyTo) implements WireMessage {}

    record Answer(long epoch, byte[] value) implements WireMessage {}

    record Text(String text) implements WireMessage {}

    record Many(List<Integer> numbers) implements WireMessage {}

    record Unregistered(String text) implements WireMessage {}

    record Holder(Object any) implements WireMessage {}

    @Override
    public void register(Registrar registrar) {
        registrar.message(9000, Colour.class)
                .message(9001, Dot.class)
                .message(9002, Box.class)
                .message(9003, Everything.class)
                .message(9004, Put.class)
                .message(9005, Answer.class)
                .message(9006, Text.class)
                .message(9007, Many.class)
                .message(9008, Holder.class);
    }
}
