package io.lazuli.storage.chunk;

import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A node's memory for blob bytes under way. It is taken from the system slab by slab, of one chunk each, when it is first needed, and never
 * more than the bound; a slab serves one large buffer, or is cut into {@value #PIECES} pieces for small and medium ones until all of them are back. Who finds no
 * room waits in one line, served in order whatever the sizes, up to a number and a time.
 *
 * <p>What waits is answered on the thread that gives memory back, one after the other however deep the calls nest.
 */
public final class PooledBuffers implements ChunkBuffers, AutoCloseable {

    /** Up to this size a buffer is a piece of a slab. */
    static final int SMALL_BYTES = Slices.BYTES;
    /** Up to this size a buffer is some neighbouring pieces. */
    static final int MEDIUM_BYTES = 4 * SMALL_BYTES;
    private static final int SLAB_BYTES = ChunkRun.CHUNK_BYTES;
    private static final int PIECES = SLAB_BYTES / SMALL_BYTES;
    private static final int ALL_PIECES = (1 << PIECES) - 1;

    private final int maxSlabs;
    private final int maxWaiting;
    private final long timeoutNanos;
    private final ScheduledThreadPoolExecutor timer;
    private final Object lock = new Object();
    /** Guarded by the lock, as all below. */
    private final ArrayDeque<Slab> free = new ArrayDeque<>();
    private final LinkedHashSet<Slab> cut = new LinkedHashSet<>();
    private final LinkedHashSet<Waiter> line = new LinkedHashSet<>();
    private int slabs;
    private long takenBytes;
    private boolean serving;
    private boolean timerSet;

    public PooledBuffers(ChunkSettings settings) {
        this(settings.maxBufferedBytes(), settings.maxWaitingForBuffers(), settings.bufferTimeoutMillis());
    }

    public PooledBuffers(long maxBytes, int maxWaiting, long timeoutMillis) {
        maxSlabs = (int) Math.min(Integer.MAX_VALUE, maxBytes / SLAB_BYTES);
        this.maxWaiting = maxWaiting;
        timeoutNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "lazuli-chunk-buffers");
            thread.setDaemon(true);
            return thread;
        });
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public CompletionStage<ChunkBuffer> take(int capacityBytes) {
        if (capacityBytes < 1 || capacityBytes > SLAB_BYTES) {
            throw new IllegalArgumentException("no buffer of " + capacityBytes + " bytes");
        }
        CompletableFuture<ChunkBuffer> result = new CompletableFuture<>();
        Waiter waiter;
        synchronized (lock) {
            Piece piece = line.isEmpty() ? find(capacityBytes) : null;
            if (piece != null) {
                result.complete(piece);
                return result;
            }
            if (line.size() >= maxWaiting) {
                result.completeExceptionally(new StorageException(StorageErrorCode.SERVER_BUSY));
                return result;
            }
            waiter = new Waiter(capacityBytes, System.nanoTime() + timeoutNanos, result);
            line.add(waiter);
            setTimer(timeoutNanos);
        }
        result.whenComplete((buffer, failure) -> {
            if (failure != null) {
                leave(waiter);
            }
        });
        return result;
    }

    @Override
    public boolean isShort() {
        return waiting() > 0;
    }

    /** What is held by users, in whole pieces and slabs. */
    public long takenBytes() {
        synchronized (lock) {
            return takenBytes;
        }
    }

    /** How many wait in line. */
    public int waiting() {
        synchronized (lock) {
            return line.size();
        }
    }

    /** Only ends its thread: who waits then is answered as memory comes back, or never. */
    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void leave(Waiter waiter) {
        synchronized (lock) {
            if (!line.remove(waiter)) {
                return;
            }
        }
        serveLine();
    }

    /** Answers who can be served, in order. Whoever is at it takes over what others bring meanwhile. */
    private void serveLine() {
        while (true) {
            Waiter first;
            Piece piece;
            synchronized (lock) {
                if (serving || line.isEmpty()) {
                    return;
                }
                first = line.iterator().next();
                piece = find(first.capacityBytes);
                if (piece == null) {
                    return;
                }
                line.remove(first);
                serving = true;
            }
            try {
                if (!first.result.complete(piece)) {
                    piece.release();
                }
            } finally {
                synchronized (lock) {
                    serving = false;
                }
            }
        }
    }

    /** Under the lock: a buffer, or null if there is no room. */
    private Piece find(int capacityBytes) {
        int pieces = piecesOf(capacityBytes);
        if (pieces < PIECES) {
            for (Slab slab : cut) {
                int first = slab.firstFree(pieces);
                if (first >= 0) {
                    return piece(slab, first, pieces, capacityBytes);
                }
            }
        }
        Slab slab = free.pollLast();
        if (slab == null) {
            if (slabs == maxSlabs) {
                return null;
            }
            slab = new Slab(ByteBuffer.allocateDirect(SLAB_BYTES));
            slabs++;
        }
        cut.add(slab);
        return piece(slab, 0, pieces, capacityBytes);
    }

    private static int piecesOf(int capacityBytes) {
        return capacityBytes <= SMALL_BYTES ? 1 : capacityBytes <= MEDIUM_BYTES ? MEDIUM_BYTES / SMALL_BYTES : PIECES;
    }

    private Piece piece(Slab slab, int first, int pieces, int capacityBytes) {
        int taken = maskOf(pieces) << first;
        slab.freePieces &= ~taken;
        if (slab.freePieces == 0) {
            cut.remove(slab);
        }
        takenBytes += (long) pieces * SMALL_BYTES;
        return new Piece(slab, taken, slab.memory.slice(first * SMALL_BYTES, pieces * SMALL_BYTES).limit(capacityBytes));
    }

    private static int maskOf(int pieces) {
        return (1 << pieces) - 1;
    }

    private void giveBack(Slab slab, int pieces) {
        synchronized (lock) {
            takenBytes -= (long) Integer.bitCount(pieces) * SMALL_BYTES;
            slab.freePieces |= pieces;
            if (slab.freePieces == ALL_PIECES) {
                cut.remove(slab);
                free.addLast(slab);
            } else {
                cut.add(slab);
            }
        }
        serveLine();
    }

    private void setTimer(long nanos) {
        if (!timerSet && !timer.isShutdown()) {
            timerSet = true;
            timer.schedule(this::expire, Math.max(0, nanos), TimeUnit.NANOSECONDS);
        }
    }

    /** The line is in order of time, too. */
    private void expire() {
        ArrayDeque<Waiter> late = new ArrayDeque<>();
        synchronized (lock) {
            timerSet = false;
            long now = System.nanoTime();
            for (Iterator<Waiter> waiters = line.iterator(); waiters.hasNext();) {
                Waiter waiter = waiters.next();
                if (waiter.deadlineNanos - now > 0) {
                    setTimer(waiter.deadlineNanos - now);
                    break;
                }
                waiters.remove();
                late.add(waiter);
            }
        }
        late.forEach(waiter -> waiter.result.completeExceptionally(new StorageException(StorageErrorCode.SERVER_BUSY)));
        serveLine();
    }

    /** Compared by identity. */
    private static final class Waiter {

        private final int capacityBytes;
        private final long deadlineNanos;
        private final CompletableFuture<ChunkBuffer> result;

        private Waiter(int capacityBytes, long deadlineNanos, CompletableFuture<ChunkBuffer> result) {
            this.capacityBytes = capacityBytes;
            this.deadlineNanos = deadlineNanos;
            this.result = result;
        }
    }

    /** Compared by identity; one bit per piece that is free. */
    private static final class Slab {

        private final ByteBuffer memory;
        private int freePieces = ALL_PIECES;

        private Slab(ByteBuffer memory) {
            this.memory = memory;
        }

        /** Where so many free pieces begin, at a multiple of their number; -1 if nowhere. */
        private int firstFree(int pieces) {
            for (int first = 0; first < PIECES; first += pieces) {
                int wanted = maskOf(pieces) << first;
                if ((freePieces & wanted) == wanted) {
                    return first;
                }
            }
            return -1;
        }
    }

    private final class Piece implements ChunkBuffer {

        private final Slab slab;
        private final int pieces;
        private final ByteBuffer bytes;
        private final AtomicBoolean released = new AtomicBoolean();

        private Piece(Slab slab, int pieces, ByteBuffer bytes) {
            this.slab = slab;
            this.pieces = pieces;
            this.bytes = bytes;
        }

        @Override
        public ByteBuffer bytes() {
            return bytes;
        }

        @Override
        public void release() {
            if (!released.compareAndSet(false, true)) {
                throw new IllegalStateException("a buffer was released twice");
            }
            giveBack(slab, pieces);
        }
    }
}
