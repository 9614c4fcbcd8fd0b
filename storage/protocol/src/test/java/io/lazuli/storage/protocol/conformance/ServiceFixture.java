package io.lazuli.storage.protocol.conformance;

import io.lazuli.security.ConnectionString;
import io.lazuli.security.StorageService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What one case of any service works with: the plain client, another account, and things of its own that are removed afterwards. */
abstract class ServiceFixture implements AutoCloseable {

    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long POLL_NANOS = 50_000_000L;

    private final RawClient raw;
    private final StorageService kind;
    private final Supplier<ConnectionString> other;
    private final List<String> owned = new ArrayList<>();

    ServiceFixture(RawClient raw, StorageService kind, Supplier<ConnectionString> other) {
        this.raw = raw;
        this.kind = kind;
        this.other = other;
    }

    /** Of a queue, table or container, if it is there. */
    abstract void remove(String name);

    RawClient raw() {
        return raw;
    }

    ConnectionString target() {
        return raw.target();
    }

    /** Another account of the same service. */
    ConnectionString other() {
        return other.get();
    }

    RawClient otherRaw() {
        return new RawClient(other(), kind);
    }

    String endpoint() {
        return raw.endpoint().toString();
    }

    /** Removes what has that name in the end, too. */
    String owned(String name) {
        owned.add(name);
        return name;
    }

    /** Waits for something that only time brings about. */
    static void await(String what, BooleanSupplier condition) {
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > giveUp) {
                throw new AssertionError("never happened: " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public void close() {
        owned.forEach(this::remove);
    }
}
