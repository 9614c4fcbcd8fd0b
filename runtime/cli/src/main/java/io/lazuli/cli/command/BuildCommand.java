package io.lazuli.cli.command;

import io.lazuli.cli.CliException;
import picocli.CommandLine.Command;

/** Only for the list of commands: the launcher builds, because this program may be what is built. */
@Command(name = "build", description = "Builds the distribution anew from the sources.")
public final class BuildCommand extends CloudCommand {

    @Override
    public Integer call() {
        throw new CliException("'build' must be the first word: lazuli build");
    }
}
