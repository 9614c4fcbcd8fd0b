package io.lazuli.host.instance;

import io.lazuli.host.NodeAgentProtocol.LocalCommand;

/** What an instance's supervisor hears of the code of one run, wherever it runs. */
public sealed interface CodeEvent {

    long run();

    /** The code has a process. */
    record Placed(long run, long pid) implements CodeEvent {}

    record Ready(long run) implements CodeEvent {}

    /** @param error why, one line; empty if it was asked to stop */
    record Ended(long run, String error) implements CodeEvent {}
}
