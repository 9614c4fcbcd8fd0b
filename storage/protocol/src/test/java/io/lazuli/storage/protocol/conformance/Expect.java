package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.azure.data.tables.models.TableServiceException;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.queue.models.QueueStorageException;
import org.junit.jupiter.api.function.Executable;

/** What the official clients throw. */
final class Expect {

    private Expect() {}

    static QueueStorageException error(int status, String code, Executable call) {
        QueueStorageException thrown = assertThrows(QueueStorageException.class, call);
        assertEquals(status, thrown.getStatusCode());
        assertEquals(code, thrown.getErrorCode() == null ? null : thrown.getErrorCode().toString());
        return thrown;
    }

    static TableServiceException tableError(int status, String code, Executable call) {
        TableServiceException thrown = assertThrows(TableServiceException.class, call);
        assertEquals(status, thrown.getResponse().getStatusCode());
        assertEquals(code, thrown.getValue() == null ? null : thrown.getValue().getErrorCode().toString());
        return thrown;
    }

    static BlobStorageException blobError(int status, String code, Executable call) {
        BlobStorageException thrown = assertThrows(BlobStorageException.class, call);
        assertEquals(status, thrown.getStatusCode());
        assertEquals(code, thrown.getErrorCode() == null ? null : thrown.getErrorCode().toString());
        return thrown;
    }
}
