package io.lazuli.storage.journal;

import java.nio.charset.StandardCharsets;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Writes {@link TestEvent}s with a manifest of its own. */
public final class TestEventSerializer extends SerializerWithStringManifest {

    private final ExtendedActorSystem system;

    public TestEventSerializer(ExtendedActorSystem system) {
        this.system = system;
    }

    @Override
    public int identifier() {
        return 990_001;
    }

    @Override
    public String manifest(Object event) {
        return "test-event/1";
    }

    @Override
    public byte[] toBinary(Object event) {
        TestEvent test = (TestEvent) event;
        return (Serialization.serializedActorPath(test.ref()) + " " + test.text()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        if (!manifest.equals("test-event/1")) {
            throw new IllegalArgumentException("manifest " + manifest);
        }
        String[] parts = new String(bytes, StandardCharsets.UTF_8).split(" ", 2);
        return new TestEvent(parts[1], system.provider().resolveActorRef(parts[0]));
    }
}
