package io.lazuli.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lazuli.cli.CliException;
import io.lazuli.cli.Table;
import io.lazuli.cli.admin.AdminClient;
import io.lazuli.cli.local.Processes;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "account", synopsisSubcommandLabel = "COMMAND", mixinStandardHelpOptions = true,
        description = "Looks after storage accounts and their keys.",
        subcommands = {
            AccountCommand.Create.class, AccountCommand.ListAccounts.class, AccountCommand.Keys.class, AccountCommand.RollKey.class,
            AccountCommand.Delete.class, AccountCommand.Set.class, AccountCommand.Lifecycle.class, AccountCommand.ShowConnectionString.class
        })
public final class AccountCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "account: which command?");
    }

    private static String path(String account) {
        return "/accounts/" + AdminClient.encode(account);
    }

    private static ArrayNode all(AdminClient admin) {
        ArrayNode accounts = JsonNodeFactory.instance.arrayNode();
        String marker = "";
        do {
            JsonNode page = admin.get("/accounts" + (marker.isEmpty() ? "" : "?marker=" + AdminClient.encode(marker)));
            page.path("accounts").forEach(accounts::add);
            marker = page.path("nextMarker").asText("");
        } while (!marker.isEmpty());
        return accounts;
    }

    /** What every command about one account has. */
    abstract static class OneAccount extends CloudCommand {

        @Parameters(paramLabel = "ACCOUNT", description = "3 to 24 of a-z and 0-9.")
        private String account;

        final String account() {
            return account;
        }

        /** Says which nodes could not be reached. */
        final void noteUnconfirmed(JsonNode change) {
            List<String> nodes = new ArrayList<>();
            change.path("unconfirmedNodes").forEach(node -> nodes.add(node.asText()));
            if (!nodes.isEmpty()) {
                console().note(String.join(", ", nodes) + (nodes.size() == 1 ? " does" : " do")
                        + " not answer; until then, or for a minute, what was before holds there");
            }
        }
    }

    @Command(name = "create", description = "Creates an account with two new keys.")
    static final class Create extends OneAccount {

        @Override
        public Integer call() {
            noteUnconfirmed(admin().put(path(account())));
            console().print("Created " + account() + ".");
            return 0;
        }
    }

    @Command(name = "list", description = "Lists accounts.")
    static final class ListAccounts extends CloudCommand {

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        public Integer call() {
            ArrayNode accounts = all(admin());
            if (json) {
                printJson(Map.of("accounts", accounts));
                return 0;
            }
            Table table = new Table("ACCOUNT", "STATE", "CREATED");
            accounts.forEach(account -> {
                long created = account.path("createdAtMillis").asLong();
                table.row(account.path("name").asText(), account.path("state").asText(),
                        created == 0 ? "-" : Instant.ofEpochMilli(created).truncatedTo(ChronoUnit.SECONDS));
            });
            console().print(table.toString());
            return 0;
        }
    }

    @Command(name = "set", description = "Shows an account's settings for its blobs, and changes those that are given.")
    static final class Set extends OneAccount {

        enum Switch { on, off }

        @Option(names = "--versioning", paramLabel = "on|off", description = "Keep former states of blobs as versions.")
        private Switch versioning;

        @Option(names = "--container-retention", paramLabel = "DAYS", description = "Keep deleted containers restorable so long; 0: not at all.")
        private Integer containerRetentionDays;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        public Integer call() {
            List<String> changes = new ArrayList<>();
            if (versioning != null) {
                changes.add("versioning=" + (versioning == Switch.on));
            }
            if (containerRetentionDays != null) {
                changes.add("containerRetentionDays=" + containerRetentionDays);
            }
            String path = path(account()) + "/blob-settings";
            JsonNode settings = changes.isEmpty() ? admin().get(path) : admin().put(path + "?" + String.join("&", changes));
            if (json) {
                printJson(settings);
                return 0;
            }
            Table table = new Table("SETTING", "VALUE");
            table.row("versioning", settings.path("versioning").asBoolean() ? "on" : "off");
            table.row("container-retention", settings.path("containerRetentionDays").asInt() + " days");
            console().print(table.toString());
            return 0;
        }
    }

    @Command(name = "lifecycle", description = {
        "Shows, sets or clears an account's rules for what becomes of its blobs with age.",
        "They are a JSON document in the form of Azure's management policies; the job that looks after blobs follows them."})
    static final class Lifecycle extends OneAccount {

        @ArgGroup
        private Change change;

        private static final class Change {

            @Option(names = "--set", paramLabel = "FILE", description = "Replace them by those of this JSON document.")
            private Path file;

            @Option(names = "--clear", description = "Have none.")
            private boolean clear;
        }

        @Override
        public Integer call() {
            String path = path(account()) + "/lifecycle";
            if (change == null) {
                printJson(admin().get(path));
            } else if (change.clear) {
                admin().delete(path);
                console().print(account() + " has no rules for ages now.");
            } else {
                int rules = admin().putFile(path, change.file, "application/json").path("rules").size();
                console().print(account() + " has " + rules + (rules == 1 ? " rule" : " rules") + " for ages now.");
            }
            return 0;
        }
    }

    @Command(name = "keys", description = "Shows an account's keys.")
    static final class Keys extends OneAccount {

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        public Integer call() {
            JsonNode keys = admin().get(path(account()) + "/keys");
            if (json) {
                printJson(keys);
                return 0;
            }
            Table table = new Table("KEY", "VALUE");
            table.row("1", keys.path("key1").asText());
            if (keys.has("key2")) {
                table.row("2", keys.path("key2").asText());
            }
            console().print(table.toString());
            return 0;
        }
    }

    @Command(name = "roll-key", description = "Replaces one of an account's keys; the old one is good for nothing any more.")
    static final class RollKey extends OneAccount {

        @Parameters(paramLabel = "1|2", description = "Which key.")
        private int number;

        @Override
        public Integer call() {
            noteUnconfirmed(admin().post(path(account()) + "/keys/" + number + "/roll", Map.of()));
            console().print("Rolled key " + number + " of " + account() + ".");
            return 0;
        }
    }

    @Command(name = "delete", description = "Deletes an account and everything that storage keeps of it.")
    static final class Delete extends OneAccount {

        /** A large account takes long; it goes on without this. */
        private static final long DELETE_TIMEOUT_MILLIS = 120_000;

        @Option(names = "--no-wait", description = "Do not wait until its data are gone; its keys are void at once.")
        private boolean noWait;

        @Override
        public Integer call() {
            AdminClient admin = admin();
            noteUnconfirmed(admin.delete(path(account())));
            long deadline = System.nanoTime() + DELETE_TIMEOUT_MILLIS * 1_000_000;
            while (!noWait) {
                Optional<String> state = state(admin);
                if (state.isEmpty()) {
                    break;
                }
                if (state.get().equals("active")) {
                    throw new CliException(account() + " was not deleted and is active again: it holds blobs that became immutable meanwhile");
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new CliException("the data of " + account() + " are still being deleted; 'lazuli account list' shows when they are gone");
                }
                console().progress("deleting the data of " + account());
                Processes.pause();
            }
            console().print("Deleted " + account() + ".");
            return 0;
        }

        /** Empty if there is no such account. */
        private Optional<String> state(AdminClient admin) {
            for (JsonNode account : all(admin)) {
                if (account.path("name").asText().equals(account())) {
                    return Optional.of(account.path("state").asText());
                }
            }
            return Optional.empty();
        }
    }

    @Command(name = "connection-string", description = "Prints what an Azure Storage SDK is given to use an account.")
    static final class ShowConnectionString extends OneAccount {

        @Option(names = "--node", paramLabel = "ID", description = "The node whose endpoints it names (default: the first that is up).")
        private String node;

        @Option(names = "--key", paramLabel = "1|2", defaultValue = "1", description = "Which key (default: ${DEFAULT-VALUE}).")
        private int number;

        @Override
        public Integer call() {
            AdminClient admin = admin();
            JsonNode keys = admin.get(path(account()) + "/keys");
            String key = keys.path("key" + number).asText("");
            if (key.isEmpty()) {
                throw new CliException(account() + " has no key " + number);
            }
            JsonNode endpoints = endpoints(admin.get("/status"));
            console().print(ConnectionString.of(
                    account(), key, endpoints.path("queue").asText(), endpoint(endpoints, "table"), endpoint(endpoints, "blob")));
            return 0;
        }

        private static Optional<String> endpoint(JsonNode endpoints, String service) {
            return Optional.of(endpoints.path(service).asText("")).filter(url -> !url.isEmpty());
        }

        private JsonNode endpoints(JsonNode status) {
            for (JsonNode candidate : status.path("nodes")) {
                boolean wanted = node == null ? candidate.path("state").asText().equals("up") : candidate.path("id").asText().equals(node);
                if (wanted && candidate.path("endpoints").has("queue")) {
                    return candidate.path("endpoints");
                }
            }
            throw new CliException(node == null ? "no edge node is up" : "there is no edge node '" + node + "'");
        }
    }
}
