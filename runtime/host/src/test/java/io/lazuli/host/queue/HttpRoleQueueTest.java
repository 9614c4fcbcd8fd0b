package io.lazuli.host.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lazuli.host.HostSettings.QueueSettings;
import io.lazuli.host.StorageAccess;
import io.lazuli.role.RoleQueue;
import io.lazuli.role.RoleStorageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against a server that answers what it is told to and keeps what it was asked. */
class HttpRoleQueueTest {

    private static final String TWO_MESSAGES = """
            <?xml version="1.0" encoding="utf-8"?><QueueMessagesList>
            <QueueMessage><MessageId>id-1</MessageId><InsertionTime>x</InsertionTime><PopReceipt>p+/=</PopReceipt>
            <DequeueCount>3</DequeueCount><MessageText> a &lt;b&gt; &amp; ü&#13;
            </MessageText></QueueMessage>
            <QueueMessage><MessageId>id-2</MessageId><PopReceipt>q</PopReceipt><DequeueCount>1</DequeueCount><MessageText/></QueueMessage>
            </QueueMessagesList>""";

    private record Answer(int status, Map<String, String> headers, String body) {}

    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void everyOperationSpeaksTheProtocol() {
        RoleQueue queue = queue(1_000, endpoint());
        answer(201, Map.of(), "");
        queue.createIfAbsent();
        answer(409, Map.of("x-ms-error-code", "QueueAlreadyExists"), "");
        queue.createIfAbsent();
        answer(201, Map.of(), "");
        queue.put("<ü&\r>");
        answer(200, Map.of(), TWO_MESSAGES);
        List<RoleQueue.Message> messages = queue.receive(32, Duration.ofSeconds(30));
        assertEquals(List.of(new RoleQueue.Message("id-1", "p+/=", 3, " a <b> & ü\r\n"), new RoleQueue.Message("id-2", "q", 1, "")), messages);
        answer(204, Map.of("x-ms-popreceipt", "new"), "");
        assertEquals(new RoleQueue.Message("id-2", "new", 1, ""), queue.extend(messages.get(1), Duration.ofSeconds(60)));
        answer(204, Map.of(), "");
        assertTrue(queue.delete(messages.get(0)));
        answer(200, Map.of("x-ms-approximate-messages-count", "42"), "");
        assertEquals(42, queue.approximateMessageCount());
        assertEquals(List.of(
                "PUT /account/my-queue ",
                "PUT /account/my-queue ",
                "POST /account/my-queue/messages <QueueMessage><MessageText>&lt;ü&amp;&#13;&gt;</MessageText></QueueMessage>",
                "GET /account/my-queue/messages?numofmessages=32&visibilitytimeout=30 ",
                "PUT /account/my-queue/messages/id-2?popreceipt=q&visibilitytimeout=60 <QueueMessage><MessageText></MessageText></QueueMessage>",
                "DELETE /account/my-queue/messages/id-1?popreceipt=p%2B%2F%3D ",
                "GET /account/my-queue?comp=metadata "), asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MessageNotFound", "PopReceiptMismatch"})
    void aMessageThatIsSomebodyElsesIsNotDeleted(String code) {
        answer(code.equals("MessageNotFound") ? 404 : 400, Map.of("x-ms-error-code", code), "");
        assertFalse(queue(1_000, endpoint()).delete(new RoleQueue.Message("a", "b", 1, "")));
    }

    @Test
    void aRefusalCarriesItsStatusAndCode() {
        answer(404, Map.of("x-ms-error-code", "QueueNotFound"), "");
        RoleStorageException refused = assertThrows(RoleStorageException.class, () -> queue(60_000, endpoint()).put("x"));
        assertEquals(404, refused.status());
        assertEquals("QueueNotFound", refused.code());
        assertEquals("cannot put to queue 'my-queue': 404 QueueNotFound", refused.getMessage());
        assertEquals(1, asked.size(), "what is refused is not tried again");
    }

    @Test
    void whatIsBusyIsTriedAgain() {
        answer(503, Map.of("x-ms-error-code", "ServerBusy"), "");
        answer(500, Map.of(), "");
        answer(201, Map.of(), "");
        queue(60_000, endpoint()).put("x");
        assertEquals(3, asked.size());
    }

    @Test
    void whatStaysBusyIsAnErrorInTheEnd() {
        for (int i = 0; i < 100; i++) {
            answer(503, Map.of("x-ms-error-code", "ServerBusy"), "");
        }
        RoleStorageException busy = assertThrows(RoleStorageException.class, () -> queue(50, endpoint()).put("x"));
        assertEquals(503, busy.status());
        assertTrue(asked.size() < 100, "tried " + asked.size() + " times");
    }

    @Test
    void anEndpointThatIsGoneIsReplacedByTheNext() throws IOException {
        // Bound, so that nobody else gets it, and not listened on.
        try (Socket port = new Socket()) {
            port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            URI nobody = URI.create("http://127.0.0.1:" + port.getLocalPort() + "/account");
            answer(201, Map.of(), "");
            queue(60_000, nobody, endpoint()).put("x");
            assertEquals(1, asked.size());
            RoleStorageException gone = assertThrows(RoleStorageException.class, () -> queue(0, nobody).put("x"));
            assertEquals(0, gone.status());
        }
    }

    @Test
    void anInterruptEndsTheWaitingAndIsKept() {
        Thread.currentThread().interrupt();
        assertThrows(RoleStorageException.class, () -> queue(60_000, endpoint()).put("x"));
        assertTrue(Thread.interrupted());
    }

    @Test
    void whatCannotBeIsRefusedUnsent() {
        RoleQueue queue = queue(1_000, endpoint());
        for (String name : List.of("", "ab", "A-queue", "a--b", "-ab", "a/b", "a".repeat(64))) {
            assertThrows(IllegalArgumentException.class, () -> client(1_000, endpoint()).queue(name), name);
        }
        assertThrows(IllegalArgumentException.class, () -> queue.put("a\u0001"));
        assertThrows(IllegalArgumentException.class, () -> queue.receive(33, Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> queue.receive(1, Duration.ZERO));
        assertEquals(List.of(), asked);
    }

    @Test
    void externalEntitiesAreNotRead() {
        answer(200, Map.of(), """
                <?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
                <QueueMessagesList><QueueMessage><MessageText>&e;</MessageText></QueueMessage></QueueMessagesList>""");
        assertThrows(RoleStorageException.class, () -> queue(0, endpoint()).receive(1, Duration.ofSeconds(1)));
    }

    private RoleQueue queue(long retryForMillis, URI... endpoints) {
        return client(retryForMillis, endpoints).queue("my-queue");
    }

    private static QueueClient client(long retryForMillis, URI... endpoints) {
        return new QueueClient(
                new StorageAccess("connection", List.of(endpoints), "account", Base64.getEncoder().encodeToString(new byte[64])),
                new QueueSettings(retryForMillis, 5, 10, 20_000));
    }

    private URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/account");
    }

    private void answer(int status, Map<String, String> headers, String body) {
        answers.add(new Answer(status, headers, body));
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        boolean signed = exchange.getRequestHeaders().getFirst("Authorization").startsWith("SharedKey account:")
                && exchange.getRequestHeaders().containsKey("x-ms-date") && exchange.getRequestHeaders().containsKey("x-ms-version");
        Answer answer = signed ? answers.remove() : new Answer(403, Map.of(), "");
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
