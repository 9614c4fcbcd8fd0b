package io.lazuli.storage.partition.blob.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpkeepSettingsTest {

    private final UpkeepSettings settings = new UpkeepSettings(600_000, 50_000, 2_000, 10_000, 45_000);

    @ParameterizedTest
    @CsvSource({
            "true, 100, 10000",
            "true, 2000, 18000",
            "true, 3600000, 600000",
            "false, 60000, 10000"
    })
    void looksTakeATenthOfTheTimeButOneThatWasHeldUpIsSoonMadeAgain(boolean complete, long lookMillis, long pauseMillis) {
        assertEquals(pauseMillis, settings.pauseMillisAfter(complete, lookMillis));
    }
}
