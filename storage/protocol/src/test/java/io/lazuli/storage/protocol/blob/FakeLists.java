package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobService.BlobListing;
import io.lazuli.storage.partition.blob.BlobService.BlobQuery;
import io.lazuli.storage.partition.blob.BlobService.Include;
import io.lazuli.storage.partition.blob.BlobState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Lists of a container's blobs as the interface promises them, from all its rows. */
final class FakeLists {

    private FakeLists() {}

    static BlobListing list(FakeBlobRows rows, BlobQuery query, int maxPageEntries) {
        int max = Math.min(query.maxResults(), maxPageEntries);
        List<BlobListing.Item> items = new ArrayList<>();
        String from = query.marker() != null ? query.marker() : query.startFrom() == null ? "" : query.startFrom();
        TreeSet<String> names = new TreeSet<>();
        rows.states().forEach(state -> names.add(state.name()));
        String leapt = null;
        for (String name : names.tailSet(from, true)) {
            if (!name.startsWith(query.prefix()) || leapt != null && name.startsWith(leapt)) {
                continue;
            }
            List<BlobListing.Item> next = items(name, rows.states(name), query);
            if (!next.isEmpty() && !items.isEmpty() && items.size() + next.size() > max) {
                return new BlobListing(items, name);
            }
            items.addAll(next);
            leapt = next.isEmpty() ? leapt : next.getFirst().prefix();
        }
        return new BlobListing(items, null);
    }

    private static List<BlobListing.Item> items(String name, List<BlobState> states, BlobQuery query) {
        List<BlobListing.Item> wanted =
                states.stream().filter(state -> isListed(state, query.include())).map(state -> new BlobListing.Item(state, null)).toList();
        boolean current = states.stream().anyMatch(state -> FakeBlobRows.isCurrent(state) && state.exists());
        if (wanted.isEmpty() && !current && query.include().deletedWithVersions()) {
            wanted = states.stream().filter(state -> state.versionTicks() != 0 && state.exists()).reduce((first, second) -> second)
                    .map(state -> List.of(new BlobListing.Item(state, null, true))).orElse(List.of());
        }
        int end = query.delimiter() == null ? -1 : name.indexOf(query.delimiter(), query.prefix().length());
        return wanted.isEmpty() || end < 0 ? wanted : List.of(new BlobListing.Item(null, name.substring(0, end + query.delimiter().length())));
    }

    private static boolean isListed(BlobState state, Include include) {
        if (!state.hasContent()) {
            return include.uncommitted() && state.content() instanceof BlobContent.Uncommitted;
        }
        return (state.deleted() == null || include.deleted())
                && (state.snapshotTicks() == 0 || include.snapshots())
                && (FakeBlobRows.isCurrent(state) || state.snapshotTicks() != 0 || include.versions());
    }
}
