package io.lazuli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.SettingsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostSettingsTest {

    private static final Config DEFAULTS = ConfigFactory.load();

    @Test
    void theDefaultsAreGood() {
        HostSettings settings = HostSettings.of(DEFAULTS);
        assertEquals(new HostSettings.RestartSettings(1_000, 60_000, 30_000, 5), settings.restart());
        assertEquals(4 << 20, settings.logMaxBytes());
    }

    @ParameterizedTest
    @CsvSource({
        "max-instances, 0", "report-delay, 1h", "restart.min-backoff, 1ms", "restart.max-backoff, 10ms", "restart.reset-after, 0s",
        "restart.failed-after, 0", "interrupt-after, 1h", "log.max-bytes, 1", "role-host.start-timeout, 0s",
        "role-host.heartbeat-interval, 1ms", "role-host.heartbeat-timeout, 1s", "queue.retry-for, 1h", "queue.min-backoff, 0s",
        "queue.max-backoff, 1ms", "queue.request-timeout, 1ms"})
    void aValueOutOfItsRangeStopsTheStart(String key, String value) {
        Config wrong = ConfigFactory.parseString("lazuli.host." + key + " = " + value).withFallback(DEFAULTS);
        assertEquals("lazuli.host." + key, assertThrows(SettingsException.class, () -> HostSettings.of(wrong)).key());
    }
}
