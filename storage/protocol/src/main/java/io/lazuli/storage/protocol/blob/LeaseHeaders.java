package io.lazuli.storage.protocol.blob;

import io.lazuli.security.SignableRequest;
import io.lazuli.storage.partition.blob.BlobCommand.LeaseAction;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.LeaseState;
import io.lazuli.storage.protocol.http.Reply;
import java.util.Locale;
import java.util.UUID;

/**
 * A lease operation on a blob or a container as its headers say it; null where a header means nothing to the action. Source: "Lease Blob",
 * "Lease Container".
 */
record LeaseHeaders(LeaseAction action, String proposedId, Integer durationSeconds, Integer breakSeconds) {

    static final int MIN_SECONDS = 15;
    static final int MAX_SECONDS = 60;

    /** @throws io.lazuli.storage.model.StorageException MissingRequiredHeader, InvalidHeaderValue */
    static LeaseHeaders read(SignableRequest head) {
        String named = Heads.required(head, "x-ms-lease-action");
        LeaseAction action = switch (named.toLowerCase(Locale.ROOT)) {
            case "acquire" -> LeaseAction.ACQUIRE;
            case "renew" -> LeaseAction.RENEW;
            case "change" -> LeaseAction.CHANGE;
            case "release" -> LeaseAction.RELEASE;
            case "break" -> LeaseAction.BREAK;
            default -> throw Heads.invalid("x-ms-lease-action", named);
        };
        if (action == LeaseAction.RENEW || action == LeaseAction.CHANGE || action == LeaseAction.RELEASE) {
            Heads.required(head, "x-ms-lease-id");
        }
        String proposed = Heads.guid(head, "x-ms-proposed-lease-id");
        return switch (action) {
            case ACQUIRE -> new LeaseHeaders(
                    action, proposed == null ? UUID.randomUUID().toString() : proposed, durationSeconds(head), null);
            case CHANGE -> {
                Heads.required(head, "x-ms-proposed-lease-id");
                yield new LeaseHeaders(action, proposed, null, null);
            }
            case BREAK -> {
                Long period = Heads.number(head, "x-ms-lease-break-period", 0, MAX_SECONDS);
                yield new LeaseHeaders(action, null, null, period == null ? null : period.intValue());
            }
            case RENEW, RELEASE -> new LeaseHeaders(action, null, null, null);
        };
    }

    private static int durationSeconds(SignableRequest head) {
        String text = Heads.required(head, "x-ms-lease-duration");
        int seconds = Heads.number(head, "x-ms-lease-duration", BlobLimits.INFINITE_LEASE_SECONDS, MAX_SECONDS).intValue();
        if (seconds != BlobLimits.INFINITE_LEASE_SECONDS && seconds < MIN_SECONDS) {
            throw Heads.invalid("x-ms-lease-duration", text);
        }
        return seconds;
    }

    /** The status of the answer when the lease is as it should be. */
    int status() {
        return switch (action) {
            case ACQUIRE -> 201;
            case RENEW, CHANGE, RELEASE -> 200;
            case BREAK -> 202;
        };
    }

    /** What the answer says of the lease. @param remainingSeconds of a lease that is being broken */
    Reply write(LeaseState lease, int remainingSeconds, Reply reply) {
        return switch (action) {
            case ACQUIRE, RENEW, CHANGE -> reply.header("x-ms-lease-id", lease.id());
            case BREAK -> reply.header("x-ms-lease-time", Integer.toString(Math.max(0, remainingSeconds)));
            case RELEASE -> reply;
        };
    }

    /** What a read of a blob or a container tells of its lease. */
    static void describe(LeaseState lease, long nowMillis, Reply reply) {
        LeaseState.Phase phase = lease.phase(nowMillis);
        reply.header("x-ms-lease-status", status(phase)).header("x-ms-lease-state", state(phase));
        String duration = duration(lease, phase);
        if (duration != null) {
            reply.header("x-ms-lease-duration", duration);
        }
    }

    /** As headers and lists have it, like the next two. */
    static String status(LeaseState.Phase phase) {
        return phase == LeaseState.Phase.LEASED || phase == LeaseState.Phase.BREAKING ? "locked" : "unlocked";
    }

    static String state(LeaseState.Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    /** Null unless it is leased. */
    static String duration(LeaseState lease, LeaseState.Phase phase) {
        if (phase != LeaseState.Phase.LEASED) {
            return null;
        }
        return lease.durationSeconds() == BlobLimits.INFINITE_LEASE_SECONDS ? "infinite" : "fixed";
    }
}
