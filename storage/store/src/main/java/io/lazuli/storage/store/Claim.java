package io.lazuli.storage.store;

/** The right to write one partition until somebody claims it again. {@code epoch} starts at 1 and only grows. */
public record Claim(long epoch, ReadPoint at) {}
