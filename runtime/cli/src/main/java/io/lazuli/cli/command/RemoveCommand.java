package io.lazuli.cli.command;

import io.lazuli.cli.CliException;
import io.lazuli.cli.admin.AdminClient;
import io.lazuli.cli.admin.AdminException;
import io.lazuli.cli.local.Processes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rm", description = "Removes a deployment: stops its instances and forgets its package. Its queues stay.")
public final class RemoveCommand extends CloudCommand {

    private static final int NOT_FOUND = 404;
    /** More than a role may take to stop. */
    private static final long STOP_TIMEOUT_MILLIS = 120_000;

    @Parameters(paramLabel = "NAME", description = "The deployment.")
    private String name;

    @Option(names = "--no-wait", description = "Do not wait until its instances have stopped.")
    private boolean noWait;

    @Override
    public Integer call() {
        AdminClient admin = admin();
        admin.delete(deploymentPath(name));
        long deadline = System.nanoTime() + STOP_TIMEOUT_MILLIS * 1_000_000;
        while (!noWait && isThere(admin)) {
            if (System.nanoTime() - deadline > 0) {
                throw new CliException("the instances of " + name + " still stop; 'lazuli ps " + name + "' shows them");
            }
            console().progress("stopping the instances of " + name);
            Processes.pause();
        }
        console().print("Removed " + name + ".");
        return 0;
    }

    private boolean isThere(AdminClient admin) {
        try {
            return !admin.get(deploymentPath(name)).isMissingNode();
        } catch (AdminException e) {
            if (e.status() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
