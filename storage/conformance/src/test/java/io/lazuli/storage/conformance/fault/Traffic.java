package io.lazuli.storage.conformance.fault;

import java.util.List;

/** Clients of one service that use it while nodes die, and remember what they were told. */
interface Traffic {

    void start();

    /** Returns when every kind of operation has succeeded some more times. @throws AssertionError if that takes too long */
    void awaitService() throws InterruptedException;

    void forgetGaps();

    /** The longest time since {@link #forgetGaps} in which no operation of some kind succeeded. */
    double longestGapSeconds();

    /** The clients end after what they are doing. */
    void askToStop();

    void awaitStop() throws InterruptedException;

    /** Looks, once all nodes are well again, whether what was acknowledged is there, and prints what was done. Empty if so. */
    List<String> problems() throws Exception;
}
