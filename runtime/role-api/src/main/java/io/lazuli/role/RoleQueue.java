package io.lazuli.role;

import java.time.Duration;
import java.util.List;

/** Blocking access to one queue; retries what the service calls busy. Failures are {@link RoleStorageException}. */
public interface RoleQueue {

    String name();

    void createIfAbsent();

    /** Adds a message of at most 64 KiB that is visible at once and kept for 7 days. */
    void put(String text);

    /** Up to {@code count} (1 to 32) messages, invisible to others for {@code visibilityTimeout} (1 s to 7 days). */
    List<Message> receive(int count, Duration visibilityTimeout);

    /** Removes a received message; false if it is gone or has been received by somebody else since. */
    boolean delete(Message message);

    /** Keeps a received message invisible for longer; returns it with its new pop receipt. */
    Message extend(Message message, Duration visibilityTimeout);

    long approximateMessageCount();

    record Message(String id, String popReceipt, int dequeueCount, String text) {}
}
