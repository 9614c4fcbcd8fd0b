package io.lazuli.cli.command;

import io.lazuli.cli.CliException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Only for the list of commands: the launcher runs a node itself, in its own process, with a node's JVM options. */
@Command(name = "node", description = {
    "Runs one node in this terminal, for clouds of several machines:",
    "lazuli node --config FILE [--join HOST:PORT]... [--form]"})
public final class NodeCommand extends CloudCommand {

    @Unmatched
    private java.util.List<String> ignored;

    @Override
    public Integer call() {
        throw new CliException("'node' must be the first word: lazuli node --config FILE [--join HOST:PORT]...");
    }
}
