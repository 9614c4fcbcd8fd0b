package io.lazuli.host.packages;

/** What a role package may be at most. Beyond a limit it is refused when it is deployed, with the limit in the message. */
public final class PackageLimits {

    public static final long MAX_PACKAGE_BYTES = 256L << 20;
    /** All entries together, unpacked. */
    public static final long MAX_UNPACKED_BYTES = 1L << 30;
    public static final int MAX_ENTRIES = 65_536;
    public static final int MAX_LIBRARIES = 500;
    public static final int MAX_SERVICE_CONF_BYTES = 256 << 10;
    public static final int MAX_ROLES = 100;
    public static final int MAX_INSTANCES_PER_ROLE = 1_000;
    public static final int MAX_SETTINGS_PER_ROLE = 256;
    public static final int MAX_SETTING_NAME_CHARS = 128;
    public static final int MAX_SETTING_VALUE_CHARS = 8 << 10;
    public static final int MIN_MEMORY_MIB = 16;
    public static final int MAX_MEMORY_MIB = 64 << 10;
    public static final int DEFAULT_MEMORY_MIB = 128;
    public static final long MAX_STOP_TIMEOUT_MILLIS = 600_000;
    public static final long DEFAULT_STOP_TIMEOUT_MILLIS = 30_000;

    private PackageLimits() {}
}
