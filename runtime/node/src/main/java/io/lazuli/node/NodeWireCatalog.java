package io.lazuli.node;

import io.lazuli.kernel.wire.WireCatalog;

/** The node module's messages: 1500–1599. */
public final class NodeWireCatalog implements WireCatalog {

    @Override
    public void register(Registrar registrar) {
        registrar
                .message(1500, Roster.Introduce.class)
                .message(1501, Roster.NodeCard.class);
    }
}
