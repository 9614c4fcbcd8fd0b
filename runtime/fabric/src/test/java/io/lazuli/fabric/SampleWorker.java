package io.lazuli.fabric;

import io.lazuli.role.RoleContext;
import io.lazuli.role.WorkerRole;

/** A role whose class file the tests put into packages; it never runs. */
public final class SampleWorker implements WorkerRole {

    @Override
    public void run(RoleContext context) {
        throw new UnsupportedOperationException();
    }
}
