package io.lazuli.cli.command;

import io.lazuli.cli.CliException;
import io.lazuli.cli.admin.AdminClient;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One instance as commands name it: {@code deployment/role/index}. */
record InstanceAddress(String deployment, String role, int index) {

    private static final Pattern FORM = Pattern.compile("([^/]+)/([^/]+)/([0-9]{1,5})");

    static InstanceAddress parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new CliException("'" + text + "' should be NAME/ROLE/INDEX, for example word-count/counter/0");
        }
        return new InstanceAddress(matcher.group(1), matcher.group(2), Integer.parseInt(matcher.group(3)));
    }

    String path() {
        return CloudCommand.deploymentPath(deployment) + "/instances/" + AdminClient.encode(role) + "/" + index;
    }
}
