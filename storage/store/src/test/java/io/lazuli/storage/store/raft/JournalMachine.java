package io.lazuli.storage.store.raft;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A state machine for tests: keeps every entry with its index, durable at each flush, and answers with the number of
 * entries so far. Applying an index twice, out of order or without a later flush is an error that it notices.
 */
final class JournalMachine implements RaftStateMachine {

    static final String POISON = "poison";

    private final Path file;
    private final Runnable onChange;
    private final List<String> entries = new ArrayList<>();
    private long appliedIndex;
    private long durableIndex;
    private int snapshotsSaved;
    private int snapshotsLoaded;
    private String leadership = "none";

    /** @param onChange called when leadership changes */
    JournalMachine(Path directory, Runnable onChange) throws IOException {
        this.onChange = onChange;
        Files.createDirectories(directory);
        file = directory.resolve("journal");
        if (Files.exists(file)) {
            read(Files.readAllBytes(file));
        }
    }

    @Override
    public synchronized long appliedIndex() {
        return durableIndex;
    }

    @Override
    public synchronized byte[] apply(long index, ByteBuffer entry) {
        if (index <= appliedIndex) {
            throw new IllegalStateException("index " + index + " again after " + appliedIndex);
        }
        byte[] bytes = new byte[entry.remaining()];
        entry.get(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.equals(POISON)) {
            throw new IllegalStateException("poisoned");
        }
        entries.add(text);
        appliedIndex = index;
        return Integer.toString(entries.size()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void flushApplied() {
        if (durableIndex == appliedIndex) {
            return;
        }
        try {
            Path next = file.resolveSibling("journal.next");
            Files.write(next, bytes());
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        durableIndex = appliedIndex;
        notifyAll();
    }

    @Override
    public synchronized void saveSnapshot(Path directory) throws IOException {
        Files.createDirectories(directory.resolve("nested"));
        Files.write(directory.resolve("nested").resolve("journal"), bytes());
        snapshotsSaved++;
        notifyAll();
    }

    @Override
    public synchronized void loadSnapshot(Path directory) throws IOException {
        byte[] snapshot = Files.readAllBytes(directory.resolve("nested").resolve("journal"));
        entries.clear();
        read(snapshot);
        Files.write(file, snapshot);
        snapshotsLoaded++;
        notifyAll();
    }

    @Override
    public void onLeadership(boolean leading, long term) {
        synchronized (this) {
            leadership = (leading ? "leads in " : "led in ") + term;
            notifyAll();
        }
        onChange.run();
    }

    synchronized List<String> entries() {
        return List.copyOf(entries);
    }

    synchronized int snapshotsSaved() {
        return snapshotsSaved;
    }

    synchronized int snapshotsLoaded() {
        return snapshotsLoaded;
    }

    synchronized String leadership() {
        return leadership;
    }

    synchronized void await(String what, Predicate<JournalMachine> condition) {
        long deadline = System.nanoTime() + 120_000_000_000L;
        while (!condition.test(this)) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("never came about: " + what + "; entries " + entries.size() + ", leadership " + leadership);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(appliedIndex);
        out.writeInt(entries.size());
        for (String entry : entries) {
            out.writeUTF(entry);
        }
        return bytes.toByteArray();
    }

    private void read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        appliedIndex = in.readLong();
        durableIndex = appliedIndex;
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            entries.add(in.readUTF());
        }
    }
}
