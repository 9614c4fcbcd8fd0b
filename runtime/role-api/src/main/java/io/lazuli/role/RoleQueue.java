package io.lazuli.role;

import java.time.Duration;
import java.util.List;

/**
 * Blocking access to one queue of the deployment's storage account. What is busy or cannot be reached is tried again for
 * a while (30 s unless configured otherwise), so that a node's failure is no error here; what fails then, or is refused,
 * is a {@link RoleStorageException}. Being interrupted ends a call with one, too, and leaves the thread interrupted.
 *
 * <p>Delivery is at least once: a message that is not deleted in time is received again, and a {@link #put} whose answer
 * got lost may have added its message twice.
 */
public interface RoleQueue {

    String name();

    void createIfAbsent();

    /**
     * Adds a message of at most 64 KiB that is visible at once and kept for 7 days.
     *
     * @throws IllegalArgumentException if the text has characters that XML cannot carry (most control characters)
     */
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
