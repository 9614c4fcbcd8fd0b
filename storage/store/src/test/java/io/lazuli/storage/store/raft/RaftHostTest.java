package io.lazuli.storage.store.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaftHostTest {

    @Test
    void aGroupOfOnePeerLeadsByItselfAndKeepsItsEntriesOverRestarts(@TempDir Path dir) throws Exception {
        int port = 0;
        for (int run = 1; run <= 3; run++) {
            try (RaftHost host = RaftPorts.start(RaftCluster.settings(port, "read-barrier-timeout = 60s"))) {
                port = Integer.parseInt(host.self().address().split(":")[1]);
                JournalMachine machine = new JournalMachine(dir.resolve("machine"), () -> {});
                RaftGroup group = host.open(0, List.of(host.self()), machine, dir.resolve("raft"));
                machine.await("leadership", m -> m.leadership().startsWith("leads"));
                byte[] entry = ("run " + run).getBytes(StandardCharsets.UTF_8);
                RaftGroup.Applied applied = group.submit(entry).toCompletableFuture().get(60, TimeUnit.SECONDS);
                assertEquals(Integer.toString(run), new String(applied.result(), StandardCharsets.UTF_8));
                assertEquals(run, machine.entries().size());
                long barrier = group.readBarrier().toCompletableFuture().get(60, TimeUnit.SECONDS);
                assertEquals(applied.index(), barrier);
            }
        }
    }
}
