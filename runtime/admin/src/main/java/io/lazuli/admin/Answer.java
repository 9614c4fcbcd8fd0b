package io.lazuli.admin;

import io.vertx.core.json.JsonObject;

/** What a request is answered: always a JSON object. */
record Answer(int status, JsonObject body) {

    static Answer ok(JsonObject body) {
        return new Answer(200, body);
    }

    static Answer ok() {
        return ok(new JsonObject());
    }

    static Answer created(JsonObject body) {
        return new Answer(201, body);
    }

    /** Accepted: it is durable and will happen. */
    static Answer accepted() {
        return new Answer(202, new JsonObject());
    }
}
