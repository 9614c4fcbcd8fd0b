package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.partition.blob.AccessTier;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobCommand.SequenceAction;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.ImmutabilityPolicy;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.StorageProtocol.PlannedRequest;
import io.lazuli.storage.protocol.service.MetadataHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Changes of what a blob says of itself. Source: "Set Blob Properties", "Set Blob Metadata", "Set Blob Tags", "Set Blob Tier", "Set Blob
 * Immutability Policy", "Set Blob Legal Hold".
 */
final class PropertyRequests {

    private static final List<String> OWN_HEADERS = List.of(
            "x-ms-blob-content-type", "x-ms-blob-content-encoding", "x-ms-blob-content-language", "x-ms-blob-content-disposition",
            "x-ms-blob-cache-control", "x-ms-blob-content-md5");

    private final BlobWrites writes;

    PropertyRequests(BlobWrites writes) {
        this.writes = writes;
    }

    /** A page blob's size and number leave its headers as they are, unless some of these are named too. */
    PlannedRequest setProperties(BlobCall call) {
        BlobHeaders headers = DraftHeaders.ofBlob(call.head());
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        BlobCommand.SetPageBlob ofPages = ofPages(call, conditions);
        boolean ofHeaders = ofPages == null || OWN_HEADERS.stream().anyMatch(name -> call.header(name) != null);
        return new PlannedRequest(0, body -> {
            CompletionStage<BlobReply.Done> done;
            if (ofPages == null) {
                done = writes.change(call, new BlobCommand.SetHeaders(call.name(), headers, conditions));
            } else if (ofHeaders) {
                done = writes.change(call, ofPages).thenCompose(changed ->
                        writes.change(call, new BlobCommand.SetHeaders(call.name(), headers, Conditions.ofLease(call.head()))));
            } else {
                done = writes.change(call, ofPages);
            }
            return done.thenApply(changed -> answer(changed.state()));
        });
    }

    private static Reply answer(BlobState state) {
        Reply reply = StateHeaders.tag(state, Reply.empty(200));
        return switch (state.kind()) {
            case PAGE -> reply.header("x-ms-blob-sequence-number", Long.toString(state.sequenceNumber()));
            case BLOCK, APPEND -> reply;
        };
    }

    private static BlobCommand.SetPageBlob ofPages(BlobCall call, BlobConditions conditions) {
        Long sizeBytes = call.header("x-ms-blob-content-length") == null ? null : (Long) PutRequests.pageBlobSize(call);
        String named = call.header("x-ms-sequence-number-action");
        Long number = Heads.number(call.head(), "x-ms-blob-sequence-number", 0, Long.MAX_VALUE);
        if (named == null) {
            if (number != null) {
                throw Heads.missing("x-ms-sequence-number-action");
            }
            return sizeBytes == null ? null : new BlobCommand.SetPageBlob(call.name(), sizeBytes, null, null, conditions);
        }
        SequenceAction action = switch (named.toLowerCase(Locale.ROOT)) {
            case "max" -> SequenceAction.MAX;
            case "update" -> SequenceAction.UPDATE;
            case "increment" -> SequenceAction.INCREMENT;
            default -> throw Heads.invalid("x-ms-sequence-number-action", named);
        };
        if (action == SequenceAction.INCREMENT && number != null) {
            throw Heads.invalid("x-ms-blob-sequence-number", number.toString());
        }
        if (action != SequenceAction.INCREMENT && number == null) {
            throw Heads.missing("x-ms-blob-sequence-number");
        }
        return new BlobCommand.SetPageBlob(call.name(), sizeBytes, action, number, conditions);
    }

    PlannedRequest setMetadata(BlobCall call) {
        Map<String, String> metadata = MetadataHeaders.read(call.head());
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        return new PlannedRequest(0, body -> writes.changeByRules(
                        call, rules -> new BlobCommand.SetMetadata(call.name(), metadata, conditions, rules))
                .thenApply(done -> StateHeaders.written(done, Reply.empty(200))));
    }

    PlannedRequest setTags(BlobCall call) {
        BlobTarget target = Targets.of(call);
        BlobConditions conditions = Conditions.of(call.head(), call.nowMillis());
        BodyDigests digests = BodyDigests.of(call.head());
        return new PlannedRequest(BlobTags.MAX_BODY_BYTES, body -> {
            digests.checked(body);
            return writes.change(call, new BlobCommand.SetTags(target, BlobTags.ofXml(body), conditions))
                    .thenApply(done -> Reply.empty(204));
        });
    }

    PlannedRequest setTier(BlobCall call) {
        Heads.required(call.head(), "x-ms-access-tier");
        AccessTier tier = DraftHeaders.tier(call.head());
        String priority = call.header("x-ms-rehydrate-priority");
        boolean high = "High".equalsIgnoreCase(priority);
        if (priority != null && !high && !priority.equalsIgnoreCase("Standard")) {
            throw Heads.invalid("x-ms-rehydrate-priority", priority);
        }
        BlobCommand command = new BlobCommand.SetTier(Targets.of(call), tier, high, Conditions.of(call.head(), call.nowMillis()));
        return new PlannedRequest(0, body -> writes.change(call, command).thenApply(done -> Reply.empty(done.accepted() ? 202 : 200)));
    }

    PlannedRequest setImmutability(BlobCall call) {
        Heads.required(call.head(), "x-ms-immutability-policy-until-date");
        ImmutabilityPolicy policy = DraftHeaders.immutability(call.head(), call.nowMillis());
        BlobCommand command = new BlobCommand.SetImmutability(Targets.of(call), policy, Conditions.of(call.head(), call.nowMillis()));
        return new PlannedRequest(0, body -> writes.change(call, command)
                .thenApply(done -> StateHeaders.immutability(done.state(), Reply.empty(200))));
    }

    PlannedRequest deleteImmutability(BlobCall call) {
        BlobCommand command = new BlobCommand.SetImmutability(Targets.of(call), null, Conditions.of(call.head(), call.nowMillis()));
        return new PlannedRequest(0, body -> writes.change(call, command).thenApply(done -> Reply.empty(200)));
    }

    PlannedRequest setLegalHold(BlobCall call) {
        Heads.required(call.head(), "x-ms-legal-hold");
        boolean hold = Heads.flag(call.head(), "x-ms-legal-hold");
        BlobCommand command = new BlobCommand.SetLegalHold(Targets.of(call), hold, Conditions.of(call.head(), call.nowMillis()));
        return new PlannedRequest(0, body -> writes.change(call, command)
                .thenApply(done -> Reply.empty(200).header("x-ms-legal-hold", Boolean.toString(hold))));
    }
}
