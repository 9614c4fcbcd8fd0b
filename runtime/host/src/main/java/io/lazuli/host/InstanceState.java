package io.lazuli.host;

/** An instance's life, as {@code ps} shows it. The transitions are drawn in {@link io.lazuli.host.instance.InstanceLife}. */
public enum InstanceState {
    STARTING("Starting"),
    READY("Ready"),
    STOPPING("Stopping"),
    STOPPED("Stopped"),
    /** Ended by itself; it is started again after a back-off. */
    CYCLING("Cycling"),
    /** Ended quickly too many times in a row; still started again, at the longest back-off. */
    FAILED("Failed");

    private final String word;

    InstanceState(String word) {
        this.word = word;
    }

    /** What people and roles are shown, e.g. {@code Ready}. */
    public String word() {
        return word;
    }
}
