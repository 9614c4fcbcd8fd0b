package io.lazuli.node;

/** Why a node cannot start, in one line for the person who started it. */
final class NodeStartException extends RuntimeException {

    NodeStartException(String message) {
        super(message, null, false, false);
    }

    static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
