package io.lazuli.storage.store;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a cloud of one storage node. */
class OneNodeRowStoreTest extends RowStoreContract {

    @TempDir
    static Path root;

    private static TestCloud cloud;
    private static TestCloud.Node node;

    @BeforeAll
    static void start() throws Exception {
        cloud = new TestCloud(root, "");
        node = cloud.startStorage(1);
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    @Override
    RowStore store() {
        return node.stores.rowStore();
    }
}
