package io.lazuli.storage.partition.blob.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.PartitionId;
import io.lazuli.storage.model.PartitionKind;
import io.lazuli.storage.partition.blob.NewContent;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The bytes of a container whose ranges are in several groups are in these groups, too. */
class UploadGroupTest {

    private static final byte[] SPLIT = BlobKeys.ofBlob("m");

    /** Two ranges: names before "m" in group 1, all others in group 2. */
    private static final ContainerRanges RANGES = new ContainerRanges() {
        @Override
        public <T> CompletionStage<T> on(byte[] key, Attempt<T> attempt) {
            boolean lower = Arrays.compareUnsigned(key, SPLIT) < 0;
            PartitionId range = new PartitionId(lower ? 1 : 2, PartitionKind.BLOB_RANGE, lower ? "a-1/1" : "a-1/2");
            return attempt.apply(new Place(range, lower ? SPLIT : new byte[0]), Duration.ofSeconds(1)).thenApply(found -> found.orElseThrow());
        }

        @Override
        public <T> CompletionStage<T> onMarked(byte[] key, Attempt<T> attempt) {
            return on(key, attempt);
        }
    };

    private static final ContainerDirectory DIRECTORY = (ContainerDirectory) Proxy.newProxyInstance(
            ContainerDirectory.class.getClassLoader(), new Class<?>[] {ContainerDirectory.class}, (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    private final PartitionedBlobService service = new PartitionedBlobService(
            new PartitionedBlobService.Needs(DIRECTORY, (account, container) -> RANGES, null, null, new MemoryChunks(), null, null, (range, rows) -> { },
                    Runnable::run, Runnable::run, Clock.system()),
            new BlobServiceSettings(10, 1_000, 1, 86_400_000, 1, 1_000, 1_000));

    @Test
    void bytesGoToTheGroupOfTheRangeThatHoldsTheBlobsName() {
        assertEquals(1, groupOf("a"));
        assertEquals(1, groupOf("lzzz"));
        assertEquals(2, groupOf("m"));
        assertEquals(2, groupOf("z/y/x"));
    }

    private int groupOf(String blob) {
        var upload = service.upload("a", "c", blob, 3, false, false).toCompletableFuture().join();
        CompletionStage<Void> room = upload.write(ByteBuffer.wrap(new byte[3]));
        if (room != null) {
            room.toCompletableFuture().join();
        }
        return assertInstanceOf(NewContent.Stored.class, upload.end().toCompletableFuture().join().content()).run().group();
    }
}
