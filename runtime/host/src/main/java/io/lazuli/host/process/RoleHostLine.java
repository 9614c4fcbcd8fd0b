package io.lazuli.host.process;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import io.lazuli.host.HostSettings.QueueSettings;
import io.lazuli.host.InstanceKey;
import io.lazuli.host.InstanceState;
import io.lazuli.host.NodeAgentProtocol.PeerInfo;
import io.lazuli.host.RoleKind;
import io.lazuli.host.StorageAccess;
import io.lazuli.host.code.CodeSpec;
import io.lazuli.host.packages.RoleJars;
import io.lazuli.host.process.RoleHostMessage.CodeEnded;
import io.lazuli.host.process.RoleHostMessage.CodeReady;
import io.lazuli.host.process.RoleHostMessage.Configure;
import io.lazuli.host.process.RoleHostMessage.EndCode;
import io.lazuli.host.process.RoleHostMessage.Heartbeat;
import io.lazuli.host.process.RoleHostMessage.Peers;
import io.lazuli.host.process.RoleHostMessage.StartCode;
import io.lazuli.host.process.RoleHostMessage.StopCode;
import io.lazuli.host.process.RoleHostMessage.Up;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes and reads {@link RoleHostMessage}s as lines of JSON. Pure. */
final class RoleHostLine {

    /** Longest line either side reads. */
    static final int MAX_LINE_BYTES = 4 << 20;

    private static final ConfigParseOptions JSON = ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);
    private static final String TYPE = "type";

    private RoleHostLine() {}

    /** One line, without its end. */
    static String write(RoleHostMessage message) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(TYPE, message.getClass().getSimpleName());
        switch (message) {
            case Configure configure -> configure(json, configure);
            case StartCode start -> code(json, start.code());
            case StopCode stop -> instance(json, stop.key(), stop.run());
            case EndCode end -> instance(json, end.key(), end.run());
            case Peers peers -> json.put("peers", peers.peers().stream()
                    .map(peer -> Map.of("instance", peer.key().toString(), "node", peer.node(), "state", peer.state().name())).toList());
            case Up up -> { }
            case Heartbeat heartbeat -> { }
            case CodeReady ready -> instance(json, ready.key(), ready.run());
            case CodeEnded ended -> {
                instance(json, ended.key(), ended.run());
                json.put("error", ended.error());
                json.put("givenUp", ended.givenUp());
            }
        }
        return ConfigValueFactory.fromMap(json).render(ConfigRenderOptions.concise());
    }

    /** Empty if the line is none of ours: role code can write to the role host's standard output behind our back. */
    static Optional<RoleHostMessage> read(String line) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(message(ConfigFactory.parseString(line, JSON)));
        } catch (ConfigException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static RoleHostMessage message(Config json) {
        String type = json.getString(TYPE);
        return switch (type) {
            case "Configure" -> new Configure(
                    json.getLong("nodePid"), Path.of(json.getString("logDirectory")), json.getLong("logMaxBytes"),
                    json.getLong("heartbeatIntervalMillis"),
                    new StorageAccess(
                            json.getString("connectionString"), json.getStringList("queueEndpoints").stream().map(URI::create).toList(),
                            json.getString("account"), json.getString("accountKey")),
                    new QueueSettings(
                            json.getLong("retryForMillis"), json.getLong("minBackoffMillis"), json.getLong("maxBackoffMillis"),
                            json.getLong("requestTimeoutMillis")));
            case "StartCode" -> new StartCode(code(json));
            case "StopCode" -> new StopCode(key(json), json.getLong("run"));
            case "EndCode" -> new EndCode(key(json), json.getLong("run"));
            case "Peers" -> new Peers(json.getConfigList("peers").stream()
                    .map(peer -> new PeerInfo(key(peer), peer.getString("node"), InstanceState.valueOf(peer.getString("state")))).toList());
            case "Up" -> new Up();
            case "Heartbeat" -> new Heartbeat();
            case "CodeReady" -> new CodeReady(key(json), json.getLong("run"));
            case "CodeEnded" -> new CodeEnded(key(json), json.getLong("run"), json.getString("error"), json.getBoolean("givenUp"));
            default -> throw new IllegalArgumentException("unknown message " + type);
        };
    }

    private static void configure(Map<String, Object> json, Configure configure) {
        json.put("nodePid", configure.nodePid());
        json.put("logDirectory", configure.logDirectory().toString());
        json.put("logMaxBytes", configure.logMaxBytes());
        json.put("heartbeatIntervalMillis", configure.heartbeatIntervalMillis());
        json.put("connectionString", configure.access().connectionString());
        json.put("queueEndpoints", configure.access().queueEndpoints().stream().map(URI::toString).toList());
        json.put("account", configure.access().account());
        json.put("accountKey", configure.access().accountKey());
        json.put("retryForMillis", configure.queue().retryForMillis());
        json.put("minBackoffMillis", configure.queue().minBackoffMillis());
        json.put("maxBackoffMillis", configure.queue().maxBackoffMillis());
        json.put("requestTimeoutMillis", configure.queue().requestTimeoutMillis());
    }

    private static void code(Map<String, Object> json, CodeSpec code) {
        instance(json, code.key(), code.run());
        json.put("kind", code.kind().name());
        json.put("roleClass", code.roleClass());
        json.put("settings", code.settings());
        json.put("stopTimeoutMillis", code.stopTimeoutMillis());
        json.put("interruptAfterMillis", code.interruptAfterMillis());
        json.put("jar", code.jars().jar().toString());
        json.put("libraries", code.jars().libraries().stream().map(Path::toString).toList());
    }

    private static CodeSpec code(Config json) {
        Map<String, String> settings = new HashMap<>();
        json.getObject("settings").forEach((name, value) -> settings.put(name, (String) value.unwrapped()));
        List<Path> libraries = json.getStringList("libraries").stream().map(Path::of).toList();
        return new CodeSpec(
                key(json), json.getLong("run"), RoleKind.valueOf(json.getString("kind")), json.getString("roleClass"), settings,
                json.getLong("stopTimeoutMillis"), json.getLong("interruptAfterMillis"), new RoleJars(Path.of(json.getString("jar")), libraries));
    }

    private static void instance(Map<String, Object> json, InstanceKey key, long run) {
        json.put("instance", key.toString());
        json.put("run", run);
    }

    private static InstanceKey key(Config json) {
        return InstanceKey.parse(json.getString("instance"));
    }
}
