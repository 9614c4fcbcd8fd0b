package io.lazuli.storage.protocol.blob;

import io.lazuli.security.PercentCoding;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.http.BadRequests;

/**
 * What a URI of the blob service addresses: the path behind the account and {@code restype}. Source: "Naming and referencing containers,
 * blobs, and metadata", "Working with the root container".
 *
 * <pre>
 *  (nothing)                       the account's blob service
 *  name?restype=container          a container
 *  name/blob   name/dir/blob       a blob of a container; slashes are part of its name
 *  blob                            a blob of the container $root
 * </pre>
 */
public sealed interface BlobResource {

    record Service() implements BlobResource {

        @Override
        public String container() {
            return "";
        }
    }

    record Container(String container) implements BlobResource {}

    /** @param name 1 to 1,024 characters */
    record Blob(String container, String name) implements BlobResource {}

    /** The container that it is or belongs to, empty for the account's service. */
    String container();

    /** The blob's name, null if it is none. */
    default String blob() {
        return this instanceof Blob blob ? blob.name : null;
    }

    /**
     * @param rawPath behind the account, still escaped, without the slash that it begins with; its escapes are good
     * @param restype the query's, or null
     * @throws StorageException if a name is not as it must be, or {@code restype} does not go with the path
     */
    static BlobResource parse(String rawPath, String restype) {
        if (rawPath.isEmpty()) {
            return new Service();
        }
        int slash = rawPath.indexOf('/');
        String first = PercentCoding.decode(slash < 0 ? rawPath : rawPath.substring(0, slash));
        boolean single = slash < 0 || slash == rawPath.length() - 1;
        boolean ofContainer = restype != null && (restype.equals("container") || restype.equals("account") && single);
        if (ofContainer && !single) {
            throw BadRequests.invalidParameter("restype", restype, "a blob is no container");
        }
        if (ofContainer || single && first.startsWith("$")) {
            return new Container(BlobNames.checkContainer(first));
        }
        if (slash < 0) {
            return new Blob(BlobNames.ROOT, BlobNames.checkBlob(BlobNames.ROOT, first));
        }
        if (single) {
            throw new StorageException(StorageErrorCode.INVALID_URI);
        }
        String container = BlobNames.checkContainer(first);
        return new Blob(container, BlobNames.checkBlob(container, PercentCoding.decode(rawPath.substring(slash + 1))));
    }
}
