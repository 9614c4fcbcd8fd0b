package io.lazuli.storage.protocol.table.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.partition.table.StoredEntity;
import io.lazuli.storage.protocol.table.DateTimes;
import io.lazuli.storage.protocol.table.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {

    private static final StoredEntity ENTITY =
            new StoredEntity(new EntityKey("O'Brien", "r5"), DateTimes.parse("2013-08-22T00:20:16.3134645Z"), new byte[0]);

    private static final Map<String, EdmValue> PROPERTIES = Map.ofEntries(
            Map.entry("Text", new EdmValue.OfString("Smith")),
            Map.entry("Wide", new EdmValue.OfString("😀")),
            Map.entry("Int", new EdmValue.OfInt32(30)),
            Map.entry("Negative", new EdmValue.OfInt32(-5)),
            Map.entry("Long", new EdmValue.OfInt64(9007199254740993L)),
            Map.entry("Double", new EdmValue.OfDouble(100.25)),
            Map.entry("Big", new EdmValue.OfDouble(9007199254740992.0)),
            Map.entry("NotANumber", new EdmValue.OfDouble(Double.NaN)),
            Map.entry("Infinite", new EdmValue.OfDouble(Double.POSITIVE_INFINITY)),
            Map.entry("IsActive", new EdmValue.OfBoolean(true)),
            Map.entry("Since", new EdmValue.OfDateTime(DateTimes.parse("2008-07-10T00:00:00Z"))),
            Map.entry("Code", new EdmValue.OfGuid(UUID.fromString("a455c695-df98-5678-aaaa-81d3367e5a34"))),
            Map.entry("Bytes", new EdmValue.OfBinary(new byte[] {1, (byte) 0xFF})),
            Map.entry("order", new EdmValue.OfInt32(1)));

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', value = {
        // published examples
        "Text eq 'Smith' and Int eq 30 | true",
        "Double gt 100.24 | true",
        "IsActive eq true | true",
        "Since eq datetime'2008-07-10T00:00:00Z' | true",
        "Code eq guid'a455c695-df98-5678-aaaa-81d3367e5a34' | true",
        "(PartitionKey gt 'L') and (PartitionKey lt 'P') | true",
        "not (Int gt 30) | true",
        // keys
        "PartitionKey eq 'O''Brien' | true",
        "PartitionKey eq 'O''Brien' and RowKey ge 'r' and RowKey lt 's' | true",
        "RowKey eq 5 | false",
        "Timestamp gt datetime'2013-08-22T00:20:16Z' | true",
        "Timestamp lt datetime'2013-08-22T00:20:16.3134645Z' | false",
        // operators, both ways round
        "Int ne 30 | false", "Int ne 31 | true", "Int ge 30 | true", "Int le 29 | false", "Int lt 31 | true",
        "30 eq Int | true", "29 lt Int | true", "31 le Int | false", "31 gt Int | true", "30 ge Int | true", "30 ne Int | false",
        // numbers of three types
        "Int eq 30L | true", "Int eq 30.0 | true", "Int lt 30.5 | true", "Negative eq -5 | true", "Negative lt -4.5 | true", "Negative gt -6L | true",
        "Long eq 9007199254740993L | true", "Long eq 9007199254740993 | true", "Long gt 9007199254740992.0 | true", "Big lt 9007199254740993L | true",
        "Double eq 1.0025e2 | true", "Double eq 100.25D | true", "Double gt 100 | true", "Double lt 1E3 | true", "Infinite gt 9223372036854775807L | true",
        "Infinite eq INF | true", "Infinite gt -INF | true", "NotANumber eq NaN | false", "NotANumber ne NaN | true", "NotANumber lt 1 | false",
        "Double lt 12345678901234567890123 | true", "Int gt -.5 | true",
        // other types
        "Text gt 'Smit' | true", "Text lt 'smith' | true", "Wide gt '\uFFFD' | true", "Text eq '' | false",
        "Bytes eq X'01fF' | true", "Bytes gt binary'017f' | true", "Bytes eq X'' | false",
        "Code gt guid'00000000-0000-0000-0000-000000000000' | true", "IsActive gt false | true",
        // absent properties and other types are false, whatever the operator
        "Nothing eq 'x' | false", "Nothing ne 'x' | false", "not (Nothing eq 'x') | true", "Text eq 5 | false", "Text ne 5 | false",
        "Since eq '2008-07-10T00:00:00Z' | false", "Int eq '30' | false", "Nothing | false", "not Nothing | true",
        // precedence
        "Int eq 30 or Int eq 1 and Int eq 2 | true", "(Int eq 30 or Int eq 1) and Int eq 2 | false", "not Int eq 1 and Int eq 30 | true",
        "not not IsActive | true", "not(IsActive)or(IsActive) | true", "IsActive | true", "((IsActive)) eq (true) | true",
        "true | true", "false or true | true", "order eq 1 | true", "Int   eq\t30 | true", "notIsActive | false"
    })
    void matchesAsDocumented(String filter, boolean expected) {
        assertEquals(expected, EntityFilter.matches(FilterParser.parse(filter), ENTITY, PROPERTIES), filter);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "(", ")", "()", "A eq", "eq", "A eq eq", "eq 5", "A eq 5 and", "A eq 5 B", "A eq 5)", "(A eq 5", "A = 5", "A eq 'x", "A eq x'zz'", "A eq X'0'",
        "A eq X'zz'", "A eq guid'1'", "A eq datetime'today'", "A eq time'1'", "A eq null", "A eq B", "5 eq 5", "'x'", "5", "A eq 5x", "A eq 5LL", "A eq --5", "A eq 1.2.3",
        "A eq 5.5L", "A eq 99999999999999999999L", "A eq 0x10", "A eq e5", "A add 5 eq 6", "substringof('a',A)", "A/B eq 5", "(A eq 1) eq true", "A eq 5 && B eq 6",
        "not", "A not eq 5", "A eq \"x\"", "A,B", "A eq 1 or or B eq 2", "A EQ 5", "A eq -", "A eq 'x' 'y'"
    })
    void refusesWhatIsNoFilter(String filter) {
        StorageException refused = assertThrows(StorageException.class, () -> FilterParser.parse(filter));
        assertEquals(StorageErrorCode.INVALID_INPUT, refused.error());
    }

    @Test
    void errorsNameThePosition() {
        StorageException refused = assertThrows(StorageException.class, () -> FilterParser.parse("Age eq 5 xor B eq 1"));
        assertEquals("Syntax error at position 10 in the filter: an operator or the end is expected.", refused.details().get("Reason"));
    }

    @Test
    void depthLengthAndNumberAreBounded() {
        assertThrows(StorageException.class, () -> FilterParser.parse("(".repeat(50_000)));
        assertThrows(StorageException.class, () -> FilterParser.parse("not ".repeat(10_000) + "A"));
        assertThrows(StorageException.class, () -> FilterParser.parse("A eq '" + "x".repeat(70_000) + "'"));
        assertThrows(StorageException.class, () -> FilterParser.parse("A eq 1" + " or A eq 1".repeat(256)));
        assertFalse(FilterParser.parse("A eq 1" + " or A eq 1".repeat(255)).matches(name -> null));
        assertFalse(FilterParser.parse("(".repeat(64) + "A eq 1" + ")".repeat(64)).matches(name -> null));
    }

    @Test
    void tableNamesIgnoreCase() {
        TableFilter filter = TableFilter.of(FilterParser.parse("TableName ge 'Abc' and TableName lt 'abd' and not (TableName eq 'abcd')"));
        assertEquals("abc", filter.fromInclusive());
        assertEquals("abd", filter.toExclusive());
        assertTrue(filter.matches("ABCx"));
        assertFalse(filter.matches("abCD"));
        assertFalse(filter.matches("abd"));
        TableFilter one = TableFilter.of(FilterParser.parse("'Mine' eq TableName"));
        assertEquals(List.of("mine", "mine\0"), List.of(one.fromInclusive(), one.toExclusive()));
        assertTrue(TableFilter.of(null).matches("any"));
        TableFilter either = TableFilter.of(FilterParser.parse("TableName eq 'a' or TableName eq 'c'"));
        assertEquals("", either.fromInclusive());
        assertTrue(either.matches("C"));
        assertFalse(TableFilter.of(FilterParser.parse("Other eq 'a'")).matches("a"));
    }

    @Test
    void mutatedFiltersAreUnderstoodOrRefusedByTheProtocol() {
        long seed = System.nanoTime();
        System.out.println("FilterTest seed " + seed);
        Random random = new Random(seed);
        byte[] original = ("not (PartitionKey eq 'O''Brien' and RowKey ge 'r') or Age le -1.5e3 and Since lt datetime'2008-07-10T00:00:00Z' "
                + "or Code ne guid'a455c695-df98-5678-aaaa-81d3367e5a34' and Bytes eq X'01ff' or IsActive or Long gt 5L").getBytes(StandardCharsets.UTF_8);
        FilterParser.parse(new String(original, StandardCharsets.UTF_8));
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            try {
                Filter filter = FilterParser.parse(new String(Mutations.mutate(original, random), StandardCharsets.UTF_8));
                EntityFilter.matches(filter, ENTITY, PROPERTIES);
                KeyRanges.of(filter);
                TableFilter.of(filter).matches("abc");
            } catch (StorageException e) {
                assertEquals(StorageErrorCode.INVALID_INPUT, e.error());
                refused++;
            }
        }
        assertTrue(refused > 1_000, refused + " of 20000 were refused");
    }
}
