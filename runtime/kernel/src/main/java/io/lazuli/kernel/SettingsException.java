package io.lazuli.kernel;

/** A configuration key has a missing or wrong value: the node must not start. The message names the key and what is allowed. */
public final class SettingsException extends RuntimeException {

    private final String key;

    /** @param problem what is wrong and what is allowed, without the key's name */
    public SettingsException(String key, String problem) {
        super(key + ": " + problem);
        this.key = key;
    }

    /** The key's full name, e.g. {@code lazuli.http.max-connections}. */
    public String key() {
        return key;
    }
}
