package io.lazuli.storage.chunk.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReadOrderTest {

    private static List<String> order(int turn, String own, String down) {
        return ReadOrder.of(List.of("a", "b", "c"), own::equals, down::equals, turn);
    }

    @Test
    void theOwnCopyComesFirstTheOthersTakeTurnsAndWhoIsDownComesLast() {
        assertEquals(List.of("a", "b", "c"), order(0, "", ""));
        assertEquals(List.of("b", "c", "a"), order(1, "", ""));
        assertEquals(List.of("c", "a", "b"), order(-1, "", ""));
        assertEquals(List.of("b", "a", "c"), order(0, "b", ""));
        assertEquals(List.of("b", "c", "a"), order(1, "b", ""));
        assertEquals(List.of("b", "c", "a"), order(0, "", "a"));
        assertEquals(List.of("a", "c", "b"), order(0, "a", "b"));
    }
}
