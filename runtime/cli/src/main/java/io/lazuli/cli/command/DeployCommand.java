package io.lazuli.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.lazuli.cli.CliException;
import io.lazuli.cli.admin.AdminClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "deploy", description = "Submits a role package (a jar with META-INF/lazuli/service.conf) and waits for its instances.")
public final class DeployCommand extends CloudCommand {

    private static final int DEFAULT_TIMEOUT_SECONDS = 90;

    @Parameters(paramLabel = "FILE|SAMPLE", description = "A jar, or the name of a sample that comes with Lazuli: word-count.")
    private String source;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the deployment (default: the file's name).")
    private String name;

    @Option(names = "--count", paramLabel = "ROLE=N", description = "Instances of a role, instead of the package's number.")
    private List<String> counts = List.of();

    @Option(names = "--set", paramLabel = "ROLE.KEY=VALUE", description = "A setting of a role.")
    private List<String> settings = List.of();

    @Option(names = "--no-wait", negatable = false, description = "Return when the package is stored.")
    private boolean noWait;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "" + DEFAULT_TIMEOUT_SECONDS,
            description = "How long to wait for the instances (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Path file = packageFile(source);
        String deployment = name != null ? name : defaultName(file);
        console().progress("storing " + file.getFileName());
        AdminClient admin = admin();
        admin.putFile(deploymentPath(deployment) + query(), file, "application/java-archive");
        boolean ready = noWait || InstanceWatch.awaitReady(admin, console(), deployment, timeoutSeconds * 1000L);
        console().clearProgress();
        JsonNode instances = admin.get("/instances?deployment=" + AdminClient.encode(deployment));
        if (json) {
            printJson(admin.get(deploymentPath(deployment)));
        } else {
            console().print("Deployed " + deployment + ".");
            console().print(PsCommand.table(instances, System.currentTimeMillis()).toString());
        }
        if (!ready) {
            throw InstanceWatch.notReady(deployment, timeoutSeconds);
        }
        return 0;
    }

    private String query() {
        List<String> parameters = new ArrayList<>();
        Counts.parse(counts).forEach((role, count) -> parameters.add("count=" + AdminClient.encode(role + "=" + count)));
        for (String setting : settings) {
            if (!setting.matches("[^.=]+\\.[^=]+=.*")) {
                throw new CliException("'" + setting + "' should be role.key=value");
            }
            parameters.add("set=" + AdminClient.encode(setting));
        }
        return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    }

    private static Path packageFile(String source) {
        Path file = Path.of(source);
        if (Files.isRegularFile(file)) {
            return file;
        }
        Path samples = Path.of(System.getProperty("lazuli.home", "."), "samples");
        Path sample = samples.resolve(source + ".jar");
        if (source.matches("[a-z0-9-]+") && Files.isRegularFile(sample)) {
            return sample;
        }
        throw new CliException("there is no file and no sample '" + source + "'; samples: " + sampleNames(samples));
    }

    private static String sampleNames(Path samples) {
        try (Stream<Path> files = Files.list(samples)) {
            return String.join(", ", files.map(file -> file.getFileName().toString().replaceFirst("\\.jar$", "")).sorted().toList());
        } catch (IOException e) {
            return "none";
        }
    }

    private static String defaultName(Path file) {
        return file.getFileName().toString().replaceFirst("\\.jar$", "").replaceFirst("-[0-9][0-9A-Za-z.-]*$", "")
                .toLowerCase(Locale.ROOT);
    }
}
