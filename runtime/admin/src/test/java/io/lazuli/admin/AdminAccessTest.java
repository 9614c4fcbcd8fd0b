package io.lazuli.admin;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.SettingsException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdminAccessTest {

    @Test
    void inDevelopmentTheApiIsBoundToLoopbackOnly() {
        assertDoesNotThrow(() -> AdminAccess.checkBinding(settings("development", ""), "127.0.0.1"));
        assertDoesNotThrow(() -> AdminAccess.checkBinding(settings("development", ""), "localhost"));
        assertDoesNotThrow(() -> AdminAccess.checkBinding(settings("development", ""), "::1"));
        for (String host : new String[] {"0.0.0.0", "10.1.2.3", "::"}) {
            SettingsException refused = assertThrows(
                    SettingsException.class, () -> AdminAccess.checkBinding(settings("development", "a-long-enough-token"), host));
            assertTrue(refused.getMessage().contains("loopback"), refused.getMessage());
        }
    }

    @Test
    void whereOtherMachinesCanReachItATokenIsRequired() {
        SettingsException refused =
                assertThrows(SettingsException.class, () -> AdminAccess.checkBinding(settings("production", ""), "10.1.2.3"));
        assertEquals("lazuli.admin.token", refused.key());
        assertDoesNotThrow(() -> AdminAccess.checkBinding(settings("production", "a-long-enough-token"), "10.1.2.3"));
        assertDoesNotThrow(() -> AdminAccess.checkBinding(settings("production", ""), "127.0.0.1"));
    }

    @Test
    void aShortTokenIsRefused() {
        assertEquals("lazuli.admin.token", assertThrows(SettingsException.class, () -> settings("production", "short")).key());
    }

    private static AdminSettings settings(String mode, String token) {
        Config given = ConfigFactory.parseMap(Map.of("lazuli.mode", mode, "lazuli.admin.token", token));
        return AdminSettings.of(given.withFallback(ConfigFactory.load()));
    }
}
