package io.lazuli.host.log;

import java.text.MessageFormat;
import java.util.ResourceBundle;

/** The logger that a role is given: everything from {@code INFO} on goes to its instance's log. */
public final class InstanceLogger implements System.Logger {

    private final String name;
    private final InstanceLog log;

    public InstanceLogger(String name, InstanceLog log) {
        this.name = name;
        this.log = log;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public boolean isLoggable(Level level) {
        return level.getSeverity() >= Level.INFO.getSeverity() && level != Level.OFF;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
        if (isLoggable(level)) {
            if (thrown == null) {
                log.write(level.name(), String.valueOf(message));
            } else {
                log.write(level.name(), String.valueOf(message), thrown);
            }
        }
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
        if (isLoggable(level)) {
            log.write(level.name(), parameters == null || parameters.length == 0 ? String.valueOf(format) : formatted(format, parameters));
        }
    }

    private static String formatted(String format, Object[] parameters) {
        try {
            return MessageFormat.format(format, parameters);
        } catch (IllegalArgumentException e) {
            return format;
        }
    }
}
