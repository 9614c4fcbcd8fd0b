package io.lazuli.host.code;

/** One run of an instance's code in this JVM. Its methods return at once. */
public interface InstanceCode {

    /** Asks the code to stop; {@link CodeEvents#ended} follows if it does. */
    void stop();

    /**
     * Gives the code up: what can be interrupted is interrupted, what still runs afterwards is left to itself (a JVM cannot
     * end a thread). {@link CodeEvents#ended} has been called when this returns.
     */
    void end();
}
