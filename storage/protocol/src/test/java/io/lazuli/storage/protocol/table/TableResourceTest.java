package io.lazuli.storage.protocol.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EntityKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableResourceTest {

    private static TableResource parse(String segment) {
        return TableResource.parse(List.of(segment));
    }

    @Test
    void pathsNameResources() {
        assertEquals(new TableResource.Service(), TableResource.parse(List.of()));
        assertEquals(new TableResource.Batch(), parse("$batch"));
        assertEquals(new TableResource.Tables(), parse("Tables"));
        assertEquals(new TableResource.Tables(), parse("Tables()"));
        assertEquals(new TableResource.Table("abc"), parse("Tables('abc')"));
        assertEquals(new TableResource.Entities("abc"), parse("abc"));
        assertEquals(new TableResource.Entities("abc"), parse("abc( )"));
    }

    @Test
    void keysStandInEitherOrderWithQuotesDoubled() {
        TableResource expected = new TableResource.Entity("abc", new EntityKey("o'neil''s", "(a=b),'c' ü\uD83D\uDE00"));
        assertEquals(expected, parse("abc(PartitionKey='o''neil''''s',RowKey='(a=b),''c'' ü\uD83D\uDE00')"));
        assertEquals(expected, parse("abc(RowKey='(a=b),''c'' ü\uD83D\uDE00', PartitionKey='o''neil''''s')"));
        assertEquals(new TableResource.Entity("abc", new EntityKey("", "")), parse("abc(PartitionKey='',RowKey='')"));
        assertEquals(new TableResource.Entity("abc", new EntityKey("'", "''")), parse("abc(PartitionKey='''',RowKey='''''')"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "abc(", "abc(()", "abc(x)", "abc('x')", "abc(PartitionKey='p')", "abc(RowKey='r')", "abc(PartitionKey='p',RowKey='r'", "abc(PartitionKey='p';RowKey='r')",
        "abc(PartitionKey='p',RowKey='r'))", "abc(PartitionKey='p',RowKey='r')/", "abc(PartitionKey='p',PartitionKey='r')", "abc(RowKey='p',RowKey='r')",
        "abc(PartitionKey=p,RowKey=r)", "abc(PartitionKey='p',RowKey='r',RowKey='r')", "abc(partitionKey='p',rowKey='r')", "abc(PartitionKey='p'RowKey='r')",
        "abc(PartitionKey='p',RowKey='r''", "abc(PartitionKey='p',RowKey=''')", "Tables('abc'", "Tables(abc)", "Tables('abc','abd')", "Tables('Tables')"
    })
    void whatIsMalformedIsInvalidInput(String segment) {
        assertEquals(StorageErrorCode.INVALID_INPUT, assertThrows(StorageException.class, () -> parse(segment)).error());
    }

    @ParameterizedTest
    @CsvSource({
        "ab,OUT_OF_RANGE_INPUT", "'',OUT_OF_RANGE_INPUT", "1ab,INVALID_RESOURCE_NAME", "a_b,INVALID_RESOURCE_NAME", "abé,INVALID_RESOURCE_NAME",
        "$batches,INVALID_RESOURCE_NAME", "Tables('a'),OUT_OF_RANGE_INPUT", "Tables('a.b'),INVALID_RESOURCE_NAME",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,OUT_OF_RANGE_INPUT"
    })
    void namesAreLettersAndDigits(String segment, StorageErrorCode expected) {
        assertEquals(expected, assertThrows(StorageException.class, () -> parse(segment)).error());
    }

    @Test
    void longestNameIsTaken() {
        assertEquals(new TableResource.Entities("a".repeat(63)), parse("a".repeat(63)));
    }
}
