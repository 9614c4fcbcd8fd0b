package io.lazuli.storage.store.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.StateMachine;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.lazuli.storage.store.raft.RaftGroup.RaftPeer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between the library's apply thread and our {@link RaftStateMachine}: applies entries in runs, answers their
 * submitters after the run is flushed, saves and loads snapshots, and knows whether this replica leads. All callbacks come
 * from the group's one apply thread; what other threads read is volatile.
 *
 * <p>A snapshot is a directory {@value #STATE_DIRECTORY} that the state machine filled, and a file
 * {@value #APPLIED_INDEX_FILE} with the applied index of that state in decimal, by which a restart sees that its state is
 * newer than the snapshot and need not be replaced. The library makes it visible whole or not at all.
 */
final class GroupMachine implements StateMachine {

    static final long NOT_LEADING = -1;
    private static final String STATE_DIRECTORY = "state";
    private static final String APPLIED_INDEX_FILE = "applied-index";
    /** A run of entries is flushed and answered when it reaches either bound, so that a long replay stays in bounded memory. */
    private static final int MAX_RUN_ENTRIES = 512;
    private static final int MAX_RUN_BYTES = 8 << 20;

    private static final Logger log = LoggerFactory.getLogger(GroupMachine.class);

    /** What the group's owner does on events; called on the apply thread. */
    interface Events {
        void leaderKnown(RaftPeer leader, long term);

        void leadershipKept(long term);

        void failed(String reason);
    }

    private final int group;
    private final RaftStateMachine machine;
    private final Events events;
    private volatile long leadingTerm = NOT_LEADING;
    private volatile long term;
    private volatile long bytesSinceSnapshot;

    GroupMachine(int group, RaftStateMachine machine, Events events) {
        this.group = group;
        this.machine = machine;
        this.events = events;
    }

    /** The term in which this replica leads, or {@link #NOT_LEADING}. */
    long leadingTerm() {
        return leadingTerm;
    }

    /** The newest term in which this replica led or followed. */
    long term() {
        return term;
    }

    /** Bytes of entries applied since the last snapshot, or since the start. */
    long bytesSinceSnapshot() {
        return bytesSinceSnapshot;
    }

    @Override
    public void onApply(Iterator entries) {
        List<Submission> submitters = new ArrayList<>();
        List<byte[]> answers = new ArrayList<>();
        List<Long> indexes = new ArrayList<>();
        try {
            while (entries.hasNext()) {
                submitters.clear();
                answers.clear();
                indexes.clear();
                int runBytes = applyRun(entries, submitters, answers, indexes);
                for (int i = 0; i < submitters.size(); i++) {
                    submitters.get(i).applied(indexes.get(i), answers.get(i));
                }
                bytesSinceSnapshot += runBytes;
            }
        } catch (RuntimeException | Error e) {
            log.error("the state machine of group {} failed near index {}: this replica stops", group, entries.getIndex(), e);
            RaftException failure = new RaftException("the state machine of group " + group + " failed", e);
            submitters.forEach(submitter -> submitter.fail(failure));
            throw e;
        }
    }

    private int applyRun(Iterator entries, List<Submission> submitters, List<byte[]> answers, List<Long> indexes) {
        long alreadyApplied = machine.appliedIndex();
        int bytes = 0;
        int count = 0;
        while (entries.hasNext() && count < MAX_RUN_ENTRIES && bytes < MAX_RUN_BYTES) {
            long index = entries.getIndex();
            ByteBuffer entry = entries.getData();
            Submission submitter = (Submission) entries.done();
            if (submitter != null) {
                submitters.add(submitter);
                indexes.add(index);
            }
            bytes += entry.remaining();
            count++;
            if (index > alreadyApplied) {
                byte[] answer = machine.apply(index, entry.asReadOnlyBuffer());
                if (submitter != null) {
                    answers.add(answer);
                }
            } else if (submitter != null) {
                throw new IllegalStateException("index " + index + " was submitted just now, but " + alreadyApplied + " is applied");
            }
            entries.next();
        }
        machine.flushApplied();
        return bytes;
    }

    @Override
    public void onSnapshotSave(SnapshotWriter writer, Closure done) {
        Status status = Status.OK();
        try {
            Path root = Path.of(writer.getPath());
            Path state = Files.createDirectory(root.resolve(STATE_DIRECTORY));
            machine.saveSnapshot(state);
            DurableFiles.write(root.resolve(APPLIED_INDEX_FILE), Long.toString(machine.appliedIndex()));
            for (String file : filesBelow(root, state)) {
                if (!writer.addFile(file)) {
                    throw new IOException("cannot list " + file);
                }
            }
            if (!writer.addFile(APPLIED_INDEX_FILE)) {
                throw new IOException("cannot list " + APPLIED_INDEX_FILE);
            }
            DurableFiles.syncDirectory(root);
            bytesSinceSnapshot = 0;
        } catch (IOException | RuntimeException | Error e) {
            log.error("no snapshot of group {} could be taken", group, e);
            // Not EIO, which would stop the replica: without a snapshot the log only grows.
            status = new Status(RaftError.ECANCELED, "snapshot of group %d: %s", group, e);
        }
        done.run(status);
    }

    private static List<String> filesBelow(Path root, Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            return tree.filter(Files::isRegularFile).map(file -> root.relativize(file).toString()).sorted().toList();
        }
    }

    @Override
    public boolean onSnapshotLoad(SnapshotReader reader) {
        Path root = Path.of(reader.getPath());
        try {
            long snapshotIndex = Long.parseLong(Files.readString(root.resolve(APPLIED_INDEX_FILE)).strip());
            if (machine.appliedIndex() < snapshotIndex) {
                log.info("group {} loads the snapshot at index {}, its state being at {}", group, snapshotIndex, machine.appliedIndex());
                machine.loadSnapshot(root.resolve(STATE_DIRECTORY));
            }
            bytesSinceSnapshot = 0;
            return true;
        } catch (IOException | RuntimeException | Error e) {
            log.error("group {} cannot load the snapshot in {}", group, root, e);
            return false;
        }
    }

    @Override
    public void onLeaderStart(long newTerm) {
        term = Math.max(term, newTerm);
        boolean kept = leadingTerm == newTerm;
        leadingTerm = newTerm;
        if (!kept) {
            machine.onLeadership(true, newTerm);
        }
        events.leadershipKept(newTerm);
    }

    @Override
    public void onLeaderStop(Status status) {
        long stopped = leadingTerm;
        leadingTerm = NOT_LEADING;
        if (stopped != NOT_LEADING) {
            log.info("group {}: no longer leading in term {}: {}", group, stopped, status.getErrorMsg());
            machine.onLeadership(false, stopped);
        }
    }

    @Override
    public void onStartFollowing(LeaderChangeContext context) {
        term = Math.max(term, context.getTerm());
        events.leaderKnown(new RaftPeer(context.getLeaderId().getEndpoint().toString()), context.getTerm());
    }

    @Override
    public void onStopFollowing(LeaderChangeContext context) {}

    @Override
    public void onConfigurationCommitted(Configuration configuration) {
        log.info("group {} consists of {}", group, configuration);
    }

    @Override
    public void onError(com.alipay.sofa.jraft.error.RaftException error) {
        log.error("group {} has failed on this node and stays out of service until a restart", group, error);
        events.failed(error.getStatus().getErrorMsg());
        onLeaderStop(error.getStatus());
    }

    @Override
    public void onShutdown() {
        onLeaderStop(new Status(RaftError.ESHUTDOWN, "closing"));
    }
}
