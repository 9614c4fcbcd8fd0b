package io.lazuli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.lazuli.fabric.account.AccountKey;
import io.lazuli.host.NodeAgentProtocol;
import io.lazuli.kernel.NodeId;
import io.lazuli.kernel.wire.KryoWireSerializer;
import io.lazuli.kernel.wire.WireException;
import io.lazuli.kernel.wire.WireMessage;
import io.lazuli.kernel.wire.WireRegistry;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every message of every module survives the way to another node, and no other class makes it there. */
class WireRoundTripTest {

    private static final int SAMPLES_PER_CLASS = 40;

    private static ActorTestKit kit;
    private static KryoWireSerializer serializer;
    private static Set<Class<?>> registered;

    private record Unregistered(String text) implements WireMessage {}

    @BeforeAll
    static void start() throws Exception {
        kit = ActorTestKit.create();
        serializer = assertInstanceOf(
                KryoWireSerializer.class, SerializationExtension.get(Adapter.toClassic(kit.system())).serializerFor(Unregistered.class));
        registered = new HashSet<>(WireRegistry.load(WireRoundTripTest.class.getClassLoader()).types().values());
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void everyRegisteredMessageComesBackEqual() {
        long seed = new Random().nextLong();
        System.out.println("everyRegisteredMessageComesBackEqual seed " + seed);
        WireSamples samples = samples(seed);
        assertFalse(registered.isEmpty());
        List<String> differences = new ArrayList<>();
        for (Class<?> type : registered) {
            for (int i = 0; i < SAMPLES_PER_CLASS; i++) {
                Optional<String> difference = roundTripped(samples.of(type));
                if (difference.isPresent()) {
                    differences.add(type.getName() + difference.get());
                    break;
                }
            }
        }
        assertEquals(List.of(), differences);
    }

    /** Random samples may miss a subtype: each permitted and registered one must be able to take its place. */
    @Test
    void sealedComponentsHaveOnlyRegisteredSubtypesThatTravel() {
        WireSamples samples = samples(1);
        List<String> missing = new ArrayList<>();
        for (Class<?> type : registered) {
            if (!type.isRecord()) {
                continue;
            }
            for (RecordComponent component : type.getRecordComponents()) {
                if (component.getType().isSealed()) {
                    for (Class<?> permitted : leaves(component.getType())) {
                        if (!registered.contains(permitted)) {
                            missing.add(permitted.getName() + " as " + component.getName() + " of " + type.getName());
                        } else {
                            assertEquals(Optional.empty(), roundTripped(samples.of(permitted)));
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void everyMessageThatCanTravelIsRegistered() {
        List<String> missing = new ArrayList<>();
        for (JavaClass found : new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.lazuli")) {
            if (found.isAssignableTo(WireMessage.class) && !found.isInterface()) {
                Class<?> type = found.reflect();
                boolean neverLeavesItsNode = NodeAgentProtocol.LocalCommand.class.isAssignableFrom(type);
                if (!neverLeavesItsNode && !registered.contains(type)) {
                    missing.add(type.getName());
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void unregisteredMessageIsRefused() {
        WireException e = assertThrows(WireException.class, () -> serializer.toBinary(new Unregistered("x")));
        assertTrue(e.getMessage().contains(Unregistered.class.getName()), e.getMessage());
    }

    @Test
    void numbersOfModulesKeepToTheirRanges() {
        Map<Integer, String> ranges = Map.of(
                10, "io.lazuli.kernel.", 11, "io.lazuli.storage.", 12, "io.lazuli.storage.", 13, "io.lazuli.host.", 14, "io.lazuli.fabric.",
                15, "io.lazuli.node.", 16, "io.lazuli.storage.");
        WireRegistry.load(WireRoundTripTest.class.getClassLoader()).types().headMap(TestWireCatalog.FIRST_NUMBER).forEach((number, type) ->
                assertTrue(type.getName().startsWith(ranges.get(number / 100)), number + " " + type.getName()));
    }

    private static WireSamples samples(long seed) {
        Map<Class<?>, Function<Random, Object>> known = new HashMap<>();
        known.put(NodeId.class, random -> new NodeId("node-" + random.nextInt(1000)));
        known.put(AccountKey.class, AccountKey::random);
        known.put(PartitionId.class, random -> new PartitionId(
                random.nextInt(PartitionId.MAX_GROUP + 1), PartitionKind.values()[random.nextInt(PartitionKind.values().length)],
                "partition/" + random.nextInt()));
        return new WireSamples(new Random(seed), registered, kit.createTestProbe().getRef(), known);
    }

    private static List<Class<?>> leaves(Class<?> type) {
        if (!type.isSealed()) {
            return List.of(type);
        }
        List<Class<?>> leaves = new ArrayList<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            leaves.addAll(leaves(permitted));
        }
        return leaves;
    }

    private static Optional<String> roundTripped(Object sent) {
        try {
            return DeepEquality.difference(sent, serializer.fromBinaryJava(serializer.toBinary(sent), null));
        } catch (WireException e) {
            return Optional.of(": " + e.getMessage());
        }
    }
}
