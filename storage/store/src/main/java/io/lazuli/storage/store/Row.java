package io.lazuli.storage.store;

/** A row as read; the key is relative to its partition. */
public record Row(byte[] key, byte[] value) {}
