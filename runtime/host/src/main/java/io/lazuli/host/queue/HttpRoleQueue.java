package io.lazuli.host.queue;

import io.lazuli.role.RoleQueue;
import io.lazuli.role.RoleStorageException;
import io.lazuli.security.PercentCoding;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** One queue by the Azure Queue REST protocol ("Queue service REST API" of the Azure Storage reference). */
final class HttpRoleQueue implements RoleQueue {

    private static final byte[] NO_BODY = new byte[0];
    private static final int MAX_COUNT = 32;
    private static final long MAX_VISIBILITY_SECONDS = 7 * 24 * 3600;

    private final String name;
    private final QueueClient client;

    HttpRoleQueue(String name, QueueClient client) {
        this.name = name;
        this.client = client;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void createIfAbsent() {
        HttpResponse<byte[]> response = client.send("PUT", name, NO_BODY);
        if (!isOk(response) && !codeOf(response).equals("QueueAlreadyExists")) {
            throw refused("create", response);
        }
    }

    @Override
    public void put(String text) {
        HttpResponse<byte[]> response = client.send("POST", name + "/messages", QueueXml.message(text));
        if (!isOk(response)) {
            throw refused("put to", response);
        }
    }

    @Override
    public List<Message> receive(int count, Duration visibilityTimeout) {
        if (count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException("1 to " + MAX_COUNT + " messages can be received at once, not " + count);
        }
        HttpResponse<byte[]> response = client.send(
                "GET", name + "/messages?numofmessages=" + count + "&visibilitytimeout=" + seconds(visibilityTimeout), NO_BODY);
        if (!isOk(response)) {
            throw refused("receive from", response);
        }
        return QueueXml.messages(response.body());
    }

    @Override
    public boolean delete(Message message) {
        HttpResponse<byte[]> response = client.send("DELETE", pathOf(message), NO_BODY);
        if (isOk(response)) {
            return true;
        }
        String code = codeOf(response);
        if (code.equals("MessageNotFound") || code.equals("PopReceiptMismatch")) {
            return false;
        }
        throw refused("delete from", response);
    }

    @Override
    public Message extend(Message message, Duration visibilityTimeout) {
        HttpResponse<byte[]> response = client.send(
                "PUT", pathOf(message) + "&visibilitytimeout=" + seconds(visibilityTimeout), QueueXml.message(message.text()));
        if (!isOk(response)) {
            throw refused("extend a message of", response);
        }
        String popReceipt = response.headers().firstValue("x-ms-popreceipt")
                .orElseThrow(() -> new RoleStorageException(response.statusCode(), "", "the queue service gave no pop receipt", null));
        return new Message(message.id(), popReceipt, message.dequeueCount(), message.text());
    }

    @Override
    public long approximateMessageCount() {
        HttpResponse<byte[]> response = client.send("GET", name + "?comp=metadata", NO_BODY);
        if (!isOk(response)) {
            throw refused("count", response);
        }
        return response.headers().firstValueAsLong("x-ms-approximate-messages-count").orElse(0);
    }

    private String pathOf(Message message) {
        return name + "/messages/" + PercentCoding.encode(message.id()) + "?popreceipt=" + PercentCoding.encode(message.popReceipt());
    }

    private static long seconds(Duration visibilityTimeout) {
        long seconds = visibilityTimeout.toSeconds();
        if (seconds < 1 || seconds > MAX_VISIBILITY_SECONDS) {
            throw new IllegalArgumentException("a visibility timeout is 1 s to 7 days, not " + visibilityTimeout);
        }
        return seconds;
    }

    private static boolean isOk(HttpResponse<byte[]> response) {
        return response.statusCode() / 100 == 2;
    }

    private static String codeOf(HttpResponse<byte[]> response) {
        return response.headers().firstValue("x-ms-error-code").orElse("");
    }

    private RoleStorageException refused(String what, HttpResponse<byte[]> response) {
        String code = codeOf(response);
        return new RoleStorageException(response.statusCode(), code,
                "cannot " + what + " queue '" + name + "': " + response.statusCode() + (code.isEmpty() ? "" : " " + code), null);
    }
}
