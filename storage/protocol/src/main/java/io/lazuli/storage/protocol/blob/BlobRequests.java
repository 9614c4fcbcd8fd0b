package io.lazuli.storage.protocol.blob;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.protocol.http.Authorizer;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;

/** The operations on single blobs. */
final class BlobRequests {

    private final PutRequests puts;
    private final BlockRequests blocks;
    private final AppendRequests appends;
    private final PageRequests pages;
    private final ReadRequests reads;
    private final PropertyRequests properties;
    private final StateRequests states;
    private final CopyRequests copies;
    private final PartCopyRequests partCopies;

    BlobRequests(BlobService blobs, Authorizer authorizer, RemoteSources remote, Clock clock) {
        BlobWrites writes = new BlobWrites(blobs);
        CopySources sources = new CopySources(blobs, authorizer, remote);
        puts = new PutRequests(writes);
        blocks = new BlockRequests(blobs, writes);
        appends = new AppendRequests(writes);
        pages = new PageRequests(blobs, writes, clock);
        reads = new ReadRequests(blobs);
        properties = new PropertyRequests(writes);
        states = new StateRequests(blobs, writes);
        copies = new CopyRequests(blobs, writes, puts, sources);
        partCopies = new PartCopyRequests(writes, sources, blocks, appends, pages);
    }

    PlannedRequest plan(BlobOperation operation, BlobCall call) {
        DraftHeaders.refuseEncryption(call.head());
        return switch (operation) {
            case PUT_BLOB -> puts.put(call);
            case PUT_BLOB_FROM_URL -> copies.putFromUrl(call);
            case COPY_BLOB -> copies.copy(call);
            case COPY_BLOB_FROM_URL -> copies.copyNow(call);
            case ABORT_COPY -> copies.abort(call);
            case GET_BLOB -> reads.get(call);
            case SNAPSHOT_BLOB -> states.snapshot(call);
            case DELETE_BLOB, DELETE_VERSION, DELETE_PERMANENTLY -> states.delete(call);
            case UNDELETE_BLOB -> states.undelete(call);
            case LEASE_BLOB -> states.lease(call);
            case PUT_BLOCK -> blocks.put(call);
            case PUT_BLOCK_FROM_URL -> partCopies.putBlock(call);
            case PUT_BLOCK_LIST -> blocks.putList(call);
            case GET_BLOCK_LIST -> blocks.getList(call);
            case APPEND_BLOCK -> appends.append(call);
            case APPEND_BLOCK_FROM_URL -> partCopies.append(call);
            case SEAL_BLOB -> appends.seal(call);
            case PUT_PAGE -> pages.put(call);
            case PUT_PAGE_FROM_URL -> partCopies.putPage(call);
            case GET_PAGE_RANGES -> pages.list(call);
            case GET_BLOB_PROPERTIES -> reads.getProperties(call);
            case SET_BLOB_PROPERTIES -> properties.setProperties(call);
            case GET_BLOB_METADATA -> reads.getMetadata(call);
            case SET_BLOB_METADATA -> properties.setMetadata(call);
            case GET_BLOB_TAGS -> reads.getTags(call);
            case SET_BLOB_TAGS -> properties.setTags(call);
            case SET_BLOB_TIER -> properties.setTier(call);
            case SET_IMMUTABILITY_POLICY -> properties.setImmutability(call);
            case DELETE_IMMUTABILITY_POLICY -> properties.deleteImmutability(call);
            case SET_LEGAL_HOLD -> properties.setLegalHold(call);
            case SET_EXPIRY, INCREMENTAL_COPY -> throw new StorageException(StorageErrorCode.FEATURE_NOT_SUPPORTED_FOR_ACCOUNT);
            case QUERY_BLOB -> throw new StorageException(StorageErrorCode.NOT_IMPLEMENTED);
            case GET_SERVICE_PROPERTIES, SET_SERVICE_PROPERTIES, GET_SERVICE_STATS, LIST_CONTAINERS, FIND_BLOBS_BY_TAGS,
                    GET_USER_DELEGATION_KEY, BATCH, GET_ACCOUNT_INFORMATION, CREATE_CONTAINER, GET_CONTAINER_PROPERTIES,
                    SET_CONTAINER_METADATA, GET_CONTAINER_ACL, SET_CONTAINER_ACL, LEASE_CONTAINER, DELETE_CONTAINER, RESTORE_CONTAINER,
                    LIST_BLOBS, FIND_IN_CONTAINER, BATCH_IN_CONTAINER -> throw new IllegalArgumentException(operation + " is of no blob");
        };
    }
}
