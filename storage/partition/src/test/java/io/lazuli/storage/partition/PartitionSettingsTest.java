package io.lazuli.storage.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.SettingsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionSettingsTest {

    private static PartitionSettings settings(String grace, String maxUploadTime, String maxClockDifference) {
        return PartitionSettings.of(ConfigFactory.parseString("""
                lazuli.partition.blob-service.garbage-grace = %s
                lazuli.chunk.replication { max-upload-time = %s, max-clock-difference = %s }
                """.formatted(grace, maxUploadTime, maxClockDifference)).withFallback(ConfigFactory.load()));
    }

    @Test
    void bytesMayBeAsYoungAsAnUploadAndTheClocksAllow() {
        assertEquals(7_200_000, settings("2 h", "1 h", "30 minutes").blobService().garbageGraceMillis());
    }

    @ParameterizedTest
    @CsvSource({"119 minutes, 1 h, 1 minute, max-upload-time", "119 minutes, 1 minute, 30 minutes, max-clock-difference"})
    void bytesThatAreStillComingInCannotBeGarbage(String grace, String maxUploadTime, String maxClockDifference, String named) {
        SettingsException refused = assertThrows(SettingsException.class, () -> settings(grace, maxUploadTime, maxClockDifference));
        assertTrue(refused.getMessage().contains("lazuli.partition.blob-service.garbage-grace"), refused.getMessage());
        assertTrue(refused.getMessage().contains(named), refused.getMessage());
    }
}
