package io.lazuli.storage.partition;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which partition a queue's name led to when it was last looked up. May be out of date: a partition that no longer serves
 * says so. Bounded: when it is full, it is emptied, which costs one look-up each. Safe for use by any thread.
 */
final class RouteCache {

    /** One queue of one account. */
    record QueueName(String account, String queue) {}

    private final ConcurrentMap<QueueName, String> routes = new ConcurrentHashMap<>();
    private final int maxRoutes;

    RouteCache(int maxRoutes) {
        this.maxRoutes = maxRoutes;
    }

    /** The partition's id as text. */
    Optional<String> get(QueueName name) {
        return Optional.ofNullable(routes.get(name));
    }

    void put(QueueName name, String partition) {
        if (routes.size() >= maxRoutes) {
            routes.clear();
        }
        routes.put(name, partition);
    }

    /** Forgets the route, unless it leads elsewhere by now. */
    void forget(QueueName name, String partition) {
        routes.remove(name, partition);
    }
}
