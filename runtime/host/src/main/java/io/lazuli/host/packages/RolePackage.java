package io.lazuli.host.packages;

import io.lazuli.host.RoleKind;
import io.lazuli.host.packages.InvalidPackageException.Code;
import io.lazuli.role.ActorRole;
import io.lazuli.role.Role;
import io.lazuli.role.WorkerRole;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads and validates a role package: a jar with {@code META-INF/lazuli/service.conf}, the role classes (also offered to
 * the ServiceLoader under {@code META-INF/services/io.lazuli.role.Role}) and any libraries as {@code lib/*.jar}.
 *
 * <p>Validation loads the role classes in a class loader that is thrown away and does not initialise them, so no code of
 * the package runs. It blocks (files), and leaves nothing behind.
 */
public final class RolePackage {

    static final String SERVICES_PATH = "META-INF/services/" + Role.class.getName();

    private RolePackage() {}

    /**
     * @throws InvalidPackageException with the first thing that is wrong
     * @throws IOException if this machine's files could not be read or written
     */
    public static PackageManifest read(Path jar) throws IOException, InvalidPackageException {
        Path scratch = Files.createTempDirectory("lazuli-package-");
        try (PackageArchive archive = PackageArchive.open(jar)) {
            archive.check();
            String conf = archive.text(ServiceConf.PATH).orElseThrow(() -> new InvalidPackageException(
                    Code.NO_SERVICE_CONF, "the package has no " + ServiceConf.PATH));
            List<String> offered = offeredClasses(archive.text(SERVICES_PATH));
            PackageManifest manifest = ServiceConf.parse(
                    conf, offered.size() == 1 ? Optional.of(offered.getFirst()) : Optional.empty());
            List<Path> libraries = archive.unpackLibraries(scratch);
            for (Path library : libraries) {
                checkIsJar(library);
            }
            checkClasses(manifest, offered, new RoleJars(jar, libraries));
            return manifest;
        } finally {
            deleteTree(scratch);
        }
    }

    private static void checkClasses(PackageManifest manifest, List<String> offered, RoleJars jars)
            throws IOException, InvalidPackageException {
        try (RoleClassLoader loader = RoleClassLoader.of("validation", jars)) {
            for (String name : offered) {
                load(loader, name, SERVICES_PATH);
            }
            for (RoleManifest role : manifest.roles()) {
                checkRoleClass(role, load(loader, role.roleClass(), "role '" + role.name() + "'"));
            }
        }
    }

    private static Class<?> load(RoleClassLoader loader, String name, String namedBy) throws InvalidPackageException {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new InvalidPackageException(Code.UNKNOWN_CLASS, "the package has no class " + name + ", which " + namedBy + " names");
        } catch (LinkageError e) {
            throw new InvalidPackageException(Code.UNUSABLE_CLASS, "class " + name + ", which " + namedBy + " names, cannot be loaded: " + e);
        }
    }

    private static void checkRoleClass(RoleManifest role, Class<?> type) throws InvalidPackageException {
        String who = "class " + type.getName() + " of role '" + role.name() + "'";
        Class<? extends Role> wanted = role.kind() == RoleKind.WORKER ? WorkerRole.class : ActorRole.class;
        if (!wanted.isAssignableFrom(type)) {
            throw new InvalidPackageException(Code.WRONG_KIND, who + " does not implement " + wanted.getName() + ", which its kind '"
                    + (role.kind() == RoleKind.WORKER ? "worker" : "actor") + "' asks for");
        }
        try {
            boolean usable = Modifier.isPublic(type.getModifiers()) && !Modifier.isAbstract(type.getModifiers())
                    && Modifier.isPublic(type.getConstructor().getModifiers());
            if (!usable) {
                throw new InvalidPackageException(Code.UNUSABLE_CLASS, who + " must be public and not abstract");
            }
        } catch (NoSuchMethodException e) {
            throw new InvalidPackageException(Code.UNUSABLE_CLASS, who + " must have a public constructor without parameters");
        } catch (LinkageError e) {
            throw new InvalidPackageException(Code.UNUSABLE_CLASS, who + " cannot be loaded: " + e);
        }
    }

    /** The classes of a ServiceLoader file: one a line, {@code #} begins a comment. */
    private static List<String> offeredClasses(Optional<String> services) {
        return services.stream().flatMap(String::lines)
                .map(line -> line.contains("#") ? line.substring(0, line.indexOf('#')) : line)
                .map(String::strip).filter(line -> !line.isEmpty()).distinct().toList();
    }

    private static void checkIsJar(Path library) throws IOException, InvalidPackageException {
        try (ZipFile zip = new ZipFile(library.toFile())) {
            zip.size();
        } catch (ZipException e) {
            throw new InvalidPackageException(Code.NOT_A_JAR, "lib/" + library.getFileName() + " is not a jar file: " + e.getMessage());
        }
    }

    static void deleteTree(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
