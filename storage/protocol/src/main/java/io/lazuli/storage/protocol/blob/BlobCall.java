package io.lazuli.storage.protocol.blob;

import io.lazuli.security.SignableRequest;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.ServiceVersion;

/**
 * A request for one blob, alone or within a batch: its head, and what has been found out about it.
 *
 * @param accountEndpoint as the client names it, without a slash at the end
 * @param nowMillis when it came
 */
record BlobCall(
        SignableRequest head, ServiceVersion version, String account, String accountEndpoint, BlobResource.Blob blob, Access access,
        long nowMillis) {

    String container() {
        return blob.container();
    }

    String name() {
        return blob.name();
    }

    /** Null if absent. */
    String header(String name) {
        return head.header(name);
    }

    /** Null if absent. */
    String parameter(String name) {
        return head.query().first(name);
    }
}
