package io.lazuli.storage.protocol.table.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.partition.table.StoredEntity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyRangesTest {

    /** {@code .} is the end of a partition key, {@code +} what follows it, {@code ~} the table's end. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', value = {
        "A eq 5                                                     | [ ~",
        "true                                                       | [ ~",
        "false                                                      | none",
        "PartitionKey eq 'a'                                        | [a. a+",
        "PartitionKey eq 'a' and RowKey eq 'b'                      | [a.b a.b.",
        "RowKey eq 'b' and A eq 1 and PartitionKey eq 'a'           | [a.b a.b.",
        "PartitionKey eq 'a' and RowKey ge 'b' and RowKey lt 'c'    | [a.b a.c",
        "PartitionKey eq 'a' and RowKey gt 'b' and RowKey le 'c'    | [a.b. a.c.",
        "PartitionKey eq 'a' and RowKey ge 'b'                      | [a.b a+",
        "PartitionKey ge 'a' and PartitionKey lt 'c'                | [a c",
        "PartitionKey gt 'a' and PartitionKey le 'c'                | [a+ c+",
        "PartitionKey ge 'a' and PartitionKey le 'a' and RowKey eq '' | [a. a..",
        "PartitionKey ge 'a' and RowKey eq 'b'                      | [a ~",
        "RowKey eq 'b'                                              | [ ~",
        "PartitionKey eq 'a' or PartitionKey eq 'c'                 | [a. a+ [c. c+",
        "(PartitionKey eq 'c' or PartitionKey eq 'a') and RowKey eq 'r' | [a.r a.r. [c.r c.r.",
        "PartitionKey eq 'a' and (RowKey eq 'x' or RowKey eq 'b')   | [a.b a.b. [a.x a.x.",
        "PartitionKey eq 'a' or A eq 1                              | [ ~",
        "PartitionKey lt 'c' or PartitionKey lt 'd'                 | [ d",
        "PartitionKey ne 'a'                                        | [ a [a+ ~",
        "not (PartitionKey lt 'b' or PartitionKey ge 'd')           | [b d",
        "not (PartitionKey eq 'a' and RowKey eq 'b')                | [ ~",
        "not (PartitionKey ne 'a' or RowKey ne 'b')                 | [a.b a.b.",
        "not (A eq 1) and PartitionKey eq 'a'                       | [a. a+",
        "PartitionKey eq 'a' and PartitionKey eq 'b'                | none",
        "PartitionKey eq 5                                          | none",
        "PartitionKey ne 5                                          | none",
        "not (PartitionKey eq 5)                                    | [ ~",
        "PartitionKey eq ''                                         | [. +",
        "PartitionKey lt ''                                         | none",
        "'b' gt PartitionKey                                        | [ b"
    })
    void conditionsOnKeysBecomeRanges(String filter, String expected) {
        List<KeyRange> ranges = KeyRanges.of(FilterParser.parse(filter));
        assertEquals(expected, ranges.isEmpty() ? "none" : ranges.stream().map(KeyRangesTest::show).collect(Collectors.joining(" ")));
    }

    @Test
    void lookupOfOneEntityIsARangeOfOneKey() {
        EntityKey key = new EntityKey("O'Brien ä😀", "x y");
        KeyRange range = KeyRanges.of(FilterParser.parse("RowKey eq 'x y' and PartitionKey eq 'O''Brien ä😀'")).getFirst();
        assertArrayEquals(key.encode(), range.fromInclusive());
        assertArrayEquals(key.behind(), range.toExclusive());
    }

    @Test
    void manyAlternativesStayBounded() {
        String keys = IntStream.range(0, 200).mapToObj(i -> "PartitionKey eq 'p" + i + "'").collect(Collectors.joining(" or ", "(", ")"));
        assertEquals(200, KeyRanges.of(FilterParser.parse(keys)).size());
        String rows = IntStream.range(0, 50).mapToObj(i -> "RowKey eq 'r" + i + "'").collect(Collectors.joining(" or ", "(", ")"));
        assertEquals(50, KeyRanges.of(FilterParser.parse("PartitionKey eq 'p' and " + rows)).size());
        List<KeyRange> crossed = KeyRanges.of(FilterParser.parse(keys + " and " + rows));
        assertEquals(1, crossed.size());
        String unequal = IntStream.range(0, 250).mapToObj(i -> "PartitionKey ne 'p" + i + "'").collect(Collectors.joining(" or "));
        assertEquals(1, KeyRanges.of(FilterParser.parse(unequal)).size());
        String noneOf = IntStream.range(0, 250).mapToObj(i -> "PartitionKey ne 'p" + i + "'").collect(Collectors.joining(" and "));
        assertTrue(KeyRanges.of(FilterParser.parse(noneOf)).size() <= KeyRanges.MAX_RANGES);
    }

    @Test
    void noMatchIsEverOutsideOfTheRanges() {
        long seed = System.nanoTime();
        System.out.println("KeyRangesTest seed " + seed);
        Random random = new Random(seed);
        int matches = 0;
        int skipped = 0;
        for (int i = 0; i < 3_000; i++) {
            Filter filter = filter(random, 4);
            List<KeyRange> ranges = KeyRanges.of(filter);
            assertOrderedAndDisjoint(ranges);
            for (int k = 0; k < 40; k++) {
                StoredEntity entity = new StoredEntity(new EntityKey(key(random), key(random)), 1, new byte[0]);
                Map<String, EdmValue> properties = random.nextBoolean() ? Map.of() : Map.of("A", new EdmValue.OfInt32(random.nextInt(3)));
                boolean inside = holds(ranges, entity.key().encode());
                if (EntityFilter.matches(filter, entity, properties)) {
                    matches++;
                    assertTrue(inside, () -> "seed " + seed + ": " + filter + " leaves out " + entity.key());
                } else if (!inside) {
                    skipped++;
                }
            }
        }
        assertTrue(matches > 5_000 && skipped > 5_000, matches + " matched, " + skipped + " were not even read");
    }

    @Test
    void filtersOfKeysAloneInOnePartitionKeyReadNothingInVain() {
        long seed = System.nanoTime();
        System.out.println("KeyRangesTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            List<Filter> rows = new ArrayList<>();
            for (int k = 0; k < 3; k++) {
                rows.add(comparison("RowKey", random));
            }
            Filter condition = random.nextBoolean() ? new Filter.Or(rows) : new Filter.And(rows);
            Filter filter = new Filter.And(List.of(
                    new Filter.Comparison("PartitionKey", Filter.Operator.EQ, new EdmValue.OfString(key(random))),
                    random.nextBoolean() ? new Filter.Not(condition) : condition));
            List<KeyRange> ranges = KeyRanges.of(filter);
            for (int k = 0; k < 40; k++) {
                StoredEntity entity = new StoredEntity(new EntityKey(key(random), key(random)), 1, new byte[0]);
                assertEquals(EntityFilter.matches(filter, entity, Map.of()), holds(ranges, entity.key().encode()), () -> "seed " + seed + ": " + filter + " and " + entity.key());
            }
        }
    }

    private static Filter filter(Random random, int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return switch (random.nextInt(8)) {
                case 0 -> new Filter.Comparison("A", operator(random), new EdmValue.OfInt32(random.nextInt(3)));
                case 1 -> new Filter.Comparison("PartitionKey", operator(random), new EdmValue.OfInt32(1));
                case 2 -> new Filter.Constant(random.nextBoolean());
                case 3, 4 -> comparison("RowKey", random);
                default -> comparison("PartitionKey", random);
            };
        }
        List<Filter> parts = new ArrayList<>();
        for (int i = 2 + random.nextInt(2); i > 0; i--) {
            parts.add(filter(random, depth - 1));
        }
        return switch (random.nextInt(5)) {
            case 0 -> new Filter.Not(parts.getFirst());
            case 1, 2 -> new Filter.Or(parts);
            default -> new Filter.And(parts);
        };
    }

    private static Filter comparison(String property, Random random) {
        return new Filter.Comparison(property, operator(random), new EdmValue.OfString(key(random)));
    }

    private static Filter.Operator operator(Random random) {
        return Filter.Operator.values()[random.nextInt(Filter.Operator.values().length)];
    }

    private static String key(Random random) {
        StringBuilder key = new StringBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            key.append(List.of("a", "b", "!", "ä", "\uFFFD", "😀").get(random.nextInt(6)));
        }
        return key.toString();
    }

    private static void assertOrderedAndDisjoint(List<KeyRange> ranges) {
        byte[] end = null;
        for (int i = 0; i < ranges.size(); i++) {
            KeyRange range = ranges.get(i);
            assertTrue(i == 0 || end != null && Arrays.compareUnsigned(end, range.fromInclusive()) < 0);
            assertTrue(range.toExclusive() == null || Arrays.compareUnsigned(range.fromInclusive(), range.toExclusive()) < 0);
            end = range.toExclusive();
        }
    }

    private static boolean holds(List<KeyRange> ranges, byte[] key) {
        return ranges.stream().anyMatch(range -> Arrays.compareUnsigned(range.fromInclusive(), key) <= 0
                && (range.toExclusive() == null || Arrays.compareUnsigned(key, range.toExclusive()) < 0));
    }

    private static String show(KeyRange range) {
        return "[" + show(range.fromInclusive()) + " " + (range.toExclusive() == null ? "~" : show(range.toExclusive()));
    }

    private static String show(byte[] key) {
        return new String(key, StandardCharsets.UTF_8).replace('\0', '.').replace('\u0001', '+');
    }
}
