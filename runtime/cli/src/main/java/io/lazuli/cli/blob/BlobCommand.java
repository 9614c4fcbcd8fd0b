package io.lazuli.cli.blob;

import io.lazuli.cli.ByteCount;
import com.fasterxml.jackson.databind.JsonNode;
import io.lazuli.cli.CliException;
import io.lazuli.cli.Table;
import io.lazuli.cli.admin.AdminClient;
import io.lazuli.cli.command.CloudCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "blob", synopsisSubcommandLabel = "COMMAND", mixinStandardHelpOptions = true,
        description = "Puts, gets and looks after blobs. A blob is named CONTAINER/NAME; what ends with a slash stands for all blobs whose names begin so.",
        subcommands = {
            BlobCommand.Put.class, BlobCommand.Get.class, BlobCommand.ListBlobs.class, BlobCommand.Remove.class, BlobCommand.Copy.class,
            BlobCommand.Url.class
        })
public final class BlobCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "blob: which command?");
    }

    /** What every command about blobs has. */
    abstract static class OfAccount extends CloudCommand {

        private static final int MAX_PARALLEL = 64;

        @Option(names = "--account", paramLabel = "ACCOUNT", defaultValue = "devstoreaccount1", description = "Default: ${DEFAULT-VALUE}.")
        private String account;

        @Override
        public final Integer call() {
            try {
                return run(client());
            } catch (IOException e) {
                throw new CliException(e.getMessage() == null ? e.getClass().getSimpleName() : e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }

        abstract int run(BlobClient client) throws IOException;

        private BlobClient client() {
            AdminClient admin = admin();
            String key = admin.get("/accounts/" + AdminClient.encode(account) + "/keys").path("key1").asText("");
            List<String> endpoints = new ArrayList<>();
            for (JsonNode node : admin.get("/status").path("nodes")) {
                String endpoint = node.path("endpoints").path("blob").asText("");
                if (node.path("state").asText().equals("up") && !endpoint.isEmpty()) {
                    endpoints.add(endpoint + "/" + account);
                }
            }
            if (endpoints.isEmpty() || key.isEmpty()) {
                throw new CliException("no edge node is up that serves the blobs of " + account);
            }
            return new BlobClient(endpoints, new AccountSignature(account, key));
        }

        static ExecutorService workers(int parallel) {
            if (parallel < 1 || parallel > MAX_PARALLEL) {
                throw new CliException("--parallel must be 1 to " + MAX_PARALLEL);
            }
            return Executors.newFixedThreadPool(parallel, Thread.ofPlatform().daemon().name("blob-transfer-", 1).factory());
        }

        /** Told of all blobs whose names begin so, page by page. */
        static void eachPage(BlobClient client, BlobAddress prefix, OfPage handler) throws IOException {
            String marker = null;
            do {
                BlobClient.Page page = client.list(prefix, "", marker);
                handler.accept(page.blobs());
                marker = page.next();
            } while (marker != null);
        }

        interface OfPage {

            void accept(List<BlobClient.Listed> blobs) throws IOException;
        }
    }

    @Command(name = "put", description = {
        "Puts files and, recursively, directories; the container is created if it is not there.",
        "An upload that was interrupted goes on when it is called again."})
    static final class Put extends OfAccount {

        @Parameters(index = "0..*", arity = "2..*", hideParamSyntax = true, paramLabel = "FILE... CONTAINER[/NAME]",
                description = "What is put, then where. Several files need a container or a name that ends with a slash.")
        private List<String> arguments;

        @Option(names = "--parallel", paramLabel = "N", defaultValue = "4", description = "Files or blocks under way at a time (default: ${DEFAULT-VALUE}).")
        private int parallel;

        private record Source(Path file, BlobAddress to) {}

        @Override
        int run(BlobClient client) throws IOException {
            BlobAddress to = BlobAddress.parse(arguments.getLast());
            if (arguments.size() > 2 && !to.isPrefix()) {
                throw new CliException(to + " must end with a slash to take several files");
            }
            List<Source> sources = new ArrayList<>();
            for (String argument : arguments.subList(0, arguments.size() - 1)) {
                collect(Path.of(argument), to, sources);
            }
            long totalBytes = 0;
            for (Source source : sources) {
                totalBytes += Files.size(source.file());
            }
            client.createContainer(to.container());
            Progress progress = new Progress(console(), arguments.getLast(), totalBytes);
            try (ExecutorService workers = workers(parallel); Parallel small = new Parallel(workers, parallel)) {
                Upload upload = new Upload(client, workers, parallel, progress);
                for (Source source : sources) {
                    if (Files.size(source.file()) <= Upload.MAX_WHOLE_BYTES) {
                        small.add(() -> {
                            upload.runWhole(source.file(), source.to());
                            return null;
                        });
                    } else {
                        small.await();
                        upload.run(source.file(), source.to());
                    }
                }
                small.await();
            }
            console().print("Put " + (sources.size() == 1 ? sources.getFirst().to() : sources.size() + " blobs to " + to)
                    + " (" + ByteCount.of(totalBytes) + ").");
            return 0;
        }

        private static void collect(Path given, BlobAddress to, List<Source> sources) throws IOException {
            if (Files.isDirectory(given)) {
                Path root = given.toAbsolutePath().normalize();
                Path above = to.isPrefix() && root.getParent() != null ? root.getParent() : root;
                BlobAddress base = to.isPrefix() ? to : to.child("/");
                try (Stream<Path> files = Files.walk(root)) {
                    files.filter(Files::isRegularFile).sorted().forEach(file ->
                            sources.add(new Source(file, base.child(above.relativize(file).toString().replace('\\', '/')))));
                }
            } else if (Files.isReadable(given)) {
                sources.add(new Source(given, to.isPrefix() ? to.child(given.getFileName().toString()) : to));
            } else {
                throw new CliException("cannot read " + given);
            }
        }
    }

    @Command(name = "get", description = {
        "Gets a blob, or all blobs whose names begin so.", "A download that was interrupted goes on when it is called again."})
    static final class Get extends OfAccount {

        @Parameters(index = "0", paramLabel = "CONTAINER/NAME")
        private String from;

        @Parameters(index = "1", arity = "0..1", paramLabel = "FILE", defaultValue = ".", description = "Where to; a directory that is there takes the blob's name.")
        private Path to;

        @Option(names = "--parallel", paramLabel = "N", defaultValue = "4", description = "Blobs or ranges under way at a time (default: ${DEFAULT-VALUE}).")
        private int parallel;

        @Override
        int run(BlobClient client) throws IOException {
            BlobAddress address = BlobAddress.parse(from);
            try (ExecutorService workers = workers(parallel)) {
                return address.isPrefix() ? getAll(client, address, workers) : getOne(client, address, workers);
            }
        }

        private int getOne(BlobClient client, BlobAddress blob, ExecutorService workers) throws IOException {
            BlobClient.Properties properties = client.properties(blob).orElseThrow(() -> new CliException(blob + ": BlobNotFound"));
            Path file = Files.isDirectory(to) ? within(to, blob.name().substring(blob.name().lastIndexOf('/') + 1)) : to;
            new Download(client, workers, parallel, new Progress(console(), from, properties.lengthBytes())).run(blob, properties, file);
            console().print("Got " + file + " (" + ByteCount.of(properties.lengthBytes()) + ").");
            return 0;
        }

        private int getAll(BlobClient client, BlobAddress prefix, ExecutorService workers) throws IOException {
            Progress progress = new Progress(console(), from, 0);
            Download download = new Download(client, workers, parallel, progress);
            AtomicLong count = new AtomicLong();
            try (Parallel small = new Parallel(workers, parallel)) {
                eachPage(client, prefix, blobs -> {
                    progress.expect(blobs.stream().mapToLong(BlobClient.Listed::lengthBytes).sum());
                    for (BlobClient.Listed listed : blobs) {
                        if (isDirectory(listed)) {
                            continue;
                        }
                        Path file = within(to, listed.name().substring(prefix.name().length()));
                        BlobAddress blob = new BlobAddress(prefix.container(), listed.name());
                        count.incrementAndGet();
                        if (listed.lengthBytes() <= Download.RANGE_BYTES) {
                            small.add(() -> {
                                getSmall(client, download, blob, file);
                                return null;
                            });
                        } else {
                            small.await();
                            BlobClient.Properties properties = client.properties(blob).orElse(null);
                            if (properties != null) {
                                download.run(blob, properties, file);
                            }
                        }
                    }
                });
                small.await();
            }
            if (count.get() == 0) {
                throw new CliException(prefix + ": there is no blob whose name begins so");
            }
            console().print("Got " + count + (count.get() == 1 ? " blob" : " blobs") + " into " + to + " (" + ByteCount.of(progress.totalBytes()) + ").");
            return 0;
        }

        /** What was deleted since it was listed is passed over. */
        private static void getSmall(BlobClient client, Download download, BlobAddress blob, Path file) throws IOException {
            BlobClient.Properties properties = client.properties(blob).orElse(null);
            if (properties != null && properties.lengthBytes() > Download.RANGE_BYTES) {
                throw new CliException(blob + " has changed meanwhile; try again");
            }
            if (properties != null) {
                download.runWhole(blob, properties, file);
            }
        }

        /** Other tools leave such empty blobs to stand for directories. */
        private static boolean isDirectory(BlobClient.Listed blob) {
            return blob.lengthBytes() == 0 && blob.name().endsWith("/");
        }

        /** Names of blobs are anybody's; what is written stays below the directory that was asked for. */
        private static Path within(Path directory, String name) {
            Path root = directory.toAbsolutePath().normalize();
            Path file = root.resolve(name).normalize();
            if (!file.startsWith(root) || file.equals(root)) {
                throw new CliException("the blob's name '" + name + "' is none of a file below " + directory);
            }
            return file;
        }
    }

    @Command(name = "list", description = "Lists a container's blobs, or those whose names begin so.")
    static final class ListBlobs extends OfAccount {

        @Parameters(paramLabel = "CONTAINER[/PREFIX]")
        private String address;

        @Option(names = {"-r", "--recursive"}, description = "Also what is behind the next slash.")
        private boolean recursive;

        @Override
        int run(BlobClient client) {
            BlobAddress prefix = BlobAddress.parse(address);
            Table table = new Table("NAME", "BYTES", "MODIFIED");
            String marker = null;
            do {
                BlobClient.Page page = client.list(prefix, recursive ? "" : "/", marker);
                page.prefixes().forEach(name -> table.row(name, "-", "-"));
                page.blobs().forEach(blob -> table.row(blob.name(), blob.lengthBytes(), blob.modified()));
                marker = page.next();
            } while (marker != null);
            console().print(table.toString());
            return 0;
        }
    }

    @Command(name = "rm", description = "Deletes a blob with its snapshots, or with -r all blobs whose names begin so.")
    static final class Remove extends OfAccount {

        private static final int PARALLEL = 8;

        @Parameters(paramLabel = "CONTAINER/NAME")
        private String address;

        @Option(names = {"-r", "--recursive"}, description = "All blobs whose names begin so; the address must end with a slash or be a container.")
        private boolean recursive;

        @Override
        int run(BlobClient client) throws IOException {
            BlobAddress blob = BlobAddress.parse(address);
            if (blob.isPrefix() != recursive) {
                throw new CliException(recursive ? blob + " must end with a slash" : "deleting all of " + blob + " needs -r");
            }
            if (!recursive) {
                if (!client.delete(blob)) {
                    throw new CliException(blob + ": BlobNotFound");
                }
                console().print("Deleted " + blob + ".");
                return 0;
            }
            AtomicLong deleted = new AtomicLong();
            try (ExecutorService workers = workers(PARALLEL); Parallel underWay = new Parallel(workers, PARALLEL)) {
                eachPage(client, blob, blobs -> {
                    for (BlobClient.Listed listed : blobs) {
                        underWay.add(() -> client.delete(new BlobAddress(blob.container(), listed.name())) ? deleted.incrementAndGet() : null);
                    }
                });
                underWay.await();
            }
            console().print("Deleted " + deleted + (deleted.get() == 1 ? " blob." : " blobs."));
            return 0;
        }
    }

    @Command(name = "cp", description = "Copies a blob within the cloud, without its bytes coming here.")
    static final class Copy extends OfAccount {

        private static final long POLL_MILLIS = 250;

        @Parameters(index = "0", paramLabel = "CONTAINER/NAME", description = "What is copied.")
        private String from;

        @Parameters(index = "1", paramLabel = "CONTAINER[/NAME]", description = "Where to; the container is created if it is not there.")
        private String to;

        @Override
        int run(BlobClient client) {
            BlobAddress source = BlobAddress.parse(from);
            BlobAddress target = BlobAddress.parse(to);
            if (source.isPrefix()) {
                throw new CliException("one blob is copied at a time");
            }
            BlobAddress blob = target.isPrefix() ? target.child(source.name().substring(source.name().lastIndexOf('/') + 1)) : target;
            client.createContainer(blob.container());
            String state = client.copy(source, blob);
            while (state.equals("pending")) {
                console().progress("copying " + source);
                pause();
                state = client.copyState(blob);
            }
            if (!state.equals("success")) {
                throw new CliException(blob + ": the copy ended as " + state);
            }
            console().print("Copied " + source + " to " + blob + ".");
            return 0;
        }

        private static void pause() {
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CliException("interrupted; the copy goes on");
            }
        }
    }

    @Command(name = "url", description = "Makes a URL with which anybody may read a blob, or all of a container, until it expires.")
    static final class Url extends OfAccount {

        @Parameters(paramLabel = "CONTAINER[/NAME]")
        private String address;

        @Option(names = "--hours", paramLabel = "N", defaultValue = "24", description = "Until it expires (default: ${DEFAULT-VALUE}).")
        private int hours;

        @Option(names = "--permissions", paramLabel = "LETTERS", description = "What it grants, as sp has it (default: r, of a container rl).")
        private String permissions;

        @Override
        int run(BlobClient client) {
            BlobAddress blob = BlobAddress.parse(address);
            boolean ofContainer = blob.name().isEmpty();
            if (hours < 1) {
                throw new CliException("--hours must be at least 1");
            }
            String letters = permissions != null ? permissions : ofContainer ? "rl" : "r";
            console().print(client.url(blob) + "?" + client.signature().of(
                    blob.container(), ofContainer ? null : blob.name(), letters, Instant.now().plus(Duration.ofHours(hours))));
            return 0;
        }
    }
}
