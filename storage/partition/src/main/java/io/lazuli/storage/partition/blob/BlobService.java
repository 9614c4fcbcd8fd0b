package io.lazuli.storage.partition.blob;

import io.lazuli.storage.chunk.ChunkBuffer;
import io.lazuli.storage.partition.ServiceProperties;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * The blob service as its front ends see it. Arguments are already validated against the protocol; the caller has authenticated. Fails with
 * {@link io.lazuli.storage.model.StorageException}. A reply to a change means that the change is durable on a majority; a read is
 * linearizable (a page of a list for itself). Any thread; callbacks come on any thread.
 */
public interface BlobService {

    // The account's service

    CompletionStage<ServiceProperties> getServiceProperties(String account);

    /**
     * Has them changed as they are: {@code change} is asked again if they have been changed meanwhile, so of several changes none is lost. Completes
     * with what is kept; ServerBusy if others were always quicker.
     */
    CompletionStage<ServiceProperties> changeServiceProperties(String account, UnaryOperator<ServiceProperties> change);

    /** As known here, at most some seconds old. */
    CompletionStage<AccountRules> rules(String account);

    // Containers

    /** By name; {@code prefix} may be empty; {@code marker} is the first name wanted or null. */
    CompletionStage<ContainerListing> listContainers(String account, String prefix, String marker, int maxResults, boolean withDeleted);

    /** The container, if it is there; ContainerNotFound otherwise. */
    CompletionStage<ContainerState> container(String account, String container);

    CompletionStage<ContainerState> changeContainer(String account, String container, ContainerCommand command);

    /** Under {@code newName}, which must be free. {@code version} names which deleted one, as listed. */
    CompletionStage<ContainerState> restoreContainer(String account, String deletedName, String version, String newName);

    /**
     * Begins to end the containers deleted softly whose retention is over by {@code nowMillis} ({@link Long#MAX_VALUE}: all of them), some hundreds
     * at most. Answers before that is done: they are gone when they are not listed any more.
     */
    CompletionStage<Void> purgeDeletedContainers(String account, long nowMillis);

    /** A container of the account, perhaps one deleted softly, that holds a blob which may be neither changed nor deleted now. */
    CompletionStage<Optional<String>> findImmutable(String account);

    // Blobs

    CompletionStage<BlobReply.Done> change(String account, String container, BlobCommand command);

    /** Put Block List: finds the blocks, then commits them. Fails with InvalidBlockList if one is not there. */
    CompletionStage<BlobReply.Done> commitBlocks(
            String account, String container, String blob, BlobDraft draft, List<BlockChoice> choices, BlobConditions conditions, AccountRules rules);

    /** Delete Blob, reading first what it needs to know. */
    CompletionStage<BlobReply.Done> delete(
            String account, String container, BlobTarget target, BlobCommand.Delete.DeleteSnapshots snapshots, boolean permanent,
            BlobConditions conditions, AccountRules rules);

    CompletionStage<BlobReply.Done> undelete(String account, String container, String blob);

    /** Empty if there is none, ContainerNotFound if there is no container. States deleted softly are not found. Conditions are the caller's to check. */
    CompletionStage<Optional<BlobState>> find(String account, String container, BlobTarget target);

    /**
     * The same with its content, for one answer. What is read is that state's, whatever happens meanwhile; if it cannot be read any more, the download
     * fails with BlobModifiedWhileReading.
     */
    CompletionStage<Optional<OpenBlob>> open(String account, String container, BlobTarget target);

    CompletionStage<BlockList> blocks(String account, String container, BlobTarget target);

    /**
     * Page ranges from {@code offset} on and before {@code end}, as many as one read tells, as of one moment; of what differs from {@code since} if
     * that is not 0 (a snapshot's ticks).
     */
    CompletionStage<PageStretch> pages(String account, String container, BlobTarget target, long offset, long end, long since);

    CompletionStage<BlobListing> list(String account, String container, BlobQuery query);

    /** Find Blobs by Tags; {@code container} null for the whole account. */
    CompletionStage<TagListing> findByTags(String account, String container, TagExpression where, String marker, int maxResults);

    // Bytes

    /** Takes in bytes that a command for the blob will name. @param lengthBytes as announced, -1 if unknown
     * @param inlineAllowed whether a short one may be {@link NewContent.Inline}
     * @param md5Wanted whether the MD5 is asked for, which takes as much time as all else together */
    CompletionStage<Upload> upload(String account, String container, String blob, long lengthBytes, boolean inlineAllowed, boolean md5Wanted);

    /** Whether transfers wait for memory now, so that clients who hold some and do not move their bytes keep it from others. */
    boolean isShortOfMemory();

    // Copies

    /**
     * Begins to copy in the background from a blob of this cloud, and answers when the destination's pending copy is durable. A copy that a crash
     * interrupts goes on.
     *
     * @param draft complete: what it does not say is not taken from the source
     * @param sourceUrl as it was given, without its signature's value; answers name it
     */
    CompletionStage<BlobReply.Done> beginCopy(
            String account, String container, String blob, BlobDraft draft, BlobSource source, String sourceUrl, BlobConditions conditions,
            AccountRules rules);

    /** The same from outside of this cloud; a block blob. @param source with what may be a secret, which is kept while the copy is pending */
    CompletionStage<BlobReply.Done> beginCopy(
            String account, String container, String blob, BlobDraft draft, CopyOrigin.Elsewhere source, String sourceUrl,
            BlobConditions conditions, AccountRules rules);

    /** Bytes on their way in. Not for several threads at once. */
    interface Upload {

        /** Takes the part's bytes before it returns. Null: send on at once; else send on when it completes. A failure ends the upload. */
        CompletionStage<Void> write(ByteBuffer part);

        /** After the last part: when all is on disk on a majority. */
        CompletionStage<Received> end();

        /** Instead of {@link #end}: nobody will name it. May be called at any time, also after a failure. */
        void abandon();
    }

    /** @param content null if nothing came
     * @param md5 16 bytes, null if it was not wanted; {@code crc64} as the service's clients compute it: of all that came */
    record Received(NewContent content, long lengthBytes, byte[] md5, long crc64) {}

    interface OpenBlob {

        BlobState state();

        /**
         * The blob with what a download needs to know first, as of one moment: so it may be in another state than this one. Who reads a blob that is
         * written all the time does not come too late then. Fails with BlobNotFound if it is gone.
         */
        default CompletionStage<OpenBlob> begin(long offset, long lengthBytes) {
            return CompletableFuture.completedStage(this);
        }

        /** The bytes from {@code offset} on, {@code lengthBytes} of them; both within the blob. */
        Download download(long offset, long lengthBytes);
    }

    /** Bytes on their way out, in order. */
    interface Download {

        /** The next ones, given to the caller to release; null at the end. One call at a time. */
        CompletionStage<ChunkBuffer> next();

        /** Ends it early. */
        void close();
    }

    record BlockChoice(byte[] id, Source source) {

        public enum Source { COMMITTED, UNCOMMITTED, LATEST }
    }

    /** @param state null if only uncommitted blocks exist */
    record BlockList(BlobState state, List<ListedBlock> committed, List<ListedBlock> uncommitted) {}

    record ListedBlock(byte[] id, long lengthBytes) {}

    /**
     * @param state the blob's, when the ranges were as told
     * @param ranges in order, neighbours as one
     * @param end behind the pages that were looked at: there they go on, unless it is the end asked for or the blob's
     */
    record PageStretch(BlobState state, List<PageRange> ranges, long end) {}

    /** @param lastByte inclusive */
    record PageRange(long firstByte, long lastByte, boolean clear) {}

    /**
     * @param delimiter null for a flat list
     * @param marker as the last answer named it, null for the start
     * @param startFrom first name wanted, null for the start
     */
    record BlobQuery(String prefix, String delimiter, String marker, String startFrom, int maxResults, Include include) {}

    /** @param deletedWithVersions whether a blob without a current state that has versions is listed, once, as its newest version */
    record Include(boolean snapshots, boolean versions, boolean deleted, boolean uncommitted, boolean deletedWithVersions) {

        public Include(boolean snapshots, boolean versions, boolean deleted, boolean uncommitted) {
            this(snapshots, versions, deleted, uncommitted, false);
        }
    }

    /** In key order: blobs and, with a delimiter, prefixes. {@code next} null at the end. */
    record BlobListing(List<Item> items, String next) {

        /** Either a state or a prefix; the other is null. @param versionsOnly of a version of a blob without a current state */
        public record Item(BlobState state, String prefix, boolean versionsOnly) {

            public Item(BlobState state, String prefix) {
                this(state, prefix, false);
            }
        }
    }

    record TagListing(List<TaggedBlob> blobs, String next) {

        /** @param tags those that the search names */
        public record TaggedBlob(String container, String name, Map<String, String> tags) {}
    }

    record ContainerListing(List<ContainerState> containers, String next) {}
}
