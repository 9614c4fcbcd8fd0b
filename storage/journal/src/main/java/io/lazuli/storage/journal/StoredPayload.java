package io.lazuli.storage.journal;

/** An event, snapshot or metadata as Pekko's serialization wrote it: the serializer's id and manifest lead back to the object. */
record StoredPayload(int serializerId, String manifest, byte[] bytes) {}
