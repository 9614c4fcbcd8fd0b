package io.lazuli.security;

/** The two schemes of the {@code Authorization} header that an account key signs. */
public enum SharedKeyScheme {
    SHARED_KEY("SharedKey"),
    SHARED_KEY_LITE("SharedKeyLite");

    private final String label;

    SharedKeyScheme(String label) {
        this.label = label;
    }

    /** As written in the header. */
    public String label() {
        return label;
    }
}
