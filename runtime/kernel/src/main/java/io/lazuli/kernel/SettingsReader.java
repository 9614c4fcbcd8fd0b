package io.lazuli.kernel;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Reads configuration once, at the edge, into immutable settings records, so that a wrong value stops the start with one
 * clear line and never surfaces later. Owns no state but the configuration and the prefix that keys are relative to.
 *
 * <p>Every method throws {@link SettingsException} with the key's full name and what is allowed. Ranges are inclusive.
 */
public final class SettingsReader {

    private final Config config;
    private final String prefix;

    /** Reads keys by their full name. */
    public SettingsReader(Config config) {
        this(config, "");
    }

    private SettingsReader(Config config, String prefix) {
        this.config = config;
        this.prefix = prefix;
    }

    /** A reader whose keys are relative to {@code path}; its errors still carry full names. */
    public SettingsReader under(String path) {
        return new SettingsReader(config, prefix + path + ".");
    }

    public boolean has(String key) {
        return config.hasPath(prefix + key);
    }

    /** A string that is not blank. */
    public String string(String key) {
        String value = read(key, "a string", config::getString);
        if (value.isBlank()) {
            throw wrong(key, "must not be empty");
        }
        return value;
    }

    /** A string that may be empty. */
    public String stringOrEmpty(String key) {
        return read(key, "a string", config::getString);
    }

    public String oneOf(String key, String... allowed) {
        String value = read(key, "one of " + String.join(", ", allowed), config::getString);
        if (!List.of(allowed).contains(value)) {
            throw wrong(key, "must be one of " + String.join(", ", allowed) + ", not '" + value + "'");
        }
        return value;
    }

    public int intIn(String key, int min, int max) {
        return (int) within(key, wholeNumber(key), min, max, "");
    }

    public long longIn(String key, long min, long max) {
        return within(key, wholeNumber(key), min, max, "");
    }

    /** A duration such as {@code 500ms} or {@code 30s}, in milliseconds; a part of a millisecond is refused. */
    public long millisIn(String key, long minMillis, long maxMillis) {
        long nanos = read(key, "a duration such as 500ms or 30s", path -> config.getDuration(path, TimeUnit.NANOSECONDS));
        if (nanos % 1_000_000 != 0) {
            throw wrong(key, "must be a whole number of milliseconds");
        }
        return within(key, nanos / 1_000_000, minMillis, maxMillis, " ms");
    }

    /** A size such as {@code 64 KiB} or {@code 128 MiB}, in bytes. */
    public long bytesIn(String key, long minBytes, long maxBytes) {
        return within(key, read(key, "a size such as 64 KiB", config::getBytes), minBytes, maxBytes, " bytes");
    }

    public boolean bool(String key) {
        return read(key, "true or false", config::getBoolean);
    }

    public List<String> strings(String key) {
        return List.copyOf(read(key, "a list of strings", config::getStringList));
    }

    /** For checks of a caller's own: an exception that names {@code key} in full. */
    public SettingsException wrong(String key, String problem) {
        return new SettingsException(prefix + key, problem);
    }

    private long wholeNumber(String key) {
        Number number = read(key, "a whole number", config::getNumber);
        if (number instanceof Double && number.doubleValue() != number.longValue()) {
            throw wrong(key, "must be a whole number, not " + number);
        }
        return number.longValue();
    }

    private long within(String key, long value, long min, long max, String unit) {
        if (value < min || value > max) {
            throw wrong(key, "must be within " + min + ".." + max + unit + ", not " + value);
        }
        return value;
    }

    private <T> T read(String key, String expected, Function<String, T> reading) {
        try {
            return reading.apply(prefix + key);
        } catch (ConfigException.Missing e) {
            throw wrong(key, "is missing; it must be " + expected);
        } catch (ConfigException e) {
            throw wrong(key, "must be " + expected + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")"));
        }
    }
}
