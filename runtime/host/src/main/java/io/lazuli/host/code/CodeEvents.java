package io.lazuli.host.code;

/** What is heard of one run of an instance's code; called from any thread. */
public interface CodeEvents {

    void ready();

    /**
     * The code has ended, or is given up; called once, last.
     *
     * @param error why, one line; empty if it was asked to stop
     * @param givenUp whether it may run on: only the end of its process is sure to end it
     */
    void ended(String error, boolean givenUp);
}
