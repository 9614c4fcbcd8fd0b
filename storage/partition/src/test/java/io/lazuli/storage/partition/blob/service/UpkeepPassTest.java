package io.lazuli.storage.partition.blob.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.kernel.Clock;
import io.lazuli.kernel.NodeId;
import io.lazuli.storage.chunk.ChunkNodeStatus;
import io.lazuli.storage.chunk.ChunkUpkeep;
import io.lazuli.storage.chunk.NamedRuns;
import io.lazuli.storage.chunk.SweepReport;
import io.lazuli.storage.partition.ServiceProperties;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a pass over all blobs has anything dropped, and when it must not. Its accounts have no containers. */
class UpkeepPassTest {

    private static final long GRACE_MILLIS = TimeUnit.DAYS.toMillis(1);

    private final List<String> accounts = new ArrayList<>(List.of("a", "b"));
    private final List<Long> sweptBefore = new ArrayList<>();
    private final RunFilters filters = new RunFilters(() -> 1);
    private RuntimeException listingFails;
    private long epochMillis = TimeUnit.DAYS.toMillis(20_000);
    private long nanos;
    private Runnable whileListing = () -> { };

    @Test
    void whatTwoPassesHaveNotSeenIsDroppedIfItIsOlderThanTheGraceTime() {
        assertTrue(pass().complete());
        assertEquals(List.of(), sweptBefore);
        assertTrue(pass().complete());
        assertEquals(List.of(epochMillis - GRACE_MILLIS), sweptBefore);
    }

    @Test
    void nothingIsDroppedIfItIsNotKnownWhoseContainersThereAre() {
        pass();
        listingFails = new IllegalStateException("no leader");
        assertFalse(pass().complete());
        assertEquals(List.of(), sweptBefore);
    }

    @Test
    void nothingIsDroppedWhereThereIsNoDirectoryAtAll() {
        accounts.clear();
        for (int i = 0; i < 3; i++) {
            assertTrue(pass().complete());
        }
        assertEquals(List.of(), sweptBefore);
    }

    @Test
    void nothingIsDroppedIfTheClockIsSetMeanwhile() {
        pass();
        for (long step : new long[] {TimeUnit.HOURS.toMillis(20), -TimeUnit.HOURS.toMillis(20)}) {
            whileListing = () -> epochMillis += step;
            assertFalse(pass().complete());
        }
        whileListing = () -> {
            epochMillis += TimeUnit.HOURS.toMillis(20);
            nanos += TimeUnit.HOURS.toNanos(20);
        };
        long begun = epochMillis;
        assertTrue(pass().complete(), "it merely took long");
        assertEquals(List.of(begun - GRACE_MILLIS), sweptBefore);
    }

    private UpkeepReport pass() {
        UpkeepPass.Needs needs = new UpkeepPass.Needs(
                new Numbers(), directory(), null, null, null, new Sweeping(), Runnable::run, clock(), GRACE_MILLIS);
        UpkeepSettings settings = new UpkeepSettings(1_000, 1_000_000, 100, 1_000, 1_000);
        return new UpkeepPass(needs, settings, filters, () -> false).make(0).toCompletableFuture().join();
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public long epochMillis() {
                return epochMillis;
            }

            @Override
            public long nanos() {
                return nanos;
            }
        };
    }

    private static ContainerDirectory directory() {
        return (ContainerDirectory) Proxy.newProxyInstance(
                ContainerDirectory.class.getClassLoader(), new Class<?>[] {ContainerDirectory.class},
                (proxy, method, arguments) -> CompletableFuture.completedStage(
                        method.getName().equals("properties") ? ServiceProperties.initial() : null));
    }

    private final class Numbers implements ContainerNumbers {

        /** One at a time. */
        @Override
        public CompletionStage<List<String>> accounts(String account) {
            if (listingFails != null) {
                return CompletableFuture.failedStage(listingFails);
            }
            if (account.equals("a")) {
                whileListing.run();
            }
            return CompletableFuture.completedStage(accounts.stream().filter(name -> name.compareTo(account) > 0).limit(1).toList());
        }

        @Override
        public CompletionStage<Optional<Long>> above(String account, long number) {
            return CompletableFuture.completedStage(Optional.empty());
        }

        @Override
        public ContainerRanges ranges(String account, long number) {
            throw new AssertionError("there are no containers");
        }
    }

    private final class Sweeping implements ChunkUpkeep {

        @Override
        public CompletionStage<SweepReport> sweep(NamedRuns named, long begunBeforeMillis) {
            sweptBefore.add(begunBeforeMillis);
            return CompletableFuture.completedStage(new SweepReport(0, 0, new TreeSet<>()));
        }

        @Override
        public CompletionStage<SortedMap<NodeId, Optional<ChunkNodeStatus>>> status() {
            return CompletableFuture.completedStage(new TreeMap<>());
        }
    }
}
