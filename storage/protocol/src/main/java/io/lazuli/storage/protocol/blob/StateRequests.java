package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobCommand.Delete.DeleteSnapshots;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobService;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.service.MetadataHeaders;
import java.util.Locale;
import java.util.Map;

/** States of a blob come, go, and are locked. Source: "Snapshot Blob", "Delete Blob", "Undelete Blob", "Lease Blob". */
final class StateRequests {

    private final BlobService blobs;
    private final BlobWrites writes;

    StateRequests(BlobService blobs, BlobWrites writes) {
        this.blobs = blobs;
        this.writes = writes;
    }

    PlannedRequest snapshot(BlobCall call) {
        Map<String, String> named = MetadataHeaders.read(call.head());
        Map<String, String> metadata = named.isEmpty() ? null : named;
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        return new PlannedRequest(0, body -> writes.changeByRules(
                        call, rules -> new BlobCommand.Snapshot(call.name(), metadata, conditions, rules))
                .thenApply(done -> StateHeaders.written(done, Reply.empty(201))
                        .header("x-ms-snapshot", BlobTimes.name(done.snapshotTicks()))));
    }

    PlannedRequest delete(BlobCall call) {
        BlobTarget target = Targets.of(call);
        String named = call.header("x-ms-delete-snapshots");
        DeleteSnapshots snapshots = named == null ? DeleteSnapshots.NONE : switch (named.toLowerCase(Locale.ROOT)) {
            case "include" -> DeleteSnapshots.INCLUDE;
            case "only" -> DeleteSnapshots.ONLY;
            default -> throw Heads.invalid("x-ms-delete-snapshots", named);
        };
        if (!target.isCurrent() && snapshots != DeleteSnapshots.NONE) {
            throw Heads.invalid("x-ms-delete-snapshots", named);
        }
        String type = call.parameter("deletetype");
        boolean permanent = type != null && type.equalsIgnoreCase("permanent");
        if (type != null && !permanent || permanent && target.isCurrent()) {
            throw BadRequests.invalidParameter("deletetype", type, "must be permanent, of a snapshot or version");
        }
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        return new PlannedRequest(0, body -> blobs.rules(call.account()).thenCompose(rules -> blobs.delete(
                        call.account(), call.container(), target, snapshots, permanent, conditions, rules)
                .thenApply(done -> Reply.empty(202).header(
                        "x-ms-delete-type-permanent", Boolean.toString(permanent || rules.deleteRetentionDays() == 0)))));
    }

    PlannedRequest undelete(BlobCall call) {
        return new PlannedRequest(0, body -> blobs.undelete(call.account(), call.container(), call.name())
                .thenApply(done -> Reply.empty(200)));
    }

    PlannedRequest lease(BlobCall call) {
        LeaseHeaders lease = LeaseHeaders.read(call.head());
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        BlobCommand command = new BlobCommand.Lease(
                call.name(), lease.action(), lease.proposedId(), lease.durationSeconds(), lease.breakSeconds(), conditions);
        return new PlannedRequest(0, body -> writes.change(call, command).thenApply(done -> StateHeaders.tag(
                done.state(), lease.write(done.state().lease(), done.leaseSeconds(), Reply.empty(lease.status())))));
    }
}
