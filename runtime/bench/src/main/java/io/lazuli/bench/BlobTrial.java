package io.lazuli.bench;

import io.lazuli.security.AccountSas;
import io.lazuli.security.ConfiguredAccounts;
import io.lazuli.security.SigningKey;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trials of the blob service of a running cloud: {@code listing} fills a container with many small blobs in a tree of names and lists
 * it; {@code transfers} uploads and downloads large blobs at the same time and compares every byte. Run by hand; look at the nodes' memory
 * meanwhile.
 */
@Command(name = "blob-trial", mixinStandardHelpOptions = true, sortOptions = false)
public final class BlobTrial implements Runnable {

    private static final int PART_BYTES = 64 << 10;
    private static final int SOCKET_TIMEOUT_MILLIS = 120_000;
    private static final int PAGE = 5_000;
    private static final int FAN_OUT = 100;
    private static final Pattern NEXT = Pattern.compile("<NextMarker>([^<]+)</NextMarker>");
    private static final Pattern PREFIX = Pattern.compile("<BlobPrefix><Name>([^<]+)</Name>");
    private static final Pattern BLOB = Pattern.compile("<Blob><Name>");

    @Option(names = "--endpoints", split = ",", defaultValue = "http://127.0.0.1:10000/devstoreaccount1",
            description = "Blob endpoints with the account, used in turn (default ${DEFAULT-VALUE}).")
    private List<URI> endpoints;

    @Option(names = "--key", description = "The account's key (default: the development account's).")
    private String key = ConfiguredAccounts.DEVELOPMENT_KEY;

    @Option(names = "--listing", description = "Blobs to put and to list, e.g. 1000000.")
    private int listing;

    @Option(names = "--listed-bytes", defaultValue = "16", description = "Size of each of these (default ${DEFAULT-VALUE}).")
    private int listedBytes;

    @Option(names = "--writers", defaultValue = "32", description = "That put them (default ${DEFAULT-VALUE}).")
    private int writers;

    @Option(names = "--transfers", description = "Uploads, then downloads, at the same time, e.g. 64.")
    private int transfers;

    @Option(names = "--transfer-bytes", defaultValue = "268435456", description = "Size of each (default ${DEFAULT-VALUE}).")
    private long transferBytes;

    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private String sas;

    public static void main(String[] args) {
        System.exit(new CommandLine(new BlobTrial()).execute(args));
    }

    @Override
    public void run() {
        String account = endpoints.getFirst().getPath().substring(1);
        sas = AccountSas.until(Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS).toString(), "b", "sco", "rwdlac")
                .token(account, SigningKey.ofBase64(key));
        String container = "trial-" + Long.toHexString(System.nanoTime());
        try {
            setUp("PUT", "/" + container + "?restype=container&", 201);
            if (listing > 0) {
                fill(container);
                list(container);
            }
            if (transfers > 0) {
                transfer(container);
            }
            setUp("DELETE", "/" + container + "?restype=container&", 202);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        failures.forEach(System.err::println);
        if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.size() + " failures");
        }
    }

    private void setUp(String method, String path, int expected) throws IOException {
        URI endpoint = endpoints.getFirst();
        try (HttpConnection connection = new HttpConnection(endpoint)) {
            int status = connection.exchange(connection.request(method, endpoint.getPath() + path + sas, "", ""));
            if (status != expected) {
                throw new IOException(method + " " + path + " answered " + status);
            }
        }
    }

    /** Two levels of directories of a hundred each, the rest in the last. */
    private String name(int number) {
        return String.format("d%02d/e%02d/blob-%06d", number % FAN_OUT, number / FAN_OUT % FAN_OUT, number / (FAN_OUT * FAN_OUT));
    }

    private void fill(String container) throws InterruptedException {
        AtomicLong next = new AtomicLong();
        String body = "x".repeat(listedBytes);
        long start = System.nanoTime();
        inParallel(writers, (writer, endpoint) -> {
            try (HttpConnection connection = new HttpConnection(endpoint)) {
                for (int number = (int) next.getAndIncrement(); number < listing; number = (int) next.getAndIncrement()) {
                    int status = connection.exchange(connection.request(
                            "PUT", endpoint.getPath() + "/" + container + "/" + name(number) + "?" + sas, "x-ms-blob-type: BlockBlob\r\n", body));
                    if (status != 201) {
                        failures.add("put of " + name(number) + " answered " + status);
                    }
                }
            }
        });
        double seconds = seconds(start);
        System.out.printf("%,d blobs of %d bytes put by %d writers in %.1f s: %,.0f/s%n", listing, listedBytes, writers, seconds, listing / seconds);
    }

    private void list(String container) throws IOException {
        long start = System.nanoTime();
        Listed root = list(container, "", "/");
        System.out.printf("root by hierarchy: %d prefixes, %d blobs, %d answers, %.3f s%n", root.prefixes.size(), root.blobs, root.answers, seconds(start));
        start = System.nanoTime();
        Deque<String> open = new ArrayDeque<>(root.prefixes);
        long blobs = root.blobs;
        int lists = 1;
        double slowest = 0;
        while (!open.isEmpty()) {
            long one = System.nanoTime();
            Listed listed = list(container, open.remove(), "/");
            slowest = Math.max(slowest, seconds(one));
            blobs += listed.blobs;
            open.addAll(listed.prefixes);
            lists++;
        }
        System.out.printf("the whole tree by hierarchy: %,d blobs by %,d lists in %.1f s (%.2f ms each, slowest %.1f ms)%n",
                blobs, lists, seconds(start), 1000 * seconds(start) / lists, 1000 * slowest);
        check(blobs, "by hierarchy");
        start = System.nanoTime();
        Listed flat = list(container, "", "");
        System.out.printf("flat: %,d blobs in %,d answers, %.1f s: %,.0f blobs/s%n", flat.blobs, flat.answers, seconds(start), flat.blobs / seconds(start));
        check(flat.blobs, "flat");
    }

    private void check(long blobs, String how) {
        if (blobs != listing) {
            failures.add(blobs + " blobs listed " + how + ", not " + listing);
        }
    }

    private static final class Listed {
        private final List<String> prefixes = new ArrayList<>();
        private long blobs;
        private int answers;
    }

    private Listed list(String container, String prefix, String delimiter) throws IOException {
        Listed listed = new Listed();
        URI endpoint = endpoints.getFirst();
        String marker = "";
        do {
            String path = "/" + container + "?restype=container&comp=list&maxresults=" + PAGE + "&prefix=" + escape(prefix)
                    + (delimiter.isEmpty() ? "" : "&delimiter=" + escape(delimiter)) + (marker.isEmpty() ? "" : "&marker=" + escape(marker)) + "&" + sas;
            String answer = new String(get(endpoint, path), StandardCharsets.UTF_8);
            Matcher prefixes = PREFIX.matcher(answer);
            while (prefixes.find()) {
                listed.prefixes.add(prefixes.group(1));
            }
            listed.blobs += BLOB.matcher(answer).results().count();
            listed.answers++;
            Matcher next = NEXT.matcher(answer);
            marker = next.find() ? next.group(1) : "";
        } while (!marker.isEmpty());
        return listed;
    }

    private static byte[] get(URI endpoint, String path) throws IOException {
        try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
            socket.getOutputStream().write(("GET " + endpoint.getPath() + path + " HTTP/1.1\r\nHost: " + endpoint.getAuthority()
                    + "\r\nx-ms-version: 2021-12-02\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = new BufferedInputStream(socket.getInputStream(), PART_BYTES);
            return in.readNBytes(Math.toIntExact(contentLength(in, 200)));
        }
    }

    private static long contentLength(InputStream in, int expectedStatus) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("no answer");
            }
            head.append((char) b);
        }
        if (!head.substring(9, 12).equals(Integer.toString(expectedStatus))) {
            throw new IOException(head.toString());
        }
        Matcher length = Pattern.compile("(?i)content-length: *(\\d+)").matcher(head);
        return length.find() ? Long.parseLong(length.group(1)) : 0;
    }

    private void transfer(String container) throws InterruptedException {
        long start = System.nanoTime();
        inParallel(transfers, (number, endpoint) -> upload(endpoint, container, number));
        report("uploaded", seconds(start));
        start = System.nanoTime();
        inParallel(transfers, (number, endpoint) -> download(endpoint, container, number));
        report("downloaded and compared", seconds(start));
        start = System.nanoTime();
        inParallel(2 * transfers, (number, endpoint) -> {
            if (number < transfers) {
                upload(endpoint, container, number);
            } else {
                download(endpoint, container, number - transfers);
            }
        });
        report("uploaded anew and downloaded at the same time", seconds(start));
    }

    private void report(String what, double seconds) {
        System.out.printf("%d blobs of %,d bytes %s in %.1f s: %,.0f MB/s, %d failures%n", transfers, transferBytes, what, seconds,
                transfers * (double) transferBytes / 1e6 / seconds, failures.size());
    }

    private void upload(URI endpoint, String container, int number) throws IOException {
        try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(("PUT " + endpoint.getPath() + "/" + container + "/large-" + number + "?" + sas + " HTTP/1.1\r\nHost: " + endpoint.getAuthority()
                    + "\r\nx-ms-version: 2021-12-02\r\nx-ms-blob-type: BlockBlob\r\nConnection: close\r\nContent-Length: " + transferBytes + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            byte[] part = new byte[PART_BYTES];
            for (long at = 0; at < transferBytes; at += part.length) {
                fill(part, number, at);
                out.write(part, 0, (int) Math.min(part.length, transferBytes - at));
            }
            contentLength(new BufferedInputStream(socket.getInputStream()), 201);
        }
    }

    private void download(URI endpoint, String container, int number) throws IOException {
        try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
            socket.getOutputStream().write(("GET " + endpoint.getPath() + "/" + container + "/large-" + number + "?" + sas + " HTTP/1.1\r\nHost: "
                    + endpoint.getAuthority() + "\r\nx-ms-version: 2021-12-02\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = new BufferedInputStream(socket.getInputStream(), PART_BYTES);
            if (contentLength(in, 200) != transferBytes) {
                throw new IOException("another length");
            }
            byte[] wanted = new byte[PART_BYTES];
            for (long at = 0; at < transferBytes; at += wanted.length) {
                fill(wanted, number, at);
                int length = (int) Math.min(wanted.length, transferBytes - at);
                byte[] part = in.readNBytes(length);
                if (part.length != length || Arrays.mismatch(part, 0, length, wanted, 0, length) >= 0) {
                    throw new IOException("large-" + number + " differs in the 64 KiB from " + at + " on");
                }
            }
        }
    }

    /** Cheap, and different in every part of every blob. */
    private static void fill(byte[] part, int number, long at) {
        Arrays.fill(part, (byte) (number * 31 + at / PART_BYTES));
        part[0] = (byte) number;
        for (int i = 0; i < Long.BYTES; i++) {
            part[i + 1] = (byte) (at >>> 8 * i);
        }
    }

    private interface Work {
        void run(int number, URI endpoint) throws IOException;
    }

    private void inParallel(int count, Work work) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    work.run(number, endpoints.get(number % endpoints.size()));
                } catch (IOException e) {
                    failures.add(number + ": " + e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static double seconds(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
