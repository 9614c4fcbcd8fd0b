package io.lazuli.storage.protocol.conformance;

import io.lazuli.security.AccountSas;
import io.lazuli.security.ConfiguredAccounts;
import io.lazuli.security.SigningKey;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Sends mutated requests (filters, JSON, batches, headers, signatures, addresses) to a table service, one after the other over
 * connections that are kept while the server keeps them. What must not happen: an answer of status 500, no answer in time, an
 * answer that is none, a connection that serves no next request although nobody said so, or a change of data that no request
 * named. The seed makes a run repeatable (but for times).
 */
public final class TableFuzz {

    private static final int ANSWER_TIMEOUT_MILLIS = 30_000;
    private static final int PROBE_INTERVAL = 50;
    private static final int KNOWN_ENTITIES = 50;
    private static final int MAX_PROBLEMS = 20;
    private static final int REPORTS = 10;

    private final URI endpoint;
    private final SigningKey key;
    private final Random random;
    private final FuzzSeeds seeds;
    private final List<String> problems = new ArrayList<>();
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private Wire wire;

    /** @param endpoint with the account as its path */
    public TableFuzz(URI endpoint, String accountKey, long seed) {
        this.endpoint = endpoint;
        this.key = SigningKey.ofBase64(accountKey);
        this.random = new Random(seed);
        this.seeds = new FuzzSeeds(random);
    }

    /** Options: {@code --endpoint URL --key KEY --requests N --seed N --pid PID,PID} (of the servers, for their memory). */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> options = new HashMap<>(Map.of("--endpoint", "http://127.0.0.1:10002/devstoreaccount1",
                "--key", ConfiguredAccounts.DEVELOPMENT_KEY, "--requests", "100000", "--seed", Long.toString(System.nanoTime()), "--pid", ""));
        for (int i = 0; i < arguments.length; i += 2) {
            if (!options.containsKey(arguments[i]) || i + 1 == arguments.length) {
                System.err.println("table-fuzz [--endpoint URL] [--key KEY] [--requests N] [--seed N] [--pid PID,PID]");
                System.exit(2);
            }
            options.put(arguments[i], arguments[i + 1]);
        }
        List<String> pids = List.of(options.get("--pid").split(","));
        System.out.println("seed " + options.get("--seed"));
        TableFuzz fuzz = new TableFuzz(URI.create(options.get("--endpoint")), options.get("--key"), Long.parseLong(options.get("--seed")));
        int requests = Integer.parseInt(options.get("--requests"));
        List<String> problems = fuzz.run(requests, done -> System.out.printf("%,d requests, resident memory %s%n", done, residentMegabytes(pids)));
        System.out.println("answers by status: " + fuzz.statuses);
        problems.forEach(System.out::println);
        System.out.println(problems.isEmpty() ? "no 500, no hang, data unchanged" : problems.size() + " problems");
        System.exit(problems.isEmpty() ? 0 : 1);
    }

    private static String residentMegabytes(List<String> pids) {
        StringBuilder out = new StringBuilder();
        for (String pid : pids) {
            try {
                if (!pid.isEmpty()) {
                    Files.readAllLines(Path.of("/proc", pid, "status")).stream().filter(line -> line.startsWith("VmRSS:"))
                            .forEach(line -> out.append(Long.parseLong(line.replaceAll("\\D", "")) / 1024).append(" MB "));
                }
            } catch (IOException e) {
                out.append("? ");
            }
        }
        return out.toString();
    }

    /** Told from time to time. */
    public interface Progress {
        void after(int requests);
    }

    /** Returns what must not have happened. */
    public List<String> run(int requests, Progress progress) throws IOException {
        String known = "Known" + UUID.randomUUID().toString().replace("-", "");
        wire = new Wire(endpoint);
        valid("POST", "/Tables", "{\"TableName\":\"" + known + "\"}", 201);
        createScratch();
        for (int i = 0; i < KNOWN_ENTITIES; i++) {
            valid("POST", "/" + known, "{\"PartitionKey\":\"p\",\"RowKey\":\"" + i + "\",\"v\":\"é" + i + "\",\"d\":1.5}", 201);
        }
        String before = valid("GET", "/" + known + "()", "", 200).body();
        for (int sent = 0; sent < requests && problems.size() < MAX_PROBLEMS; sent++) {
            FuzzSeeds.Request request = seeds.next();
            check(request, bytes(request));
            if (sent % PROBE_INTERVAL == 0) {
                valid("GET", "/" + known + "(PartitionKey='p',RowKey='1')", "", 200);
                createScratch();
            }
            if (sent % Math.max(1, requests / REPORTS) == 0) {
                progress.after(sent);
            }
        }
        String after = valid("GET", "/" + known + "()", "", 200).body();
        if (!before.equals(after)) {
            problem("known data changed", after);
        }
        valid("DELETE", "/Tables('" + known + "')", "", 204);
        wire.close();
        return problems;
    }

    public Map<Integer, Integer> statuses() {
        return statuses;
    }

    private void createScratch() throws IOException {
        Answer answer = wire.exchange(head("POST", "/Tables?" + sas("rwdlacu"), List.of("Content-Type: application/json"), "{\"TableName\":\"Scratch\"}"), false);
        if (answer.status() != 201 && answer.status() != 409) {
            problem("Scratch could not be created", answer.toString());
        }
    }

    private void check(FuzzSeeds.Request request, byte[] bytes) {
        try {
            Answer answer = wire.exchange(bytes, request.method().equals("HEAD"));
            statuses.merge(answer.status(), 1, Integer::sum);
            if (answer.status() == 500 || answer.body().contains("InternalError")) {
                problem("answered " + answer.status() + " " + answer.body(), shown(bytes));
            }
        } catch (IOException | RuntimeException e) {
            problem("no answer: " + e, shown(bytes));
            wire.close();
        }
    }

    private Answer valid(String method, String path, String body, int expected) throws IOException {
        Answer answer = wire.exchange(head(method, path + "?" + sas("rwdlacu"), List.of("Content-Type: application/json", "Accept: application/json;odata=nometadata"), body), false);
        if (answer.status() != expected) {
            problem(method + " " + path + " answered " + answer, "a valid request");
        }
        return answer;
    }

    private void problem(String what, String request) {
        problems.add(what + "\n    " + request);
    }

    private static String shown(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return (text.length() > 3000 ? text.substring(0, 3000) + "…" : text).replace("\r\n", "\\r\\n");
    }

    private String sas(String permissions) {
        return AccountSas.until(Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString(), "t", "sco", permissions)
                .token(endpoint.getPath().substring(1), key);
    }

    /** Signed, mostly well. */
    private byte[] bytes(FuzzSeeds.Request request) {
        String sas = random.nextInt(10) == 0 ? seeds.mutated(sas("rwdlacu")) : sas("rwdlacu");
        String path = request.path() + (request.path().contains("?") ? "&" : "?") + sas;
        StringBuilder safe = new StringBuilder(path.length());
        for (char c : path.toCharArray()) {
            boolean framing = c <= ' ' || c == 0x7f;
            safe.append(framing ? String.format("%%%02X", (int) c) : Character.toString(c));
        }
        List<String> headers = request.headers().stream().map(header -> header.replaceAll("[\\r\\n]", "")).toList();
        return head(request.method(), safe.toString(), headers, request.body());
    }

    private byte[] head(String method, String path, List<String> headers, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(method + " " + endpoint.getPath() + path + " HTTP/1.1\r\nHost: " + endpoint.getAuthority() + "\r\nx-ms-version: 2021-12-02\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        if (content.length > 0 || !method.equals("GET") && !method.equals("HEAD")) {
            head.append("Content-Length: ").append(content.length).append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(start, start.length + content.length);
        System.arraycopy(content, 0, all, start.length, content.length);
        return all;
    }

    private record Answer(int status, String body) {}

    /** A connection that is opened anew after the server said that it ends it. */
    private static final class Wire {

        private final URI endpoint;
        private Socket socket;
        private InputStream in;

        Wire(URI endpoint) {
            this.endpoint = endpoint;
        }

        Answer exchange(byte[] request, boolean head) throws IOException {
            if (socket == null) {
                socket = new Socket(endpoint.getHost(), endpoint.getPort());
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
                in = new BufferedInputStream(socket.getInputStream());
            }
            try {
                socket.getOutputStream().write(request);
            } catch (IOException e) {
                // Refused while it was being sent: the answer may be there all the same.
                return read(head);
            }
            return read(head);
        }

        private Answer read(boolean head) throws IOException {
            String statusLine = line();
            if (!statusLine.matches("HTTP/1\\.[01] [1-5]\\d\\d.*")) {
                throw new IOException("no status: " + statusLine);
            }
            int status = Integer.parseInt(statusLine.substring(9, 12));
            int length = 0;
            boolean close = statusLine.startsWith("HTTP/1.0");
            for (String header = line(); !header.isEmpty(); header = line()) {
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(header.substring(15).trim());
                }
                close |= lower.equals("connection: close");
            }
            if (status == 100) {
                return read(head);
            }
            byte[] body = head || status == 204 || status == 304 ? new byte[0] : in.readNBytes(length);
            if (!head && body.length < length && status != 204 && status != 304) {
                throw new EOFException("the answer was cut off");
            }
            if (close) {
                close();
            }
            return new Answer(status, new String(body, StandardCharsets.UTF_8));
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new EOFException("the connection was closed");
                }
                line.append((char) b);
            }
            return line.toString().strip();
        }

        void close() {
            try {
                if (socket != null) {
                    socket.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                socket = null;
            }
        }
    }
}
