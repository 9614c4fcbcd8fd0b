package io.lazuli.host.packages;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.lazuli.host.Isolation;
import io.lazuli.host.RoleKind;
import io.lazuli.host.packages.InvalidPackageException.Code;
import io.lazuli.kernel.SettingsException;
import io.lazuli.kernel.SettingsReader;
import java.io.File;
import java.net.URL;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads the text of a package's {@code META-INF/lazuli/service.conf}. The text comes from a stranger: includes are
 * refused, the environment and system properties are not visible to it, unknown keys are errors.
 */
final class ServiceConf {

    static final String PATH = "META-INF/lazuli/service.conf";

    private static final Pattern ROLE_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Set<String> ROLE_KEYS = Set.of(
            "class", "kind", "instances", "isolation", "memory", "stop-timeout", "settings", "required-settings");
    private static final Config DEFAULTS = ConfigFactory.parseMap(Map.of(
            "isolation", "service", "instances", 1, "memory", PackageLimits.DEFAULT_MEMORY_MIB + " MiB",
            "stop-timeout", PackageLimits.DEFAULT_STOP_TIMEOUT_MILLIS + " ms", "required-settings", List.of()));
    private static final long MIB = 1L << 20;

    private ServiceConf() {}

    /** @param onlyRoleClass the class of a role that names none: the one that the package offers to the ServiceLoader */
    static PackageManifest parse(String text, Optional<String> onlyRoleClass) throws InvalidPackageException {
        try {
            ConfigObject root = ConfigFactory.parseString(text, ConfigParseOptions.defaults()
                            .setSyntax(ConfigSyntax.CONF).setOriginDescription(PATH).setIncluder(new NoIncludes()))
                    .resolve(ConfigResolveOptions.noSystem()).root();
            refuseClashes(text);
            return manifest(root, onlyRoleClass);
        } catch (ConfigException e) {
            throw invalid(oneLine(e.getMessage()));
        } catch (SettingsException e) {
            throw new InvalidPackageException(Code.OUT_OF_RANGE, PATH + ": " + e.getMessage());
        }
    }

    /** HOCON merges objects of the same name without a word, so the text itself is asked. */
    private static void refuseClashes(String text) throws InvalidPackageException {
        Set<String> seen = new HashSet<>();
        for (List<String> block : ConfBlocks.paths(text)) {
            if (block.size() == 2 && block.getFirst().equals("roles") && !seen.add(block.getLast())) {
                throw new InvalidPackageException(Code.ROLE_NAME_CLASH, PATH + ": role '" + block.getLast()
                        + "' is defined more than once; give each role one name and one block");
            }
        }
    }

    private static PackageManifest manifest(ConfigObject root, Optional<String> onlyRoleClass) throws InvalidPackageException {
        refuseUnknownKeys(root, Set.of("roles"), "at its top");
        ConfigValue roles = root.get("roles");
        if (roles != null && roles.valueType() != ConfigValueType.OBJECT) {
            throw invalid("'roles' must be an object with one object per role");
        }
        if (roles == null || ((ConfigObject) roles).isEmpty()) {
            throw new InvalidPackageException(Code.NO_ROLES, PATH + " names no roles");
        }
        ConfigObject byName = (ConfigObject) roles;
        if (byName.size() > PackageLimits.MAX_ROLES) {
            throw new InvalidPackageException(Code.OUT_OF_RANGE, "a package can have at most " + PackageLimits.MAX_ROLES
                    + " roles, not " + byName.size());
        }
        List<RoleManifest> manifests = new ArrayList<>();
        for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(byName).entrySet()) {
            manifests.add(role(entry.getKey(), entry.getValue(), onlyRoleClass));
        }
        return new PackageManifest(manifests);
    }

    private static RoleManifest role(String name, ConfigValue value, Optional<String> onlyRoleClass) throws InvalidPackageException {
        if (!ROLE_NAME.matcher(name).matches()) {
            throw invalid("a role's name has 1 to 63 of a-z, 0-9 and -, and a hyphen neither first nor last: '" + name + "'");
        }
        if (!(value instanceof ConfigObject object)) {
            throw invalid("role '" + name + "' must be an object");
        }
        refuseUnknownKeys(object, ROLE_KEYS, "in role '" + name + "'");
        SettingsReader reader = new SettingsReader(object.toConfig().withFallback(DEFAULTS).atPath("roles." + name))
                .under("roles." + name);
        String roleClass = reader.has("class") ? reader.string("class") : onlyRoleClass.orElseThrow(() -> invalid(
                "role '" + name + "' names no class, and the package does not offer exactly one in " + RolePackage.SERVICES_PATH));
        String kind = reader.oneOf("kind", "worker", "actor");
        String isolation = reader.oneOf("isolation", "service", "node");
        long instances = reader.longIn("instances", Integer.MIN_VALUE, Integer.MAX_VALUE);
        PackageManifest.checkInstances(name, instances);
        long memoryBytes = reader.bytesIn("memory", PackageLimits.MIN_MEMORY_MIB * MIB, PackageLimits.MAX_MEMORY_MIB * MIB);
        long stopTimeoutMillis = reader.millisIn("stop-timeout", 0, PackageLimits.MAX_STOP_TIMEOUT_MILLIS);
        Map<String, String> settings = settings(name, object.get("settings"));
        Set<String> required = new HashSet<>(reader.strings("required-settings"));
        for (String setting : required) {
            RoleSettings.checkName(name, setting);
        }
        return new RoleManifest(
                name, RoleKind.valueOf(kind.toUpperCase(Locale.ROOT)), roleClass, (int) instances,
                Isolation.valueOf(isolation.toUpperCase(Locale.ROOT)), (int) (memoryBytes / MIB), stopTimeoutMillis, settings, required);
    }

    private static Map<String, String> settings(String role, ConfigValue value) throws InvalidPackageException {
        Map<String, String> settings = new TreeMap<>();
        if (value == null) {
            return settings;
        }
        if (!(value instanceof ConfigObject object)) {
            throw invalid("'settings' of role '" + role + "' must be an object");
        }
        for (Map.Entry<String, ConfigValue> setting : object.entrySet()) {
            switch (setting.getValue().valueType()) {
                case STRING, NUMBER, BOOLEAN -> settings.put(setting.getKey(), scalar(object, setting.getKey()));
                case OBJECT, LIST, NULL -> throw new InvalidPackageException(Code.INVALID_SETTING, "setting '" + setting.getKey()
                        + "' of role '" + role + "' must be a string, a number or true or false; a name with dots needs quotes");
            }
        }
        RoleSettings.check(role, settings);
        return settings;
    }

    private static String scalar(ConfigObject object, String key) {
        return object.toConfig().getString(ConfigUtil.quoteString(key));
    }

    private static void refuseUnknownKeys(ConfigObject object, Set<String> known, String where) throws InvalidPackageException {
        TreeSet<String> unknown = new TreeSet<>(object.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw invalid("unknown key '" + unknown.first() + "' " + where + "; known are " + String.join(", ", new TreeSet<>(known)));
        }
    }

    private static InvalidPackageException invalid(String message) {
        return new InvalidPackageException(Code.INVALID_SERVICE_CONF, message.startsWith(PATH) ? message : PATH + ": " + message);
    }

    private static String oneLine(String message) {
        return message == null ? "cannot be read" : message.replaceAll("\\s+", " ");
    }

    /** A package's text must not make the node read files or addresses. */
    private static final class NoIncludes
            implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return this;
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            throw refused(what);
        }

        @Override
        public ConfigObject includeFile(ConfigIncludeContext context, File what) {
            throw refused(what);
        }

        @Override
        public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
            throw refused(what);
        }

        @Override
        public ConfigObject includeResources(ConfigIncludeContext context, String what) {
            throw refused(what);
        }

        private static ConfigException refused(Object what) {
            return new ConfigException.Generic("include is not allowed: '" + what + "'");
        }
    }
}
