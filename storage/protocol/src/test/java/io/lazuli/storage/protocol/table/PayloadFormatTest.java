package io.lazuli.storage.protocol.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.table.json.MetadataLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadFormatTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "-|-|MINIMAL", "-|''|MINIMAL", "-|application/json|MINIMAL", "-|application/json;odata=nometadata|NO", "-|application/json;odata=minimalmetadata|MINIMAL",
        "-|application/json;odata=fullmetadata|FULL", "-|Application/JSON; OData=FullMetadata|FULL", "-|application/json;charset=utf-8;odata=nometadata;q=0.5|NO",
        "-|*/*|MINIMAL", "-|text/html, application/*;q=0.1|MINIMAL", "-|application/atom+xml,application/json;odata=nometadata|NO",
        "-|application/json;odata=unknown,application/json;odata=fullmetadata|FULL",
        "json|application/atom+xml|MINIMAL", "application/json;odata=fullmetadata|application/json;odata=nometadata|FULL"
    })
    void theFirstOfferedTypeIsTaken(String format, String accept, MetadataLevel expected) {
        assertEquals(expected, PayloadFormat.ofAnswer(format, accept));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "-|application/atom+xml|ATOM_FORMAT_NOT_SUPPORTED", "-|application/atom+xml,application/xml|ATOM_FORMAT_NOT_SUPPORTED", "atom|application/json|ATOM_FORMAT_NOT_SUPPORTED",
        "-|application/xml|MEDIA_TYPE_NOT_SUPPORTED", "-|application/jsonp|MEDIA_TYPE_NOT_SUPPORTED", "-|application/json;odata=verbose|MEDIA_TYPE_NOT_SUPPORTED",
        "-|;|MEDIA_TYPE_NOT_SUPPORTED", "-|,,|MEDIA_TYPE_NOT_SUPPORTED", "xml|-|MEDIA_TYPE_NOT_SUPPORTED"
    })
    void whatIsNotOfferedIsRefused(String format, String accept, StorageErrorCode expected) {
        assertEquals(expected, assertThrows(StorageException.class, () -> PayloadFormat.ofAnswer(format, accept)).error());
    }

    @Test
    void bodiesAreJson() {
        PayloadFormat.checkBody(null);
        PayloadFormat.checkBody("application/json");
        PayloadFormat.checkBody("application/json; odata=nometadata; charset=utf-8");
        assertEquals(StorageErrorCode.ATOM_FORMAT_NOT_SUPPORTED, assertThrows(StorageException.class, () -> PayloadFormat.checkBody("application/atom+xml")).error());
        assertEquals(StorageErrorCode.MEDIA_TYPE_NOT_SUPPORTED, assertThrows(StorageException.class, () -> PayloadFormat.checkBody("text/json")).error());
    }
}
