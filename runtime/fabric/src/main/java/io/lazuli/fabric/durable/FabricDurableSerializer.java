package io.lazuli.fabric.durable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Writes the fabric's events and snapshots for the journal: small JSON objects whose manifest is {@code name/version}.
 * Keeps no state. What each version means is {@link DurableFormat}'s and must stay readable for as long as a cloud
 * that wrote it may live; golden files in the tests hold it to that.
 */
public final class FabricDurableSerializer extends SerializerWithStringManifest {

    /** Never changes: the journal stores it beside every event. */
    private static final int IDENTIFIER = 1_400_001;

    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object object) {
        return DurableFormat.manifest(record(object));
    }

    @Override
    public byte[] toBinary(Object object) {
        try {
            return JSON.writeValueAsBytes(DurableFormat.toJson(record(object)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        try {
            if (JSON.readTree(bytes) instanceof ObjectNode json) {
                return DurableFormat.fromJson(manifest, json);
            }
            throw new IllegalArgumentException("what is stored as " + manifest + " is no JSON object");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DurableRecord record(Object object) {
        if (object instanceof DurableRecord durable) {
            return durable;
        }
        throw new IllegalArgumentException(object.getClass() + " is not among what the fabric keeps in the journal");
    }
}
