package io.lazuli.cli.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Stops the nodes of this machine in order, the newest first, each with the signal that lets it hand over what it holds
 * (SIGTERM), and sees to it that no process is left: neither a node that does not end in time nor a role host that lost its
 * node.
 */
public final class CloudStopper {

    static final long KILL_WAIT_MILLIS = 10_000;
    /** How long the next node waits for the one before it; a node that takes longer goes on stopping beside the others. */
    private static final long TURN_MILLIS = 8_000;
    private static final String ROLE_HOST = "io.lazuli.host.process";

    private final CloudDirectory cloud;
    private final Consumer<String> progress;

    public CloudStopper(CloudDirectory cloud, Consumer<String> progress) {
        this.cloud = cloud;
        this.progress = progress;
    }

    /** @param stopped nodes that ran and do not run any more; @param killed those of them that had to be killed */
    public record Result(List<LocalNode> stopped, List<LocalNode> killed, long millis) {}

    /** @param timeoutMillis until the nodes that still run are killed */
    @SuppressWarnings("try") // the lock is only held
    public Result stop(long timeoutMillis) {
        long begin = System.nanoTime();
        try (CloudDirectory.Lock ignored = cloud.lock()) {
            Map<LocalNode, ProcessHandle> running = new LinkedHashMap<>();
            cloud.nodes().reversed().forEach(node -> node.process().ifPresent(process -> running.put(node, process)));
            List<ProcessHandle> roleHosts = roleHosts(running);
            for (Map.Entry<LocalNode, ProcessHandle> entry : running.entrySet()) {
                progress.accept("stopping " + entry.getKey().id());
                entry.getValue().destroy();
                Processes.awaitEnd(List.of(entry.getValue()), Math.min(TURN_MILLIS, timeoutMillis));
            }
            long leftMillis = timeoutMillis - (System.nanoTime() - begin) / 1_000_000;
            List<ProcessHandle> late = Processes.awaitEnd(running.values(), Math.max(0, leftMillis));
            late.forEach(ProcessHandle::destroyForcibly);
            Processes.awaitEnd(late, KILL_WAIT_MILLIS);
            cloud.nodes().stream().filter(node -> node.process().isEmpty()).forEach(LocalNode::forgetProcess);
            endRoleHosts(roleHosts);
            return new Result(
                    List.copyOf(running.keySet()),
                    running.entrySet().stream().filter(entry -> late.contains(entry.getValue())).map(Map.Entry::getKey).toList(),
                    (System.nanoTime() - begin) / 1_000_000);
        }
    }

    /** Children of the nodes, and role hosts of this cloud whose node was killed before. */
    private List<ProcessHandle> roleHosts(Map<LocalNode, ProcessHandle> running) {
        List<ProcessHandle> found = new ArrayList<>();
        running.values().forEach(process -> process.descendants().forEach(found::add));
        List<String> directories = cloud.nodes().stream().map(node -> node.directory() + "/").toList();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            all.filter(process -> process.info().commandLine()
                            .filter(line -> line.contains(ROLE_HOST) && directories.stream().anyMatch(line::contains)).isPresent())
                    .filter(process -> !found.contains(process))
                    .forEach(found::add);
        }
        return found;
    }

    private void endRoleHosts(List<ProcessHandle> roleHosts) {
        List<ProcessHandle> left = Processes.awaitEnd(roleHosts, KILL_WAIT_MILLIS / 5);
        left.forEach(ProcessHandle::destroyForcibly);
        Processes.awaitEnd(left, KILL_WAIT_MILLIS);
    }
}
