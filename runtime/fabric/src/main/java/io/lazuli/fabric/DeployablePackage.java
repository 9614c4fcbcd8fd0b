package io.lazuli.fabric;

import io.lazuli.fabric.deployment.DeploymentReply.Refused;
import io.lazuli.fabric.deployment.RoleSpec;
import io.lazuli.fabric.scaling.Scaling;
import io.lazuli.host.packages.InvalidPackageException;
import io.lazuli.host.packages.PackageManifest;
import io.lazuli.host.packages.RolePackage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A role package that has passed every check which needs no cluster. @param digest lower-case hex SHA-256 */
record DeployablePackage(String digest, List<RoleSpec> roles) {

    /** Blocks (files). @throws FabricException with what is wrong with the package, the counts or the settings */
    static DeployablePackage read(
            String name, Path jar, Map<String, Integer> counts, Map<String, Map<String, String>> overrides, FabricSettings settings) {
        try {
            PackageManifest manifest = RolePackage.read(jar).deployedWith(counts, overrides);
            List<RoleSpec> roles = manifest.roles().stream()
                    .map(role -> new RoleSpec(
                            role.name(), role.kind(), role.roleClass(), role.isolation(), role.memoryMib(), role.stopTimeoutMillis(),
                            role.settings(), role.instances()))
                    .toList();
            check(name, roles, settings);
            return new DeployablePackage(digest(jar), roles);
        } catch (InvalidPackageException e) {
            throw new FabricException(code(e.code()), e.getMessage(), e);
        } catch (IOException e) {
            throw new FabricException(FabricErrorCode.UNAVAILABLE, "the package could not be read: " + e.getMessage(), e);
        }
    }

    private static void check(String name, List<RoleSpec> roles, FabricSettings settings) {
        Map<String, Integer> counts = roles.stream().collect(Collectors.toMap(RoleSpec::name, RoleSpec::instances));
        Scaling.check(name, roles, counts, settings.maxInstancesPerRole()).ifPresent(DeployablePackage::refuse);
        for (RoleSpec role : roles) {
            long bytes = role.settings().entrySet().stream().mapToLong(setting -> bytes(setting.getKey()) + bytes(setting.getValue())).sum();
            if (bytes > settings.maxSettingsBytesPerRole()) {
                throw new FabricException(FabricErrorCode.INVALID_PACKAGE, "the settings of role '" + role.name() + "' have " + bytes
                        + " bytes together, more than " + settings.maxSettingsBytesPerRole());
            }
        }
    }

    private static void refuse(Refused refused) {
        throw new FabricException(refused.code(), refused.message());
    }

    private static FabricErrorCode code(InvalidPackageException.Code code) {
        return switch (code) {
            case TOO_LARGE -> FabricErrorCode.PACKAGE_TOO_LARGE;
            case NOT_A_JAR, UNSAFE_ENTRY, NO_SERVICE_CONF, INVALID_SERVICE_CONF, NO_ROLES, ROLE_NAME_CLASH, UNKNOWN_ROLE, UNKNOWN_CLASS,
                    UNUSABLE_CLASS, WRONG_KIND, OUT_OF_RANGE, INVALID_SETTING, MISSING_SETTING -> FabricErrorCode.INVALID_PACKAGE;
        };
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String digest(Path jar) throws IOException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(jar), sha)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
