package io.lazuli.storage.store;

import com.typesafe.config.ConfigFactory;

/** The default settings, with short intervals where a test waits for them. */
final class TestSettings {

    private TestSettings() {}

    static StoreSettings of(String overrides) {
        return StoreSettings.of(ConfigFactory.parseString(overrides)
                .withFallback(ConfigFactory.parseString(
                        "lazuli.store { block-cache = 8 MiB, write-buffers = 16 MiB, announce-interval = 200 ms, keep-interval = 100 ms }"))
                .withFallback(ConfigFactory.parseResources("reference.conf"))
                .resolve());
    }

    static StoreSettings defaults() {
        return of("");
    }
}
