package io.lazuli.storage.partition.blob.service;

import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobRowKey;
import io.lazuli.storage.partition.blob.BlobRows;
import io.lazuli.storage.partition.blob.BlobService.BlobListing;
import io.lazuli.storage.partition.blob.BlobService.BlobListing.Item;
import io.lazuli.storage.partition.blob.BlobService.BlobQuery;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.store.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One page of a list of blobs, made of pages of index rows: says where to read next, takes what was read, until the list is full, at its
 * end, or has read as much as one answer may. It leaps over what cannot be listed: behind a prefix once that is listed, behind the rows of a
 * blob that hold its blocks and pages. Of a blob the snapshots come first, then the former versions, oldest first, then the current state, as
 * the service lists them.
 *
 * <p>A list that is to go on names the row to read next; in the midst of a blob's rows its current state, which comes last, is read again.
 */
final class ListingScan {

    /** Rows of a page where many will be leapt over, and of those after it while nothing is. */
    private static final int FIRST_PAGE_ROWS = 16;
    private static final int MAX_PAGE_ROWS = 5_000;
    private static final int PAGE_GROWTH = 4;
    /** Then a list is answered as it is, to be gone on with. */
    private static final int MAX_ROWS_READ = 100_000;
    private static final int MAX_PAGES_READ = 1_500;

    private final BlobQuery query;
    private final byte[] end;
    private final List<Item> items = new ArrayList<>();
    /** Where to read on; null when all is read. */
    private byte[] next;
    private int pageRows;
    private int pagesRead;
    private int rowsRead;
    private boolean leaptOverPrefix;
    /** Where the next answer begins, once this one is over. */
    private byte[] goOnAt;

    /** The blob whose rows are being read, null between two. */
    private String blob;
    private BlobState current;
    private BlobState newestVersion;

    ListingScan(BlobQuery query) {
        this.query = query;
        end = BlobKeys.behindPrefix(query.prefix());
        byte[] from = BlobRows.from(query.prefix());
        if (query.startFrom() != null) {
            from = BlobKeys.later(from, BlobRows.from(query.startFrom()));
        }
        if (query.marker() != null) {
            from = BlobKeys.later(from, BlobKeys.ofMarker(query.marker()));
        }
        next = Arrays.compareUnsigned(from, end) < 0 ? from : null;
        pageRows = query.delimiter() == null ? Math.min(MAX_PAGE_ROWS, query.maxResults() + 1) : FIRST_PAGE_ROWS;
    }

    boolean isOver() {
        return next == null || goOnAt != null;
    }

    /** The key of the first row to be read next. */
    byte[] from() {
        return next;
    }

    /** The key behind the last one. */
    byte[] end() {
        return end;
    }

    int pageRows() {
        return pageRows;
    }

    /** The blob in the midst of whose rows the reading begins: its current state has to be read besides. */
    Optional<String> begunBlob() {
        if (blob != null || !hasName(next) || BlobRows.isCurrent(next)) {
            return Optional.empty();
        }
        return Optional.of(BlobRows.nameOf(next));
    }

    private static boolean hasName(byte[] key) {
        for (byte b : key) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }

    /** @param state of {@link #begunBlob}, null if there is none */
    void begin(String begun, BlobState state) {
        blob = begun;
        current = state;
    }

    /** @param behind where the rows go on behind these; null if these are the last */
    void read(List<Row> rows, byte[] behind) {
        pagesRead++;
        rowsRead += rows.size();
        byte[] leap = null;
        for (Row row : rows) {
            if (leap != null && Arrays.compareUnsigned(row.key(), leap) < 0) {
                continue;
            }
            leaptOverPrefix = false;
            leap = take(row);
            if (goOnAt != null) {
                return;
            }
        }
        boolean leapt = leap != null && (behind == null || Arrays.compareUnsigned(leap, behind) > 0);
        next = behind == null ? null : leapt ? leap : behind;
        if (next != null && Arrays.compareUnsigned(next, end) >= 0) {
            next = null;
        }
        if (next == null) {
            endBlob();
        } else if (pagesRead >= MAX_PAGES_READ || rowsRead >= MAX_ROWS_READ) {
            goOnAt = next;
        }
        pageRows = leapt && leaptOverPrefix ? FIRST_PAGE_ROWS : Math.min(MAX_PAGE_ROWS, pageRows * PAGE_GROWTH);
    }

    /** Returns where the rows go on that matter; null for the next one. */
    private byte[] take(Row row) {
        BlobRowKey key = BlobRows.parse(row.key());
        if (!key.blob().equals(blob)) {
            endBlob();
            if (goOnAt != null) {
                return null;
            }
            blob = key.blob();
        }
        switch (key) {
            case BlobRowKey.Current found -> {
                BlobState state = BlobRows.state(row.key(), row.value());
                current = state;
                if (wanted(state) && isInPrefix()) {
                    return prefix(row.key());
                }
                return formerWanted() ? null : leaveBlob();
            }
            case BlobRowKey.Snapshot snapshot -> {
                return query.include().snapshots() ? former(row) : BlobRows.versionKey(blob, 0);
            }
            case BlobRowKey.Version version -> {
                if (query.include().versions()) {
                    return former(row);
                }
                if (!needsVersion()) {
                    return leaveBlob();
                }
                BlobState state = BlobRows.state(row.key(), row.value());
                if (state.deleted() != null) {
                    return null;
                }
                if (isInPrefix()) {
                    return prefix(row.key());
                }
                newestVersion = state;
                return null;
            }
            case BlobRowKey.Segment other -> {
                return leaveBlob();
            }
            case BlobRowKey.Pages other -> {
                return leaveBlob();
            }
            case BlobRowKey.Uncommitted other -> {
                return leaveBlob();
            }
            case BlobRowKey.UncommittedBlock other -> {
                return leaveBlob();
            }
            case BlobRowKey.InlineBytes other -> throw new IllegalStateException("bytes among the index of blobs");
        }
    }

    /** A snapshot or version that may be listed. */
    private byte[] former(Row row) {
        BlobState state = BlobRows.state(row.key(), row.value());
        if (state.deleted() != null && !query.include().deleted()) {
            return null;
        }
        if (isInPrefix()) {
            return prefix(row.key());
        }
        add(new Item(state, null), row.key());
        return null;
    }

    private boolean wanted(BlobState state) {
        return switch (state.content()) {
            case BlobContent.Absent absent -> false;
            case BlobContent.Uncommitted uncommitted -> query.include().uncommitted();
            case BlobContent.Inline some -> state.deleted() == null || query.include().deleted();
            case BlobContent.Blocks some -> state.deleted() == null || query.include().deleted();
            case BlobContent.Pages some -> state.deleted() == null || query.include().deleted();
        };
    }

    private boolean formerWanted() {
        return query.include().snapshots() || query.include().versions() || needsVersion();
    }

    /** Whether the blob is listed for its versions' sake. */
    private boolean needsVersion() {
        return query.include().deletedWithVersions() && !query.include().versions() && (current == null || !current.exists());
    }

    private boolean isInPrefix() {
        return query.delimiter() != null && blob.indexOf(query.delimiter(), query.prefix().length()) >= 0;
    }

    /** Lists the prefix that the blob is in, instead of the blob. Returns where others begin. */
    private byte[] prefix(byte[] rowKey) {
        String delimiter = query.delimiter();
        String prefix = blob.substring(0, blob.indexOf(delimiter, query.prefix().length()) + delimiter.length());
        add(new Item(null, prefix), rowKey);
        forgetBlob();
        leaptOverPrefix = true;
        return BlobKeys.behindPrefix(prefix);
    }

    private byte[] leaveBlob() {
        String left = blob;
        endBlob();
        return BlobRows.behind(left);
    }

    /** All rows of the blob that matter are read: its current state is listed. */
    private void endBlob() {
        if (blob == null) {
            return;
        }
        byte[] again = query.include().versions() ? BlobRows.behindStates(blob) : BlobRows.versionKey(blob, 0);
        if (current != null && wanted(current)) {
            add(new Item(current, null), again);
        } else if (newestVersion != null) {
            add(new Item(newestVersion, null, true), again);
        }
        forgetBlob();
    }

    private void forgetBlob() {
        blob = null;
        current = null;
        newestVersion = null;
    }

    /** @param again where to go on if the list is full */
    private void add(Item item, byte[] again) {
        if (items.size() == query.maxResults()) {
            goOnAt = again;
        } else if (goOnAt == null) {
            items.add(item);
        }
    }

    BlobListing listing() {
        return new BlobListing(List.copyOf(items), goOnAt == null ? null : BlobKeys.marker(goOnAt));
    }
}
