package io.lazuli.storage.protocol.table;

import io.lazuli.kernel.Clock;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.TableService;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;

/** Entity group transactions: not served yet. */
final class BatchRequests {

    BatchRequests(TableService tables, QueryRequests queries, Clock clock) {}

    PlannedRequest run(ServiceRequest request, Access access) {
        throw new StorageException(StorageErrorCode.NOT_IMPLEMENTED);
    }
}
