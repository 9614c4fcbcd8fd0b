package io.lazuli.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import io.lazuli.kernel.MemberFacts;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What follows for Pekko from the node's settings, over the node's whole configuration ({@code lazuli-pekko.conf} among it). */
final class ClusterConfig {

    private ClusterConfig() {}

    static Config of(NodeSettings settings, MemberFacts facts, Joining joining, Config nodeConfig) {
        Map<String, Object> own = new LinkedHashMap<>();
        own.put("pekko.remote.artery.canonical.hostname", settings.host());
        own.put("pekko.remote.artery.canonical.port", settings.ports().cluster());
        own.put("pekko.cluster.roles", List.copyOf(facts.toClusterRoles()));
        own.put("pekko.cluster.seed-node-timeout", Duration.ofMillis(joining.retryMillis()));
        own.put("pekko.cluster.split-brain-resolver.stable-after", Duration.ofMillis(settings.stableAfterMillis()));
        own.put("pekko.cluster.failure-detector.heartbeat-interval", Duration.ofMillis(settings.heartbeatIntervalMillis()));
        own.put("pekko.cluster.failure-detector.acceptable-heartbeat-pause", Duration.ofMillis(settings.acceptablePauseMillis()));
        own.put("pekko.cluster.failure-detector.expected-response-after", Duration.ofMillis(settings.heartbeatIntervalMillis()));
        Config result = nodeConfig;
        for (Map.Entry<String, Object> entry : own.entrySet()) {
            result = result.withValue(entry.getKey(), ConfigValueFactory.fromAnyRef(entry.getValue()));
        }
        return result;
    }
}
