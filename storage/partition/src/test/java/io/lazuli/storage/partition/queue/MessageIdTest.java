package io.lazuli.storage.partition.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageIdTest {

    @Test
    void idIsAGuidFromWhichTheMessageIsFound() {
        Random random = new Random(5);
        for (int i = 0; i < 1000; i++) {
            MessageId id = new MessageId(random.nextLong() >>> random.nextInt(64), random.nextLong());
            assertEquals(id.text(), UUID.fromString(id.text()).toString());
            assertEquals(Optional.of(id), MessageId.parse(id.text()));
            assertEquals(Optional.of(id), MessageId.parse(id.text().toUpperCase(Locale.ROOT)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "00000000-0000-0000-0000-00000000000", "00000000-0000-0000-0000-00000000000g",
        "000000000000-0000-0000-0000-00000000", "00000000-0000-0000-0000-00000000000\u0661"})
    void whatIsNoGuidIsNoId(String text) {
        assertEquals(Optional.empty(), MessageId.parse(text));
    }

    @Test
    void receiptIsReadBackAndNeedsNoEscapingInUrls() {
        Random random = new Random(6);
        for (int i = 0; i < 1000; i++) {
            PopReceipt receipt = new PopReceipt(random.nextLong(), random.nextLong());
            assertEquals(Optional.of(receipt), PopReceipt.parse(receipt.text()));
            assertTrue(receipt.text().matches("[A-Za-z0-9_-]+"), receipt.text());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAA==", "!!!!!!!!!!!!!!!!!!!!!!", "ААААААААААААААААААААAA"})
    void whatIsNoReceiptIsRefused(String text) {
        assertEquals(Optional.empty(), PopReceipt.parse(text));
    }
}
