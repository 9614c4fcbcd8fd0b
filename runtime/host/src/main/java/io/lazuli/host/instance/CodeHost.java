package io.lazuli.host.instance;

import io.lazuli.host.code.CodeSpec;

/** Where the code of one instance runs: in this JVM or in a role host. Called by the instance's supervisor; returns at once. */
interface CodeHost {

    /** {@link CodeEvent}s of this run follow. */
    void start(CodeSpec code);

    void stop(CodeSpec code);

    /** Makes an end of code that has not stopped; nothing that follows matters. */
    void end(CodeSpec code);
}
