package io.lazuli.host;

import java.net.URI;
import java.util.List;

/**
 * How the roles of a node reach the cloud's storage.
 *
 * @param connectionString what roles give to an Azure Storage SDK
 * @param queueEndpoints with the account in the path, e.g. {@code http://127.0.0.1:10001/devstoreaccount1}; the first is
 *     preferred, the others are tried when it does not answer
 * @param accountKey Base64
 */
public record StorageAccess(String connectionString, List<URI> queueEndpoints, String account, String accountKey) {

    public StorageAccess {
        if (queueEndpoints.isEmpty()) {
            throw new IllegalArgumentException("at least one queue endpoint is needed");
        }
        queueEndpoints = List.copyOf(queueEndpoints);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "StorageAccess[" + account + " at " + queueEndpoints + "]";
    }
}
