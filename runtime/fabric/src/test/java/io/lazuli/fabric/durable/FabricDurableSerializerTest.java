package io.lazuli.fabric.durable;

import static io.lazuli.fabric.Samples.DIGEST;
import static io.lazuli.fabric.Samples.deployed;
import static io.lazuli.fabric.Samples.role;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.fabric.account.AccountBookState;
import io.lazuli.fabric.account.AccountEvent;
import io.lazuli.fabric.account.AccountKey;
import io.lazuli.fabric.controller.DirectoryEvent;
import io.lazuli.fabric.controller.DirectoryState;
import io.lazuli.fabric.deployment.DeploymentEvent;
import io.lazuli.fabric.deployment.DeploymentSnapshot;
import io.lazuli.fabric.deployment.RoleSpec;
import io.lazuli.host.Isolation;
import io.lazuli.host.RoleKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden files are what clouds have on their disks: a test that fails here is mended in the code, never in the file. */
class FabricDurableSerializerTest {

    private final FabricDurableSerializer serializer = new FabricDurableSerializer();

    static Stream<Arguments> records() {
        RoleSpec actor = new RoleSpec("cart", RoleKind.ACTOR, "sample.Cart", Isolation.NODE, 256, 5_000, Map.of("b", "ü \"2\"", "a", "1"), 4);
        AccountKey key1 = new AccountKey("A".repeat(86) + "==");
        AccountKey key2 = new AccountKey("B".repeat(84) + "BA==");
        AccountBookState book = AccountBookState.empty().apply(new AccountEvent.EpochRaised(4))
                .apply(new AccountEvent.Created("shop", key1, key2, 1_700_000_000_006L))
                .apply(new AccountEvent.Created("old", key1, key2, 1_700_000_000_007L))
                .apply(new AccountEvent.DeletionRequested("old", 1_700_000_000_008L));
        return Stream.of(
                Arguments.of("account-created/1", new AccountEvent.Created("shop", key1, key2, 1_700_000_000_006L)),
                Arguments.of("account-key-rolled/1", new AccountEvent.KeyRolled("shop", 2, key1, 1_700_000_000_009L)),
                Arguments.of("account-deletion-requested/1", new AccountEvent.DeletionRequested("old", 1_700_000_000_008L)),
                Arguments.of("account-deletion-refused/1", new AccountEvent.DeletionRefused("old", 1_700_000_000_009L)),
                Arguments.of("account-gone/1", new AccountEvent.Gone("old", 1_700_000_000_010L)),
                Arguments.of("account-epoch-raised/1", new AccountEvent.EpochRaised(4)),
                Arguments.of("accounts/1", book),
                Arguments.of("deployed/1", new DeploymentEvent.Deployed("request-1", DIGEST, List.of(role("counter", 3), actor), 1_700_000_000_000L)),
                Arguments.of("scaled/1", new DeploymentEvent.Scaled(Map.of("counter", 5, "cart", 0), 1_700_000_000_001L)),
                Arguments.of("instance-restarted/1", new DeploymentEvent.InstanceRestarted("counter", 2, 1_700_000_000_002L)),
                Arguments.of("removal-requested/1", new DeploymentEvent.RemovalRequested(1_700_000_000_003L)),
                Arguments.of("removed/1", new DeploymentEvent.Removed(1_700_000_000_004L)),
                Arguments.of("deployment/1", new DeploymentSnapshot(deployed("words", role("counter", 3))
                        .apply(new DeploymentEvent.InstanceRestarted("counter", 2, 1_700_000_000_002L)))),
                Arguments.of("epoch-raised/1", new DirectoryEvent.EpochRaised(7)),
                Arguments.of("name-registered/1", new DirectoryEvent.NameRegistered("words", DIGEST, 3, 1_700_000_000_005L)),
                Arguments.of("name-forgotten/1", new DirectoryEvent.NameForgotten("words", 3)),
                Arguments.of("directory/1", new DirectoryState(7, 3, Map.of(
                        "words", new DirectoryState.Entry(DIGEST, 3, 1_700_000_000_005L), "shop", new DirectoryState.Entry(DIGEST, 2, 1_600_000_000_000L)))));
    }

    @ParameterizedTest
    @MethodSource("records")
    void writesWhatTheGoldenFileHolds(String manifest, DurableRecord record) throws IOException {
        assertEquals(manifest, serializer.manifest(record));
        assertEquals(golden(manifest), new String(serializer.toBinary(record), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("records")
    void readsWhatTheGoldenFileHolds(String manifest, DurableRecord record) throws IOException {
        assertEquals(record, serializer.fromBinary(golden(manifest).getBytes(StandardCharsets.UTF_8), manifest));
    }

    @Test
    void whatItDoesNotKnowIsAnErrorAndNotAGuess() {
        byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> serializer.fromBinary(empty, "deployed/2")).getMessage().contains("deployed/2"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> serializer.fromBinary(empty, "removed/1")).getMessage().contains("atMillis"));
        assertThrows(IllegalArgumentException.class, () -> serializer.fromBinary("[]".getBytes(StandardCharsets.UTF_8), "removed/1"));
        assertThrows(IllegalArgumentException.class, () -> serializer.toBinary("a string"));
    }

    @Test
    void itsIdentifierNeverChanges() {
        assertEquals(1_400_001, serializer.identifier());
    }

    private static String golden(String manifest) throws IOException {
        String file = "/durable/" + manifest.replace('/', '-') + ".json";
        try (InputStream in = FabricDurableSerializerTest.class.getResourceAsStream(file)) {
            assertNotNull(in, file);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
