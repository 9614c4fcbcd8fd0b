package io.lazuli.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.lazuli.cli.CliException;
import io.lazuli.cli.Console;
import io.lazuli.cli.Table;
import io.lazuli.cli.admin.AdminClient;
import io.lazuli.cli.admin.AdminException;
import io.lazuli.cli.command.ConnectionString;
import io.lazuli.cli.local.CloudDirectory;
import io.lazuli.cli.local.CloudStarter;
import io.lazuli.cli.local.LocalNode;
import io.lazuli.cli.local.Processes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The demonstration itself, on a cloud that runs: deploy, feed, kill, watch, prove.
 *
 * <p>Feeder and reader are clients with one endpoint each, as simple programs are; the node that dies is one of the others.
 * The feeder may be started again: each line has an id that follows from the file, so a line fed twice counts once.
 */
final class Demonstration {

    private static final String DEPLOYMENT = "word-count";
    private static final String ROLE = "counter";
    private static final int INSTANCES = 3;
    private static final long DEPLOY_TIMEOUT_MILLIS = 90_000;
    private static final long RECOVERY_TIMEOUT_MILLIS = 120_000;
    /** Pretended work makes counting take about this long, so that there is something to watch. */
    private static final long WATCHABLE_MILLIS = 10_000;
    private static final long MAX_WORK_MILLIS = 200;
    /** The node dies when this part of the lines has been counted. */
    private static final double KILL_AT = 0.3;
    private static final int FEEDER_ATTEMPTS = 5;
    private static final long LOOK_INTERVAL_NANOS = 250_000_000;
    private static final int TOP_WORDS = 10;
    private static final Pattern FED = Pattern.compile("fed (all )?(\\d+)");
    private static final Pattern COUNTED = Pattern.compile("counted (\\d+) of \\d+ lines, (\\d+) duplicates");

    private final Console console;
    private final Path home;
    private final CloudStarter.Result cloud;
    private final Path file;
    private final long expectedLines;
    private final LocalNode endpoint;
    private volatile AdminClient admin;
    private final long beganNanos = System.nanoTime();
    private volatile long fed;
    private volatile boolean fedAll;
    private volatile long totalsWaiting;
    private volatile long counted;
    private volatile long duplicates;
    private volatile String instances = "";
    private volatile boolean over;

    /** @param expectedLines about how many lines the feeder will send */
    Demonstration(Console console, Path home, CloudStarter.Result cloud, Path file, long expectedLines) {
        this.console = console;
        this.home = home;
        this.cloud = cloud;
        this.file = file;
        this.expectedLines = expectedLines;
        this.endpoint = cloud.nodes().getFirst();
        this.admin = CloudDirectory.admin(cloud.nodes(), "the demonstration");
    }

    /** Returns whether the cloud's totals equal the plain count. */
    boolean run() {
        step("%d nodes ready after %.1f s: %s".formatted(
                cloud.nodes().size(), cloud.millis() / 1000.0, String.join(", ", cloud.nodes().stream()
                        .map(node -> node.id() + " (pid " + node.process().map(ProcessHandle::pid).orElse(0L) + ")").toList())));
        deploy();
        LocalNode victim = chooseVictim();
        Recovery recovery = new Recovery(adminWithout(victim), DEPLOYMENT, INSTANCES, victim.id());
        recovery.prepare(admin);
        String connection = ConnectionString.development(endpoint);
        step("feeding with the Azure SDK for Java through " + endpoint.conf().endpoints().get("queue"));
        boolean killed = false;
        Thread.ofVirtual().start(() -> watch(this::ready));
        Thread.ofVirtual().start(() -> watch(this::countFromQueue));
        try (SampleProcess plain = SampleProcess.start(home, "PlainCount", List.of(file.toString()), line -> {})) {
            SampleProcess feeder = startFeeder(connection);
            int attempts = 1;
            while (!fedAll) {
                if (!feeder.isRunning() && !feeder.succeeded()) {
                    if (attempts++ == FEEDER_ATTEMPTS) {
                        feeder.output();
                    }
                    step("the feeder gave up; it starts again with the same lines");
                    feeder = startFeeder(connection);
                }
                killed = killed || killIfDue(victim, recovery);
                look();
            }
            step("all " + fed + " lines fed and acknowledged");
            try (SampleProcess reader = SampleProcess.start(
                    home, "TotalsReader", List.of(connection, Long.toString(fed)), this::readerSaid)) {
                while (reader.isRunning() || !killed || !recovery.isDone()) {
                    killed = killed || killIfDue(victim, recovery);
                    look();
                    giveUpIfTooLate(killed, recovery);
                }
                console.clearProgress();
                return prove(WordTotals.parse(reader.output()), WordTotals.parse(plain.output()), victim, recovery);
            }
        } finally {
            over = true;
            recovery.stop();
        }
    }

    private void deploy() {
        long begin = System.nanoTime();
        long workMillis = Math.clamp(INSTANCES * WATCHABLE_MILLIS / expectedLines, 0, MAX_WORK_MILLIS);
        admin.putFile(
                "/deployments/" + DEPLOYMENT + "?count=" + AdminClient.encode(ROLE + "=" + INSTANCES)
                        + "&set=" + AdminClient.encode(ROLE + ".work-millis=" + workMillis),
                home.resolve("samples/word-count.jar"), "application/java-archive");
        long deadline = begin + DEPLOY_TIMEOUT_MILLIS * 1_000_000;
        while (ready() < INSTANCES) {
            if (System.nanoTime() - deadline > 0) {
                throw new CliException("the instances did not become ready: " + instances);
            }
            console.progress("deploying: " + instances);
            Processes.pause();
        }
        step("word-count deployed, %d instances ready after %.1f s: %s".formatted(
                INSTANCES, (System.nanoTime() - begin) / 1e9, instances));
    }

    private SampleProcess startFeeder(String connection) {
        return SampleProcess.start(home, "Feeder", List.of(connection, file.toString()), line -> {
            Matcher matcher = FED.matcher(line);
            if (matcher.matches()) {
                fed = Math.max(fed, Long.parseLong(matcher.group(2)));
                fedAll = matcher.group(1) != null;
            }
        });
    }

    private void readerSaid(String line) {
        Matcher matcher = COUNTED.matcher(line);
        if (matcher.matches()) {
            counted = Long.parseLong(matcher.group(1));
            duplicates = Long.parseLong(matcher.group(2));
        }
    }

    /** One that runs an instance, is nobody's endpoint, and leads most of the store: the one whose death hurts most. */
    private LocalNode chooseVictim() {
        Map<String, Integer> leads = new HashMap<>();
        admin.get("/status").path("groups").forEach(group -> leads.merge(group.path("leader").asText(), 1, Integer::sum));
        List<String> hosts = new ArrayList<>();
        admin.get("/instances?deployment=" + DEPLOYMENT).path("instances")
                .forEach(instance -> hosts.add(instance.path("node").asText()));
        return cloud.nodes().stream()
                .filter(node -> !node.equals(endpoint))
                .max(Comparator.comparing((LocalNode node) -> hosts.contains(node.id())).thenComparing(node -> leads.getOrDefault(node.id(), 0)))
                .orElseThrow();
    }

    private AdminClient adminWithout(LocalNode victim) {
        return CloudDirectory.admin(cloud.nodes().stream().filter(node -> !node.equals(victim)).toList(), "the demonstration");
    }

    private boolean killIfDue(LocalNode victim, Recovery recovery) {
        boolean due = worked() >= expectedLines * KILL_AT;
        if (!due) {
            return false;
        }
        ProcessHandle process = victim.process().orElseThrow(() -> new CliException(victim.id() + " has ended by itself"));
        console.clearProgress();
        console.print(console.red(at() + "  kill -9 " + process.pid() + "  (" + victim.id() + ", after " + worked() + " lines)"));
        admin = adminWithout(victim);
        process.destroyForcibly();
        recovery.begin();
        return true;
    }

    private void giveUpIfTooLate(boolean killed, Recovery recovery) {
        if (killed && !recovery.isDone() && recovery.sinceKillMillis() > RECOVERY_TIMEOUT_MILLIS) {
            throw new CliException("the cloud did not recover within " + RECOVERY_TIMEOUT_MILLIS / 1000 + " s: " + instances);
        }
    }

    /** Asks the cloud again and again; apart from what is shown and decided, because an answer may take its time. */
    private void watch(Runnable question) {
        while (!over) {
            question.run();
            LockSupport.parkNanos(LOOK_INTERVAL_NANOS);
        }
    }

    private void look() {
        Processes.pause();
        String text = at() + "  fed " + fed + (fedAll ? "" : " of about " + expectedLines) + ", counted " + worked()
                + (duplicates > 0 ? " (" + duplicates + " duplicates)" : "") + "; " + instances;
        console.progress(text);
    }

    /** While nobody reads the totals, as many lines are counted as totals wait. */
    private void countFromQueue() {
        if (fedAll) {
            return;
        }
        try {
            for (JsonNode queue : admin.get("/queues").path("queues")) {
                if (queue.path("name").asText().equals("totals")) {
                    totalsWaiting = queue.path("approximateMessageCount").asLong();
                }
            }
        } catch (AdminException | CliException e) {
            console.progress(at() + "  " + e.getMessage());
        }
    }

    /** Lines that the role has counted, as far as anybody knows yet. */
    private long worked() {
        return Math.max(totalsWaiting, counted);
    }

    private int ready() {
        try {
            int ready = 0;
            List<String> shown = new ArrayList<>();
            for (JsonNode instance : admin.get("/instances?deployment=" + DEPLOYMENT).path("instances")) {
                String state = instance.path("state").asText();
                shown.add(instance.path("role").asText() + "/" + instance.path("index").asText() + " " + state
                        + (instance.path("node").asText("").isEmpty() ? "" : " on " + instance.path("node").asText()));
                ready += state.equalsIgnoreCase("Ready") ? 1 : 0;
            }
            instances = String.join(", ", shown);
            return ready;
        } catch (AdminException | CliException e) {
            instances = "no news of the instances (" + e.getMessage() + ")";
            return 0;
        }
    }

    private boolean prove(WordTotals byCloud, WordTotals byFile, LocalNode victim, Recovery recovery) {
        step("everything is counted\n");
        Table table = new Table("WORD", "CLOUD", "FILE");
        byFile.top(TOP_WORDS).forEach(word -> table.row(word, byCloud.count(word), byFile.count(word)));
        console.print(table.toString());
        List<String> differences = byCloud.differences(byFile);
        console.print("\nWords      %d, %d different; plain count of the file: %d, %d different. %s".formatted(
                byCloud.words(), byCloud.counts().size(), byFile.words(), byFile.counts().size(),
                differences.isEmpty()
                        ? console.green("Equal, word by word.")
                        : console.red("NOT EQUAL: " + differences.subList(0, Math.min(TOP_WORDS, differences.size())))));
        console.print("Lines      %d fed and acknowledged, %d counted, %d delivered twice and counted once, %d lost.".formatted(
                fed, counted, duplicates, fed - counted));
        console.print("Recovery   from kill -9 of %s: every queue took messages again after %s, all %d instances were ready again after %s."
                .formatted(victim.id(), seconds(recovery.queuesMillis()), INSTANCES, seconds(recovery.instancesMillis())));
        return differences.isEmpty() && fed == counted;
    }

    private void step(String text) {
        console.print(at() + "  " + text);
    }

    private String at() {
        return "%6.1f s".formatted((System.nanoTime() - beganNanos) / 1e9);
    }

    private static String seconds(OptionalLong millis) {
        return millis.isPresent() ? "%.1f s".formatted(millis.getAsLong() / 1000.0) : "never";
    }
}
