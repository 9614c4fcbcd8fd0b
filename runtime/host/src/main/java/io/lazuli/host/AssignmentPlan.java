package io.lazuli.host;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a node agent has to do for its node to run what it was assigned. Pure. An instance whose generation differs is
 * stopped first and started when it has finished, so that a node never runs two of the same key.
 */
record AssignmentPlan(List<InstanceSpec> toStart, List<InstanceKey> toStop) {

    /** An instance that the node has. */
    record Held(long generation, boolean stopping) {}

    AssignmentPlan {
        toStart = List.copyOf(toStart);
        toStop = List.copyOf(toStop);
    }

    /** @param maxInstances what is assigned beyond it is not started */
    static AssignmentPlan of(List<InstanceSpec> assigned, Map<InstanceKey, Held> held, int maxInstances) {
        Map<InstanceKey, InstanceSpec> wanted = new LinkedHashMap<>();
        assigned.forEach(spec -> wanted.put(spec.key(), spec));
        List<InstanceSpec> toStart = new ArrayList<>();
        for (InstanceSpec spec : wanted.values()) {
            if (!held.containsKey(spec.key()) && held.size() + toStart.size() < maxInstances) {
                toStart.add(spec);
            }
        }
        List<InstanceKey> toStop = new ArrayList<>();
        held.forEach((key, instance) -> {
            InstanceSpec spec = wanted.get(key);
            if (!instance.stopping() && (spec == null || spec.generation() != instance.generation())) {
                toStop.add(key);
            }
        });
        return new AssignmentPlan(toStart, toStop);
    }
}
