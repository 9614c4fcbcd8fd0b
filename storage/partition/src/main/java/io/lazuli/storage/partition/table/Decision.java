package io.lazuli.storage.partition.table;

/** What became of a request to a range ({@link RangeState#decide}). */
sealed interface Decision {

    /** To be given once the batch being collected is durable, or, if it is empty, once this writer has been confirmed. */
    record Answer(RangeReply reply) implements Decision {}

    /** What must be seen has changed: {@link RangeState#lookUp} again. */
    record LookAgain() implements Decision {}

    /** The look-up was extended: decide anew when it is complete. */
    record LookOn() implements Decision {}

    /** Does not fit into the batch being collected: {@link RangeState#seal} first. */
    record AwaitSeal() implements Decision {}

    /** The range serves and may look for the key. */
    record SearchSplitKey() implements Decision {}

    /** The range serves and may be copied. */
    record Copy() implements Decision {}

    /** The range has moved there, if the target knows it. */
    record CompleteTarget() implements Decision {}
}
