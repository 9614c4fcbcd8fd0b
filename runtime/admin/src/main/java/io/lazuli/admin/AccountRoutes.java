package io.lazuli.admin;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What the API does with storage accounts. Keeps no state; keys are in answers and nowhere else. */
final class AccountRoutes {

    private static final int DEFAULT_PAGE = 1_000;
    private static final int MAX_PAGE = 5_000;

    private final AccountOperations accounts;
    private final BlobSettingsOperations blobSettings;

    AccountRoutes(AccountOperations accounts, BlobSettingsOperations blobSettings) {
        this.accounts = accounts;
        this.blobSettings = blobSettings;
    }

    CompletionStage<Answer> list(RoutingContext request) {
        int maxResults = (int) Parameters.number(request, "maxResults", DEFAULT_PAGE, 1, MAX_PAGE);
        return accounts.list(Parameters.text(request, "marker", ""), maxResults).thenApply(page -> Answer.ok(AdminJson.accounts(page)));
    }

    CompletionStage<Answer> create(RoutingContext request) {
        return accounts.create(account(request)).thenApply(change -> Answer.created(AdminJson.change(change)));
    }

    CompletionStage<Answer> keys(RoutingContext request) {
        return accounts.keys(account(request)).thenApply(keys -> Answer.ok(AdminJson.keys(keys)));
    }

    CompletionStage<Answer> rollKey(RoutingContext request) {
        int number = (int) Parameters.number("key", request.pathParam("key"), 1, 2);
        return accounts.rollKey(account(request), number).thenApply(change -> Answer.ok(AdminJson.change(change)));
    }

    /** Accepted: the keys are void, the data are being deleted. */
    CompletionStage<Answer> delete(RoutingContext request) {
        return accounts.delete(account(request)).thenApply(change -> new Answer(202, AdminJson.change(change)));
    }

    CompletionStage<Answer> blobSettings(RoutingContext request) {
        return blobSettings.blobSettings(account(request)).thenApply(settings -> Answer.ok(AdminJson.blobSettings(settings)));
    }

    /** Changes what the query names. */
    CompletionStage<Answer> setBlobSettings(RoutingContext request) {
        boolean ofVersioning = !Parameters.text(request, "versioning", "").isEmpty();
        boolean ofRetention = !Parameters.text(request, "containerRetentionDays", "").isEmpty();
        return blobSettings.setBlobSettings(
                account(request),
                ofVersioning ? Optional.of(Parameters.bool(request, "versioning", false)) : Optional.empty(),
                ofRetention ? Optional.of((int) Parameters.number(
                        request, "containerRetentionDays", 0, 0, BlobSettingsOperations.MAX_CONTAINER_RETENTION_DAYS)) : Optional.empty())
                .thenApply(settings -> Answer.ok(AdminJson.blobSettings(settings)));
    }

    CompletionStage<Answer> lifecycle(RoutingContext request) {
        return blobSettings.lifecycle(account(request)).thenApply(policy -> Answer.ok(new JsonObject(policy)));
    }

    CompletionStage<Answer> setLifecycle(RoutingContext request) {
        return blobSettings.setLifecycle(account(request), Parameters.bytes(request)).thenApply(policy -> Answer.ok(new JsonObject(policy)));
    }

    CompletionStage<Answer> clearLifecycle(RoutingContext request) {
        return blobSettings.clearLifecycle(account(request)).thenApply(policy -> Answer.ok(new JsonObject(policy)));
    }

    private static String account(RoutingContext request) {
        return Parameters.account(request.pathParam("account"));
    }
}
