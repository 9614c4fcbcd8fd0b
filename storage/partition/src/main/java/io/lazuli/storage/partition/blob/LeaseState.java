package io.lazuli.storage.partition.blob;

import io.lazuli.kernel.wire.WireMessage;

/**
 * A lease as it is kept, of a blob or a container. Source: "Lease Blob", with its table of outcomes.
 *
 * <pre>
 * AVAILABLE --acquire--> LEASED --time--> EXPIRED --acquire, or renew by its id if nobody changed the blob--> LEASED
 *     ^                    |  break
 *     +------release-------+--------> BREAKING --time--> BROKEN --acquire--> LEASED
 * </pre>
 *
 * @param id null if there is none
 * @param durationSeconds {@link BlobLimits#INFINITE_LEASE_SECONDS} for ever
 * @param endsMillis when it ends or, while breaking, is broken; means nothing while it holds for ever
 */
public record LeaseState(String id, int durationSeconds, long endsMillis, boolean breaking) implements WireMessage {

    public static final LeaseState NONE = new LeaseState(null, 0, 0, false);

    public enum Phase { AVAILABLE, LEASED, EXPIRED, BREAKING, BROKEN }

    /** Whether its id is known, though it may have ended. */
    public boolean present() {
        return id != null;
    }

    public Phase phase(long nowMillis) {
        if (id == null) {
            return Phase.AVAILABLE;
        }
        if (breaking) {
            return nowMillis < endsMillis ? Phase.BREAKING : Phase.BROKEN;
        }
        return durationSeconds == BlobLimits.INFINITE_LEASE_SECONDS || nowMillis < endsMillis ? Phase.LEASED : Phase.EXPIRED;
    }
}
