package io.lazuli.storage.partition.blob.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.MemoryRowStore;
import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobService.BlobListing;
import io.lazuli.storage.partition.blob.BlobService.BlobQuery;
import io.lazuli.storage.partition.blob.BlobService.Include;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.TagExpressions;
import io.lazuli.storage.store.RowOp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Lists of blobs say what a list made of all states in order would, however they are cut into pages and ranges. */
class BlobListsTest {

    private static final ExecutorService THREADS = Executors.newFixedThreadPool(2);
    private static final Include NOTHING = new Include(false, false, false, false);
    private static final String[] PARTS = {"a", "b", "é", "z", "\u0001", "/", "//", "𝄞", "ab"};

    @AfterAll
    static void stop() {
        THREADS.shutdownNow();
    }

    private final MemoryRowStore store = new MemoryRowStore();
    private final BlobLists lists = new BlobLists(new BlobReads(store, (range, rows) -> { }, THREADS));

    /** One blob's states in the order in which they are listed; the current one last, null if there is none. */
    private record Model(List<BlobState> former, BlobState current) {}

    @Test
    void listsAreThoseOfANaiveModel() {
        for (int round = 0; round < 30; round++) {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            TreeMap<String, Model> model = new TreeMap<>((a, b) -> Arrays.compareUnsigned(
                    a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
            List<String> names = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(60); i++) {
                StringBuilder name = new StringBuilder();
                for (int part = 0; part < 1 + random.nextInt(5); part++) {
                    name.append(PARTS[random.nextInt(PARTS.length)]);
                }
                names.add(name.toString());
            }
            List<String> cuts = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                cuts.add(names.get(random.nextInt(names.size())));
            }
            RowsOfBlobs container = new RowsOfBlobs(store, "a-" + round, cuts.stream().distinct().toList());
            names.stream().distinct().forEach(name -> model.put(name, randomBlob(container, name, random)));
            for (int i = 0; i < 20; i++) {
                Include include = new Include(
                        random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), random.nextInt(3) == 0);
                String delimiter = random.nextBoolean() ? null : random.nextInt(4) == 0 ? "//" : "/";
                String prefix = random.nextBoolean() ? "" : PARTS[random.nextInt(PARTS.length)];
                String startFrom = random.nextInt(4) == 0 ? PARTS[random.nextInt(PARTS.length)] : null;
                BlobQuery query = new BlobQuery(prefix, delimiter, null, startFrom, 1 + random.nextInt(8), include);
                assertEquals(brief(expected(model, query)), brief(listed(container, query)), query + ", seed " + seed);
            }
        }
    }

    private static Model randomBlob(RowsOfBlobs container, String name, Random random) {
        BlobContent bytes = new BlobContent.Inline(1, 5);
        BlobState.Deleted deleted = new BlobState.Deleted(1, 1);
        BlobContent[] contents = {bytes, bytes, bytes, new BlobContent.Uncommitted(), new BlobContent.Absent()};
        BlobState base = RowsOfBlobs.state(name, 1, contents[random.nextInt(contents.length)]);
        boolean hasBytes = base.hasContent();
        BlobState current = RowsOfBlobs.as(base, 0, 0, false, hasBytes && random.nextInt(4) == 0 ? deleted : null);
        container.put(current);
        List<BlobState> former = new ArrayList<>();
        BlobState whole = RowsOfBlobs.state(name, 1, bytes);
        for (int i = random.nextInt(4); i > 0; i--) {
            former.add(RowsOfBlobs.as(whole, 100 - i, 0, false, random.nextInt(3) == 0 ? deleted : null));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            former.add(RowsOfBlobs.as(whole, 0, 200 - i, false, random.nextInt(3) == 0 ? deleted : null));
        }
        former.forEach(container::put);
        for (int i = random.nextInt(3) == 0 ? random.nextInt(40) : 0; i > 0; i--) {
            container.put(BlobRows.uncommittedBlockKey(name, 1, new byte[] {(byte) i}), new byte[] {1});
        }
        return new Model(former, current);
    }

    private static List<BlobListing.Item> expected(TreeMap<String, Model> model, BlobQuery query) {
        List<BlobListing.Item> items = new ArrayList<>();
        Include include = query.include();
        model.forEach((name, blob) -> {
            if (!name.startsWith(query.prefix()) || query.startFrom() != null && Arrays.compareUnsigned(
                    name.getBytes(StandardCharsets.UTF_8), query.startFrom().getBytes(StandardCharsets.UTF_8)) < 0) {
                return;
            }
            List<BlobListing.Item> found = new ArrayList<>();
            BlobState newest = null;
            for (BlobState state : blob.former()) {
                boolean wanted = state.snapshotTicks() != 0 ? include.snapshots() : include.versions();
                if (wanted && (state.deleted() == null || include.deleted())) {
                    found.add(new BlobListing.Item(state, null));
                }
                newest = state.versionTicks() != 0 && state.deleted() == null ? state : newest;
            }
            boolean listed = switch (blob.current().content()) {
                case BlobContent.Absent absent -> false;
                case BlobContent.Uncommitted uncommitted -> include.uncommitted();
                default -> blob.current().deleted() == null || include.deleted();
            };
            if (listed) {
                found.add(new BlobListing.Item(blob.current(), null));
            } else if (include.deletedWithVersions() && !include.versions() && newest != null) {
                found.add(new BlobListing.Item(newest, null, true));
            }
            int at = query.delimiter() == null ? -1 : name.indexOf(query.delimiter(), query.prefix().length());
            if (at >= 0 && !found.isEmpty()) {
                BlobListing.Item prefix = new BlobListing.Item(null, name.substring(0, at + query.delimiter().length()));
                if (items.isEmpty() || !items.getLast().equals(prefix)) {
                    items.add(prefix);
                }
            } else {
                items.addAll(found);
            }
        });
        return items;
    }

    /** What tells items of a test apart. */
    private static List<String> brief(List<BlobListing.Item> items) {
        return items.stream().map(item -> item.state() == null
                ? item.prefix() + " .."
                : item.state().name() + " " + item.state().snapshotTicks() + " " + item.state().versionTicks() + " " + item.versionsOnly()
                        + " " + item.state().content()).toList();
    }

    private List<BlobListing.Item> listed(RowsOfBlobs container, BlobQuery query) {
        List<BlobListing.Item> items = new ArrayList<>();
        String marker = null;
        do {
            BlobListing page = now(lists.list(container, new BlobQuery(
                    query.prefix(), query.delimiter(), marker, query.startFrom(), query.maxResults(), query.include())));
            assertTrue(page.items().size() <= query.maxResults());
            items.addAll(page.items());
            marker = page.next();
        } while (marker != null);
        return items;
    }

    @Test
    void markersThatNoListGaveAreRefused() {
        RowsOfBlobs container = new RowsOfBlobs(store, "m-1", List.of());
        for (String marker : List.of("?", "a b", "x".repeat(10_000))) {
            assertThrows(StorageException.class, () -> lists.list(container, new BlobQuery("", null, marker, null, 10, NOTHING)));
        }
        assertEquals(List.of(), now(lists.list(container, new BlobQuery("", null, "AAAA", null, 10, NOTHING))).items());
    }

    @Test
    void directoriesOfManyBlobsAreLeaptOver() {
        RowsOfBlobs container = new RowsOfBlobs(store, "b-1", List.of());
        List<RowOp.Put> rows = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            BlobState state = RowsOfBlobs.state("d%d/f%06d".formatted(i / 5_000, i), 1, new BlobContent.Inline(1, 5));
            rows.add(new RowOp.Put(BlobRows.currentKey(state.name()), BlobRows.stateValue(state)));
        }
        container.putAll(rows);
        int before = store.reads();
        BlobListing listing = now(lists.list(container, new BlobQuery("", "/", null, null, 100, NOTHING)));
        assertEquals(10, listing.items().size());
        // One for each directory and the last to find the end; rows and header count for themselves.
        assertTrue(store.reads() - before <= 2 * 11, "reads: " + (store.reads() - before));
        assertEquals(5_000, listed(container, new BlobQuery("d7/", "/", null, null, 5_000, NOTHING)).size());
    }

    @Test
    void searchesFindTaggedBlobsAndGoOnWhereTheyEnded() {
        RowsOfBlobs container = new RowsOfBlobs(store, "t-1", List.of("n030"));
        for (int i = 0; i < 60; i++) {
            BlobState state = RowsOfBlobs.state("n%03d".formatted(i), 1, new BlobContent.Inline(1, 5));
            container.put(RowsOfBlobs.tagged(state, i % 3 == 0 ? Map.of("k", "yes") : Map.of()));
        }
        List<String> found = new ArrayList<>();
        byte[] from = BlobRows.from("");
        while (from != null) {
            BlobLists.TagPage page = now(lists.search(container, from, TagExpressions.ofSearch("\"k\" = 'yes'"), 7, 10));
            assertTrue(page.blobs().size() <= 7);
            page.blobs().forEach(blob -> found.add(blob.name()));
            from = page.next();
        }
        assertEquals(20, found.size());
        assertEquals(found.stream().sorted().distinct().toList(), found);
    }

    private static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
