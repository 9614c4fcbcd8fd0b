package io.lazuli.cli;

/** What went wrong, in one clear line for the person at the terminal; ends the program with a status that is not 0. */
public final class CliException extends RuntimeException {

    public CliException(String message) {
        super(message, null, false, false);
    }
}
