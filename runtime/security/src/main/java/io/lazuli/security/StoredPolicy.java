package io.lazuli.security;

/** A stored access policy as it completes a signature that names it; fields are null where it has none. */
public record StoredPolicy(String start, String expiry, String permissions) {}
