package io.lazuli.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.lazuli.cli.Console;
import io.lazuli.cli.Main;
import io.lazuli.cli.admin.AdminClient;
import io.lazuli.cli.local.CloudDirectory;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every command has at hand: the console, the cloud's directory and a client of its management API. */
@Command(mixinStandardHelpOptions = true, sortOptions = false)
public abstract class CloudCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @Spec
    private CommandSpec spec;

    protected final Main main() {
        return (Main) spec.root().userObject();
    }

    protected final Console console() {
        return main().console();
    }

    protected final CloudDirectory directory() {
        return new CloudDirectory(main().data());
    }

    /** Talks to the endpoints of the command line, or else to any node of the cloud's directory. */
    protected final AdminClient admin() {
        List<String> given = main().endpoints();
        if (!given.isEmpty()) {
            return new AdminClient(given, main().token(), String.join(", ", given));
        }
        CloudDirectory directory = directory();
        return CloudDirectory.admin(directory.nodes(), directory.root().toString());
    }

    protected final void printJson(Object value) {
        try {
            console().print(JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A path below {@code /deployments}. */
    protected static String deploymentPath(String name) {
        return "/deployments/" + AdminClient.encode(name);
    }
}
