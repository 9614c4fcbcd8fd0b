package io.lazuli.node;

import io.lazuli.admin.AdminException;
import io.lazuli.kernel.Failures;
import io.lazuli.storage.model.StorageException;

/** What storage refuses, as the management API answers it. */
final class StorageFailures {

    private StorageFailures() {}

    /** Failures of other kinds as they are, without what stages wrap around them. */
    static Throwable forAdmin(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause instanceof StorageException storage
                ? new AdminException(storage.error().status(), storage.error().code(), storage.error().message()) : cause;
    }
}
