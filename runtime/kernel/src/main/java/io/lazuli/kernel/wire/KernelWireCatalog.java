package io.lazuli.kernel.wire;

import io.lazuli.kernel.NodeId;

/** What the messages of several modules are made of: 1000–1099. */
public final class KernelWireCatalog implements WireCatalog {

    @Override
    public void register(Registrar registrar) {
        registrar.message(1000, NodeId.class);
    }
}
