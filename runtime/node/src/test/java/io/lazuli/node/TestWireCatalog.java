package io.lazuli.node;

import io.lazuli.kernel.wire.WireCatalog;
import io.lazuli.kernel.wire.WireMessage;
import org.apache.pekko.actor.typed.ActorRef;

/** Messages of tests; their numbers are beyond those of any module. */
public final class TestWireCatalog implements WireCatalog {

    static final int FIRST_NUMBER = 9900;

    record Ping(ActorRef<Pong> replyTo) implements WireMessage {}

    record Pong(String from) implements WireMessage {}

    @Override
    public void register(Registrar registrar) {
        registrar.message(FIRST_NUMBER, Ping.class).message(FIRST_NUMBER + 1, Pong.class);
    }
}
