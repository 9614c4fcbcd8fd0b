package io.lazuli.node;

import io.lazuli.admin.AccountOperations;
import io.lazuli.admin.AccountOperations.AccountPage;
import io.lazuli.admin.AdminException;
import io.lazuli.admin.PartitionView;
import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.partition.table.TableService.RangeInfo;
import io.lazuli.storage.partition.table.TableService.TableListing;
import io.lazuli.storage.store.LeaderBoard;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The ranges of all accounts' tables, asked of the accounts' directories one after the other. Keeps nothing. */
final class TablePartitions implements PartitionView {

    /** Accounts that one page looks at, most of which may have no table. */
    private static final int MAX_ACCOUNTS = 200;
    private static final int MAX_KEY_CHARS = 120;
    private static final int NOT_FOUND = 404;

    private final TableService tables;
    private final AccountOperations accounts;
    private final LeaderBoard leaders;

    TablePartitions(TableService tables, AccountOperations accounts, LeaderBoard leaders) {
        this.tables = tables;
        this.accounts = accounts;
        this.leaders = leaders;
    }

    /** @param marker {@code account/table}, the lower-case name of the table that the page starts with, or empty */
    @Override
    public CompletionStage<PartitionPage> ranges(String marker, int maxTables) {
        int slash = marker.indexOf('/');
        if (!marker.isEmpty() && slash < 0) {
            return CompletableFuture.failedStage(new AdminException(400, "InvalidRequest", "'marker' is none that this API has given"));
        }
        String account = slash < 0 ? "" : marker.substring(0, slash);
        return accounts.list(account, MAX_ACCOUNTS).thenCompose(page -> {
            String table = !page.accounts().isEmpty() && page.accounts().getFirst().name().equals(account) ? marker.substring(slash + 1) : "";
            return new Walk(page, maxTables).from(0, table);
        }).exceptionallyCompose(failure -> CompletableFuture.failedStage(StorageFailures.forAdmin(failure)));
    }

    /** One page: account by account until it has all tables that it may. */
    private final class Walk {

        private final AccountPage page;
        private final List<RangeStatus> found = new ArrayList<>();
        private int room;

        private Walk(AccountPage page, int room) {
            this.page = page;
            this.room = room;
        }

        private CompletionStage<PartitionPage> from(int account, String table) {
            if (account == page.accounts().size()) {
                return CompletableFuture.completedStage(new PartitionPage(found, page.nextMarker().map(next -> next + "/")));
            }
            String name = page.accounts().get(account).name();
            if (room == 0) {
                return CompletableFuture.completedStage(new PartitionPage(found, Optional.of(name + "/" + table)));
            }
            return tables.listTables(name, table, null, room).thenCompose(listing -> ranges(name, listing, 0).thenCompose(done -> {
                room -= listing.names().size();
                return listing.next() == null ? from(account + 1, "") : from(account, listing.next());
            }));
        }

        private CompletionStage<Void> ranges(String account, TableListing listing, int table) {
            if (table == listing.names().size()) {
                return CompletableFuture.completedStage(null);
            }
            String name = listing.names().get(table);
            return rangesOf(account, name).thenCompose(ranges -> {
                ranges.forEach(range -> found.add(status(account, name, range)));
                return ranges(account, listing, table + 1);
            });
        }
    }

    /** None if the table was deleted after it was listed. */
    private CompletionStage<List<RangeInfo>> rangesOf(String account, String table) {
        return tables.ranges(account, table).exceptionallyCompose(failure ->
                Failures.cause(failure) instanceof StorageException storage && storage.error().status() == NOT_FOUND
                        ? CompletableFuture.completedStage(List.of()) : CompletableFuture.failedStage(Failures.cause(failure)));
    }

    private RangeStatus status(String account, String table, RangeInfo range) {
        int group = PartitionId.parse(range.partition()).group();
        return new RangeStatus(
                account, table, range.partition(), readable(range.low()), readable(range.high()), group,
                leaders.leaderOf(group).map(leader -> leader.node().value()), range.state(), range.entities(), range.bytes(),
                range.writesPerSecond(), range.readsPerSecond());
    }

    /** A boundary is a partition key in UTF-8; a long one is cut. */
    private static String readable(byte[] boundary) {
        String text = boundary == null ? "" : new String(boundary, StandardCharsets.UTF_8);
        return text.length() <= MAX_KEY_CHARS ? text : text.substring(0, MAX_KEY_CHARS - 1) + "…";
    }
}
