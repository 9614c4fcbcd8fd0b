package io.lazuli.host.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.host.Isolation;
import io.lazuli.host.RoleKind;
import io.lazuli.host.packages.InvalidPackageException.Code;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RolePackageTest {

    private static final String COUNTER = """
            package t;
            public class Counter implements io.lazuli.role.WorkerRole {
                static { if (true) throw new IllegalStateException("validation must not initialise role classes"); }
                public void run(io.lazuli.role.RoleContext context) {}
            }""";

    @TempDir
    Path directory;

    private static RoleJarBuilder counter(String conf) {
        return new RoleJarBuilder().conf(conf).source("t.Counter", COUNTER);
    }

    private static String role(String keys) {
        return "roles { counter { class = t.Counter, kind = worker, " + keys + " } }";
    }

    @Test
    void aWholePackageIsReadWithItsDefaults() throws Exception {
        PackageManifest manifest = RolePackage.read(counter("roles { counter { kind = worker } }").offers("t.Counter").write(jar()));
        assertEquals(List.of(new RoleManifest("counter", RoleKind.WORKER, "t.Counter", 1, Isolation.SERVICE, 128, 30_000, Map.of(), Set.of())),
                manifest.roles());
    }

    @Test
    void everyKeyIsRead() throws Exception {
        PackageManifest manifest = RolePackage.read(counter(role("""
                instances = 3, isolation = node, memory = 64 MiB, stop-timeout = 5s
                settings { lines = "in", work-millis = 20, loud = true, "a.b" = x }
                required-settings = [totals]""")).write(jar()));
        assertEquals(List.of(new RoleManifest("counter", RoleKind.WORKER, "t.Counter", 3, Isolation.NODE, 64, 5_000,
                Map.of("lines", "in", "work-millis", "20", "loud", "true", "a.b", "x"), Set.of("totals"))), manifest.roles());
    }

    @Test
    void bracesInStringsCommentsAndListsAreNoBlocks() throws Exception {
        PackageManifest manifest = RolePackage.read(counter("""
                roles { # { roles {
                  counter =
                  { class = t.Counter, kind = worker, settings { counter = "} roles { counter {", other = \"\"\"{"\"\"\" } }
                  second { class = t.Counter, kind = worker, required-settings = [a, b] } // }
                }""").write(jar()));
        assertEquals(List.of("counter", "second"), manifest.roles().stream().map(RoleManifest::name).toList());
    }

    @Test
    void aRoleMayUseLibrariesOfThePackage() throws Exception {
        byte[] library = new RoleJarBuilder().source("lib.Base", """
                package lib;
                public abstract class Base implements io.lazuli.role.WorkerRole {}""").bytes();
        RoleJarBuilder whole = new RoleJarBuilder().conf("roles { a { class = t.A, kind = worker } }")
                .source("lib.Base", "package lib; public abstract class Base implements io.lazuli.role.WorkerRole {}")
                .source("t.A", "package t; public class A extends lib.Base { public void run(io.lazuli.role.RoleContext c) {} }");
        Path jar = withoutEntry(whole.entry("lib/base.jar", library).write(jar()), "lib/Base.class");
        assertEquals("t.A", RolePackage.read(jar).roles().getFirst().roleClass());
        InvalidPackageException refused = assertThrows(InvalidPackageException.class, () -> RolePackage.read(withoutEntry(jar, "lib/base.jar")));
        assertEquals(Code.UNUSABLE_CLASS, refused.code());
        assertTrue(refused.getMessage().contains("lib/Base"), refused.getMessage());
    }

    static Stream<Arguments> wrongPackages() {
        return Stream.of(
                wrong(Code.NO_SERVICE_CONF, "no META-INF/lazuli/service.conf", new RoleJarBuilder().source("t.Counter", COUNTER)),
                wrong(Code.INVALID_SERVICE_CONF, "service.conf: 1", counter("roles {")),
                wrong(Code.INVALID_SERVICE_CONF, "include is not allowed", counter("include file(\"/etc/passwd\")")),
                wrong(Code.INVALID_SERVICE_CONF, "include is not allowed", counter("include \"http://localhost/x\"")),
                wrong(Code.INVALID_SERVICE_CONF, "HOME", counter(role("settings { home = ${HOME} }"))),
                wrong(Code.INVALID_SERVICE_CONF, "unknown key 'role' at its top", counter("role {}")),
                wrong(Code.INVALID_SERVICE_CONF, "unknown key 'instance' in role 'counter'", counter(role("instance = 3"))),
                wrong(Code.INVALID_SERVICE_CONF, "'Counter'", counter("roles { Counter { class = t.Counter, kind = worker } }")),
                wrong(Code.INVALID_SERVICE_CONF, "names no class", counter("roles { counter { kind = worker } }")),
                wrong(Code.NO_ROLES, "no roles", counter("roles {}")),
                wrong(Code.NO_ROLES, "no roles", counter("")),
                wrong(Code.ROLE_NAME_CLASH, "'counter' is defined more than once", counter(
                        "roles { counter { class = t.Counter, kind = worker }\n counter { class = t.Other, kind = worker } }")),
                wrong(Code.ROLE_NAME_CLASH, "'counter' is defined more than once", counter(
                        "roles { counter { class = t.Counter, kind = worker } }\n# }\nroles.\"counter\" : { instances = 2 }")),
                wrong(Code.OUT_OF_RANGE, "roles.counter.kind: must be one of worker, actor", counter("roles { counter { class = t.Counter, kind = web } }")),
                wrong(Code.OUT_OF_RANGE, "roles.counter.kind: is missing", counter("roles { counter { class = t.Counter } }")),
                wrong(Code.OUT_OF_RANGE, "isolation: must be one of service, node", counter(role("isolation = none"))),
                wrong(Code.OUT_OF_RANGE, "0 to 1000 instances, not 1001", counter(role("instances = 1001"))),
                wrong(Code.OUT_OF_RANGE, "0 to 1000 instances, not -1", counter(role("instances = -1"))),
                wrong(Code.OUT_OF_RANGE, "roles.counter.memory", counter(role("memory = 1 MiB"))),
                wrong(Code.OUT_OF_RANGE, "roles.counter.stop-timeout", counter(role("stop-timeout = 1h"))),
                wrong(Code.INVALID_SETTING, "'a' of role 'counter' must be", counter(role("settings { a { b = 1 } }"))),
                wrong(Code.INVALID_SETTING, "'-x'", counter(role("settings { -x = 1 }"))),
                wrong(Code.OUT_OF_RANGE, "more than 8192", counter(role("settings { x = \"" + "y".repeat(8193) + "\" }"))),
                wrong(Code.UNKNOWN_CLASS, "no class t.Missing, which role 'counter' names", counter("roles { counter { class = t.Missing, kind = worker } }")),
                wrong(Code.UNKNOWN_CLASS, "no class io.lazuli.host.NodeReport", counter("roles { counter { class = io.lazuli.host.NodeReport, kind = worker } }")),
                wrong(Code.UNKNOWN_CLASS, "no class t.Gone, which META-INF/services", counter(role("instances = 1")).offers("t.Counter", "t.Gone")),
                wrong(Code.WRONG_KIND, "does not implement io.lazuli.role.ActorRole", counter("roles { counter { class = t.Counter, kind = actor } }")),
                wrong(Code.WRONG_KIND, "does not implement io.lazuli.role.WorkerRole", counter("roles { counter { class = java.lang.String, kind = worker } }")),
                wrong(Code.UNUSABLE_CLASS, "public and not abstract", withClass("public abstract class Counter implements io.lazuli.role.WorkerRole {}")),
                wrong(Code.UNUSABLE_CLASS, "public and not abstract", withClass("class Counter implements io.lazuli.role.WorkerRole {"
                        + " public Counter() {} public void run(io.lazuli.role.RoleContext c) {} }")),
                wrong(Code.UNUSABLE_CLASS, "constructor without parameters", withClass("public class Counter implements io.lazuli.role.WorkerRole {"
                        + " public Counter(int n) {} public void run(io.lazuli.role.RoleContext c) {} }")),
                wrong(Code.UNSAFE_ENTRY, "'../evil'", counter(role("instances = 1")).entry("../evil", new byte[1])),
                wrong(Code.UNSAFE_ENTRY, "'/etc/evil'", counter(role("instances = 1")).entry("/etc/evil", new byte[1])),
                wrong(Code.UNSAFE_ENTRY, "lib", counter(role("instances = 1")).entry("lib/..\\evil.jar", new byte[1])),
                wrong(Code.NOT_A_JAR, "lib/x.jar is not a jar", counter(role("instances = 1")).entry("lib/x.jar", "text".getBytes())));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("wrongPackages")
    void aWrongPackageIsRefusedWithOneClearLine(Code code, String said, RoleJarBuilder builder) throws IOException {
        Path jar = builder.write(jar());
        InvalidPackageException refused = assertThrows(InvalidPackageException.class, () -> RolePackage.read(jar));
        assertTrue(refused.getMessage().contains(said), refused.getMessage());
        assertEquals(code, refused.code(), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
    }

    @Test
    void whatIsNoJarIsRefused() throws IOException {
        Path text = Files.writeString(jar(), "hello");
        assertEquals(Code.NOT_A_JAR, assertThrows(InvalidPackageException.class, () -> RolePackage.read(text)).code());
        Path empty = Files.write(jar(), new byte[0]);
        assertEquals(Code.NOT_A_JAR, assertThrows(InvalidPackageException.class, () -> RolePackage.read(empty)).code());
    }

    @Test
    void aPackageThatIsTooLargeIsRefusedUnread() throws IOException {
        Path huge = jar();
        try (RandomAccessFile sparse = new RandomAccessFile(huge.toFile(), "rw")) {
            sparse.setLength(PackageLimits.MAX_PACKAGE_BYTES + 1);
        }
        InvalidPackageException refused = assertThrows(InvalidPackageException.class, () -> RolePackage.read(huge));
        assertEquals(Code.TOO_LARGE, refused.code());
        assertTrue(refused.getMessage().contains("more than 256 MiB"), refused.getMessage());
    }

    @Test
    void aSmallJarThatUnpacksToTooMuchIsRefused() throws IOException {
        Path bomb = jar();
        byte[] zeros = new byte[1 << 20];
        try (OutputStream file = Files.newOutputStream(bomb); ZipOutputStream out = new ZipOutputStream(file)) {
            out.putNextEntry(new ZipEntry("zeros"));
            for (long written = 0; written <= PackageLimits.MAX_UNPACKED_BYTES; written += zeros.length) {
                out.write(zeros);
            }
            out.closeEntry();
        }
        InvalidPackageException refused = assertThrows(InvalidPackageException.class, () -> RolePackage.read(bomb));
        assertEquals(Code.TOO_LARGE, refused.code());
        assertTrue(refused.getMessage().contains("1024 MiB unpacked"), refused.getMessage());
    }

    @Test
    void deployingOverridesCountsAndSettings() throws Exception {
        PackageManifest manifest = RolePackage.read(counter(role("settings { a = 1, b = 2 }, required-settings = [c]")).write(jar()));
        RoleManifest deployed = manifest.deployedWith(Map.of("counter", 5), Map.of("counter", Map.of("b", "3", "c", "4"))).role("counter").orElseThrow();
        assertEquals(5, deployed.instances());
        assertEquals(Map.of("a", "1", "b", "3", "c", "4"), deployed.settings());
    }

    @Test
    void deployingRefusesWhatIsIncompleteOrUnknown() throws Exception {
        PackageManifest manifest = RolePackage.read(counter(role("required-settings = [totals]")).write(jar()));
        assertRefused(Code.MISSING_SETTING, "'totals'", manifest, Map.of(), Map.of());
        Map<String, Map<String, String>> complete = Map.of("counter", Map.of("totals", "x"));
        assertRefused(Code.UNKNOWN_ROLE, "no role 'web'; its roles are counter", manifest, Map.of("web", 1), complete);
        assertRefused(Code.OUT_OF_RANGE, "not 1001", manifest, Map.of("counter", 1_001), complete);
        assertRefused(Code.INVALID_SETTING, "'no name'", manifest, Map.of(), Map.of("counter", Map.of("totals", "x", "no name", "y")));
    }

    private static void assertRefused(
            Code code, String said, PackageManifest manifest, Map<String, Integer> counts, Map<String, Map<String, String>> settings) {
        InvalidPackageException refused = assertThrows(InvalidPackageException.class, () -> manifest.deployedWith(counts, settings));
        assertEquals(code, refused.code());
        assertTrue(refused.getMessage().contains(said), refused.getMessage());
    }

    private static Arguments wrong(Code code, String said, RoleJarBuilder builder) {
        return Arguments.of(code, said, builder);
    }

    private static RoleJarBuilder withClass(String source) {
        return new RoleJarBuilder().conf(role("instances = 1")).source("t.Counter", "package t; " + source);
    }

    private Path jar() throws IOException {
        return Files.createTempFile(directory, "role", ".jar");
    }

    private Path withoutEntry(Path jar, String entry) throws IOException {
        Path copy = jar();
        try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
            for (ZipEntry each : java.util.Collections.list(zip.entries())) {
                if (!each.getName().equals(entry)) {
                    out.putNextEntry(new ZipEntry(each.getName()));
                    zip.getInputStream(each).transferTo(out);
                    out.closeEntry();
                }
            }
        }
        return copy;
    }
}
