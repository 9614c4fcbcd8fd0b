package io.lazuli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.partition.queue.QueueService.QueueEntry;
import io.lazuli.storage.partition.queue.QueueService.QueueListing;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.partition.table.TableService.RangeInfo;
import io.lazuli.storage.partition.table.TableService.TableListing;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Storage that knows only which queues, tables and containers there are, by account; what else it is asked is a mistake of the test. */
final class StorageOfNames {

    static final int PURGED_AT_A_TIME = 30;

    final Map<String, SortedSet<String>> queues = new TreeMap<>();
    final Map<String, SortedSet<String>> tables = new TreeMap<>();
    final Map<String, SortedSet<String>> containers = new TreeMap<>();
    /** Softly. */
    final Map<String, SortedSet<String>> deletedContainers = new TreeMap<>();
    final Set<String> leased = new TreeSet<>();
    /** Containers that hold something immutable. */
    final Set<String> immutable = new TreeSet<>();
    final Set<String> vanishing = new TreeSet<>();

    QueueService queueService() {
        return (QueueService) Proxy.newProxyInstance(QueueService.class.getClassLoader(), new Class<?>[] {QueueService.class}, (proxy, method, args) ->
                switch (method.getName()) {
                    case "listQueues" -> {
                        List<String> page = page(queues, (String) args[0], (String) args[2], (int) args[3] + 1);
                        boolean more = page.size() > (int) args[3];
                        yield CompletableFuture.completedFuture(new QueueListing(
                                page.stream().limit((int) args[3]).map(name -> new QueueEntry(name, Map.of())).toList(), more ? page.getLast() : ""));
                    }
                    case "deleteQueue" -> delete(queues, (String) args[0], (String) args[1], StorageErrorCode.QUEUE_NOT_FOUND);
                    case "changeServiceProperties" -> CompletableFuture.completedFuture(null);
                    default -> throw new AssertionError(method);
                });
    }

    TableService tableService() {
        return (TableService) Proxy.newProxyInstance(TableService.class.getClassLoader(), new Class<?>[] {TableService.class}, (proxy, method, args) ->
                switch (method.getName()) {
                    case "listTables" -> {
                        List<String> page = page(tables, (String) args[0], (String) args[1], (int) args[3] + 1);
                        boolean more = page.size() > (int) args[3];
                        yield CompletableFuture.completedFuture(new TableListing(page.stream().limit((int) args[3]).toList(), more ? page.getLast() : null));
                    }
                    case "deleteTable" -> delete(tables, (String) args[0], (String) args[1], StorageErrorCode.TABLE_NOT_FOUND);
                    case "ranges" -> vanishing.contains((String) args[1])
                            ? CompletableFuture.failedFuture(new StorageException(StorageErrorCode.TABLE_NOT_FOUND))
                            : CompletableFuture.completedFuture(List.of(
                                    new RangeInfo("0.t." + args[0] + "-1/1", new byte[0], new byte[] {'k'}, "live", 1, 2, 3, 4),
                                    new RangeInfo("0.t." + args[0] + "-1/2", new byte[] {'k'}, null, "live", 1, 2, 3, 4)));
                    case "changeServiceProperties" -> CompletableFuture.completedFuture(null);
                    default -> throw new AssertionError(method);
                });
    }

    BlobService blobService() {
        return (BlobService) Proxy.newProxyInstance(BlobService.class.getClassLoader(), new Class<?>[] {BlobService.class}, (proxy, method, args) ->
                switch (method.getName()) {
                    case "listContainers" -> {
                        Map<String, SortedSet<String>> listed = (boolean) args[4] ? withDeleted() : containers;
                        List<String> page = page(listed, (String) args[0], args[2] == null ? "" : (String) args[2], (int) args[3] + 1);
                        boolean more = page.size() > (int) args[3];
                        yield CompletableFuture.completedFuture(new BlobService.ContainerListing(
                                page.stream().limit((int) args[3]).map(StorageOfNames::container).toList(), more ? page.getLast() : null));
                    }
                    case "purgeDeletedContainers" -> {
                        assertEquals(Long.MAX_VALUE, args[1]);
                        SortedSet<String> deleted = deletedContainers.getOrDefault((String) args[0], new TreeSet<>());
                        List.copyOf(deleted).stream().limit(PURGED_AT_A_TIME).forEach(deleted::remove);
                        yield CompletableFuture.completedFuture(null);
                    }
                    case "findImmutable" -> CompletableFuture.completedFuture(containers.getOrDefault((String) args[0], new TreeSet<>()).stream()
                            .filter(immutable::contains).findFirst());
                    case "changeContainer" -> change((String) args[0], (String) args[1], (ContainerCommand) args[2]);
                    case "changeServiceProperties" -> CompletableFuture.completedFuture(null);
                    default -> throw new AssertionError(method);
                });
    }

    private Map<String, SortedSet<String>> withDeleted() {
        Map<String, SortedSet<String>> all = new TreeMap<>();
        for (Map<String, SortedSet<String>> some : List.of(containers, deletedContainers)) {
            some.forEach((account, names) -> all.computeIfAbsent(account, name -> new TreeSet<>()).addAll(names));
        }
        return all;
    }

    private CompletableFuture<?> change(String account, String container, ContainerCommand command) {
        if (command instanceof ContainerCommand.Lease) {
            leased.remove(container);
            return CompletableFuture.completedFuture(container(container));
        }
        return leased.contains(container)
                ? CompletableFuture.failedFuture(new StorageException(StorageErrorCode.LEASE_ID_MISSING))
                : delete(containers, account, container, StorageErrorCode.CONTAINER_NOT_FOUND);
    }

    private static ContainerState container(String name) {
        return new ContainerState(name, 1, 0, "", ContainerState.PublicAccess.NONE, Map.of(), List.of(), null, false, 0, 0, null);
    }

    private static List<String> page(Map<String, SortedSet<String>> names, String account, String from, int max) {
        return names.getOrDefault(account, new TreeSet<>()).tailSet(from).stream().limit(max).toList();
    }

    private CompletableFuture<Void> delete(Map<String, SortedSet<String>> names, String account, String name, StorageErrorCode missing) {
        names.get(account).remove(name);
        return vanishing.contains(name) ? CompletableFuture.failedFuture(new StorageException(missing)) : CompletableFuture.completedFuture(null);
    }
}
