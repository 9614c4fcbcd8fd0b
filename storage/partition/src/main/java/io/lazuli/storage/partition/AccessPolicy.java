package io.lazuli.storage.partition;

/**
 * A stored access policy of a queue or a table, as it was given: what it means is for whoever checks a signature that names it.
 *
 * @param id at most 64 characters
 * @param start, expiry, permission null where absent
 */
public record AccessPolicy(String id, String start, String expiry, String permission) {}
