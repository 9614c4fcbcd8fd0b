package io.lazuli.cli;

import io.lazuli.cli.admin.AdminException;
import io.lazuli.cli.blob.BlobCommand;
import io.lazuli.cli.command.AccountCommand;
import io.lazuli.cli.command.BuildCommand;
import io.lazuli.cli.command.DeployCommand;
import io.lazuli.cli.command.DownCommand;
import io.lazuli.cli.command.LogsCommand;
import io.lazuli.cli.command.NodeCommand;
import io.lazuli.cli.command.PsCommand;
import io.lazuli.cli.command.QueueCommand;
import io.lazuli.cli.command.RehearseCommand;
import io.lazuli.cli.command.RemoveCommand;
import io.lazuli.cli.command.RestartCommand;
import io.lazuli.cli.command.ScaleCommand;
import io.lazuli.cli.command.StatusCommand;
import io.lazuli.cli.command.UpCommand;
import io.lazuli.cli.demo.DemoCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command line: a client of a cloud's management API, and the keeper of the node processes of this machine. It keeps
 * no state of its own; what it knows it reads from the data directory and asks the cloud.
 *
 * <p>Exit status: 0 done, 1 it went wrong (one line on standard error says why), 2 the command line was not understood.
 */
@Command(
        name = "lazuli",
        synopsisSubcommandLabel = "COMMAND",
        description = "A cloud that you run yourself.",
        mixinStandardHelpOptions = true,
        version = "lazuli 0.1",
        subcommands = {
            UpCommand.class, DownCommand.class, StatusCommand.class, DeployCommand.class, PsCommand.class, ScaleCommand.class,
            RestartCommand.class, LogsCommand.class, RemoveCommand.class, AccountCommand.class, QueueCommand.class, BlobCommand.class,
            DemoCommand.class, NodeCommand.class, BuildCommand.class, RehearseCommand.class
        })
public final class Main implements Runnable {

    private static final int DEFAULT_COLUMNS = 80;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", scope = ScopeType.INHERIT,
            description = "Directory of the cloud on this machine (default: $LAZULI_DATA or ~/.lazuli).")
    private Path data;

    @Option(names = "--endpoint", paramLabel = "URL", scope = ScopeType.INHERIT,
            description = "Admin endpoint of a cloud anywhere, for example http://host:10080; may be repeated.")
    private List<String> endpoints = List.of();

    @Option(names = "--token", paramLabel = "TOKEN", scope = ScopeType.INHERIT,
            description = "For --endpoint, the nodes' lazuli.admin.token (default: $LAZULI_ADMIN_TOKEN).")
    private String token;

    Main(Console console) {
        this.console = console;
    }

    public static void main(String[] arguments) {
        Console console = new Console(
                System.out, System.err, Boolean.getBoolean("lazuli.terminal"), Integer.getInteger("lazuli.columns", DEFAULT_COLUMNS));
        System.exit(run(console, arguments));
    }

    /** Runs one command and returns its exit status. */
    public static int run(Console console, String... arguments) {
        Main main = new Main(console);
        return new CommandLine(main)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, args) -> misunderstood(console, e))
                .setExecutionExceptionHandler((e, line, result) -> failed(console, e))
                .execute(arguments);
    }

    /** The cloud's directory on this machine. */
    public Path data() {
        if (data != null) {
            return data;
        }
        String configured = System.getenv("LAZULI_DATA");
        return configured != null && !configured.isBlank()
                ? Path.of(configured)
                : Path.of(System.getProperty("user.home"), ".lazuli");
    }

    /** The directory that the command line names, if it does. */
    public Optional<Path> givenData() {
        return Optional.ofNullable(data);
    }

    /** Admin endpoints given on the command line; empty to use those of the cloud in {@link #data()}. */
    public List<String> endpoints() {
        return endpoints.stream().map(endpoint -> endpoint.replaceFirst("/+$", "")).toList();
    }

    /** What goes with {@link #endpoints()}; a local cloud's token is in its own configuration. */
    public Optional<String> token() {
        return Optional.ofNullable(token).or(() -> Optional.ofNullable(System.getenv("LAZULI_ADMIN_TOKEN"))).filter(text -> !text.isBlank());
    }

    public Console console() {
        return console;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    private static int misunderstood(Console console, ParameterException e) {
        console.note("lazuli: " + firstLine(e));
        console.note("'" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help' tells what there is.");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Console console, Exception e) throws Exception {
        if (e instanceof CliException) {
            console.note("lazuli: " + e.getMessage());
        } else if (e instanceof AdminException refused) {
            console.note("lazuli: " + refused.getMessage() + " (" + refused.code() + ")");
        } else {
            throw e;
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("the command line was not understood");
    }
}
