package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Failures;
import io.lazuli.security.RefusedException;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.AccountRules;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.BlobService.Received;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.NewContent;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.BodyStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What operations that write have in common: bytes taken in, the account's rules, and who may overwrite. */
final class BlobWrites {

    private final BlobService blobs;

    BlobWrites(BlobService blobs) {
        this.blobs = blobs;
    }

    CompletionStage<BlobReply.Done> change(BlobCall call, BlobCommand command) {
        return blobs.change(call.account(), call.container(), command);
    }

    CompletionStage<BlobReply.Done> changeByRules(BlobCall call, Function<AccountRules, BlobCommand> command) {
        return blobs.rules(call.account()).thenCompose(rules -> change(call, command.apply(rules)));
    }

    /**
     * A change that makes a blob or overwrites one, which a signature that may only create must not.
     *
     * @param write with the conditions under which it may be done
     */
    CompletionStage<BlobReply.Done> create(
            BlobCall call, BlobConditions conditions, BiFunction<BlobConditions, AccountRules, CompletionStage<BlobReply.Done>> write) {
        return mayOverwrite(call).thenCompose(may -> blobs.rules(call.account())
                .thenCompose(rules -> write.apply(may ? conditions : Conditions.ifAbsent(conditions), rules))
                .exceptionally(failure -> {
                    Throwable cause = Failures.cause(failure);
                    boolean isThere = cause instanceof StorageException refused && refused.error() == StorageErrorCode.BLOB_ALREADY_EXISTS;
                    throw !may && isThere
                            ? new StorageException(StorageErrorCode.UNAUTHORIZED_BLOB_OVERWRITE) : Failures.unchecked(cause);
                }));
    }

    private CompletionStage<Boolean> mayOverwrite(BlobCall call) {
        return completed(call).thenApply(access -> {
            try {
                access.require(BlobOperation.overwriting(call.blob()));
                return true;
            } catch (RefusedException e) {
                return false;
            }
        });
    }

    private CompletionStage<Access> completed(BlobCall call) {
        return call.access().isComplete()
                ? CompletableFuture.completedStage(call.access())
                : call.access().completed(named -> blobs.container(call.account(), named).thenApply(ContainerState::policies));
    }

    /**
     * Takes in all bytes of a body or of a copy's source, and checks what is said of them.
     *
     * @param whole whether they are all that the blob will hold: then few may travel with the command, and their MD5 is a property of the blob
     */
    CompletionStage<Received> receive(BlobCall call, BodyStream body, boolean whole, BodyDigests digests) {
        boolean md5Wanted = whole || digests.needMd5(call.version());
        return blobs.upload(call.account(), call.container(), call.name(), body.lengthBytes(), whole, md5Wanted)
                .thenCompose(upload -> body.pipeTo(upload::write)
                        .thenCompose(piped -> upload.end())
                        .whenComplete((received, failure) -> {
                            if (failure != null) {
                                upload.abandon();
                            }
                        }))
                .thenApply(received -> {
                    digests.check(received);
                    return received;
                });
    }

    /** What was taken in, as a blob's content. */
    static NewContent content(Received received) {
        return received.content() == null ? new NewContent.Inline(new byte[0]) : received.content();
    }
}
