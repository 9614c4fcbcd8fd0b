package io.lazuli.storage.journal;

import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.Serialization$;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;

/** Objects to bytes and back by Pekko's serialization, so that each event class has the serializer that configuration binds to it. */
final class Payloads {

    private final ExtendedActorSystem system;
    private final Serialization serialization;

    Payloads(ActorSystem system) {
        this.system = (ExtendedActorSystem) system;
        this.serialization = SerializationExtension.get(system);
    }

    /** Throws what the serializer threw; {@link java.io.NotSerializableException} if the class has none. */
    StoredPayload write(Object object) {
        return Serialization$.MODULE$.withTransportInformation(system, () -> {
            Serializer serializer = serialization.findSerializerFor(object);
            byte[] bytes = serializer.toBinary(object);
            return new StoredPayload(serializer.identifier(), Serializers.manifestFor(serializer, object), bytes);
        });
    }

    Object read(StoredPayload payload) {
        return serialization.deserialize(payload.bytes(), payload.serializerId(), payload.manifest()).get();
    }
}
