package io.lazuli.cli.demo;

import io.lazuli.cli.CliException;
import io.lazuli.cli.command.CloudCommand;
import picocli.CommandLine.Command;

@Command(name = "demo", description = "Shows a cloud of three nodes that loses one of them while it counts the words of a file.")
public final class DemoCommand extends CloudCommand {

    @Override
    public Integer call() {
        throw new CliException("the demonstration is not built yet");
    }
}
