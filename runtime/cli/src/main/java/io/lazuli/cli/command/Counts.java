package io.lazuli.cli.command;

import io.lazuli.cli.CliException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code role=n}. */
final class Counts {

    private static final int MAX_INSTANCES = 10_000;

    private Counts() {}

    static Map<String, Integer> parse(List<String> arguments) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            try {
                int count = Integer.parseInt(argument.substring(equals + 1));
                if (equals < 1 || count < 0 || count > MAX_INSTANCES || counts.put(argument.substring(0, equals), count) != null) {
                    throw new NumberFormatException();
                }
            } catch (NumberFormatException e) {
                throw new CliException("'" + argument + "' should be role=n, each role once, with n from 0 to " + MAX_INSTANCES);
            }
        }
        return counts;
    }
}
