package io.lazuli.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lazuli.cli.CliException;
import io.lazuli.cli.Table;
import io.lazuli.cli.admin.AdminClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "queue", synopsisSubcommandLabel = "COMMAND", mixinStandardHelpOptions = true,
        description = "Looks after queues and their messages.",
        subcommands = {
            QueueCommand.ListQueues.class, QueueCommand.Create.class, QueueCommand.Delete.class, QueueCommand.Put.class,
            QueueCommand.Get.class, QueueCommand.Peek.class
        })
public final class QueueCommand implements Runnable {

    private static final int MAX_MESSAGE_BYTES = 64 * 1024;
    private static final int MAX_MESSAGES = 32;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "queue: which command?");
    }

    private static String path(String queue) {
        return "/queues/" + AdminClient.encode(queue);
    }

    @Command(name = "list", description = "Lists queues with the approximate number of their messages.")
    static final class ListQueues extends CloudCommand {

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        public Integer call() {
            ArrayNode queues = all(admin());
            if (json) {
                printJson(Map.of("queues", queues));
                return 0;
            }
            Table table = new Table("QUEUE", "MESSAGES");
            queues.forEach(queue -> table.row(queue.path("name").asText(), queue.path("approximateMessageCount").asText()));
            console().print(table.toString());
            return 0;
        }

        private static ArrayNode all(AdminClient admin) {
            ArrayNode queues = JsonNodeFactory.instance.arrayNode();
            String marker = "";
            do {
                JsonNode page = admin.get("/queues" + (marker.isEmpty() ? "" : "?marker=" + AdminClient.encode(marker)));
                page.path("queues").forEach(queues::add);
                marker = page.path("nextMarker").asText("");
            } while (!marker.isEmpty());
            return queues;
        }
    }

    @Command(name = "create", description = "Creates a queue; one that is there is left as it is.")
    static final class Create extends CloudCommand {

        @Parameters(paramLabel = "QUEUE")
        private String queue;

        @Override
        public Integer call() {
            admin().put(path(queue));
            return 0;
        }
    }

    @Command(name = "delete", description = "Deletes a queue and every message in it.")
    static final class Delete extends CloudCommand {

        @Parameters(paramLabel = "QUEUE")
        private String queue;

        @Override
        public Integer call() {
            admin().delete(path(queue));
            return 0;
        }
    }

    @Command(name = "put", description = "Puts a message into a queue.")
    static final class Put extends CloudCommand {

        @Parameters(index = "0", paramLabel = "QUEUE")
        private String queue;

        @Parameters(index = "1", paramLabel = "TEXT", description = "The message, or - to read it from standard input.")
        private String text;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        public Integer call() {
            JsonNode answer = admin().post(path(queue) + "/messages", Map.of("text", text.equals("-") ? standardInput() : text));
            if (json) {
                printJson(answer);
            }
            return 0;
        }

        private static String standardInput() {
            try (InputStream input = System.in) {
                byte[] bytes = input.readNBytes(MAX_MESSAGE_BYTES + 1);
                if (bytes.length > MAX_MESSAGE_BYTES) {
                    throw new CliException("a message has at most " + MAX_MESSAGE_BYTES + " bytes");
                }
                return new String(bytes, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new CliException("cannot read standard input: " + e.getMessage());
            }
        }
    }

    @Command(name = "get", description = {
        "Receives messages: nobody else sees them until their visibility timeout ends.", "With --delete they are gone for good."})
    static final class Get extends CloudCommand {

        @Parameters(paramLabel = "QUEUE")
        private String queue;

        @Option(names = {"-n", "--count"}, paramLabel = "N", defaultValue = "1",
                description = "Messages, 1 to " + MAX_MESSAGES + " (default: ${DEFAULT-VALUE}).")
        private int count;

        @Option(names = "--visibility-timeout", paramLabel = "SECONDS", defaultValue = "30",
                description = "How long they are hidden (default: ${DEFAULT-VALUE}).")
        private int visibilityTimeoutSeconds;

        @Option(names = "--delete", description = "Delete what was received.")
        private boolean delete;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        public Integer call() {
            JsonNode answer = admin().post(
                    path(queue) + "/receive?count=" + count + "&visibilityTimeoutSeconds=" + visibilityTimeoutSeconds + "&delete=" + delete,
                    Map.of());
            printMessages(this, answer, json);
            return 0;
        }
    }

    @Command(name = "peek", description = "Shows the first visible messages and leaves them as they are.")
    static final class Peek extends CloudCommand {

        @Parameters(paramLabel = "QUEUE")
        private String queue;

        @Option(names = {"-n", "--count"}, paramLabel = "N", defaultValue = "1",
                description = "Messages, 1 to " + MAX_MESSAGES + " (default: ${DEFAULT-VALUE}).")
        private int count;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        public Integer call() {
            printMessages(this, admin().get(path(queue) + "/peek?count=" + count), json);
            return 0;
        }
    }

    private static void printMessages(CloudCommand command, JsonNode answer, boolean json) {
        if (json) {
            command.printJson(answer);
        } else if (answer.path("messages").isEmpty()) {
            command.console().note("no visible message");
        } else {
            answer.path("messages").forEach(message -> command.console().print(message.path("text").asText()));
        }
    }
}
