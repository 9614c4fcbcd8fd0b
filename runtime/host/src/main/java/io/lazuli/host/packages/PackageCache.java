package io.lazuli.host.packages;

import io.lazuli.host.PackageSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Role packages on this machine, unpacked for class loaders: {@code <digest>.jar} and {@code <digest>.lib/*.jar}. What is
 * there is whole: files appear by atomic renames, and each package's SHA-256 is checked once per process before its first
 * use. After a crash the directory may hold temporary files, which the next start removes.
 *
 * <p>Bounded by the packages that the node's instances use: {@link #retain} removes the others.
 */
public final class PackageCache {

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final String TEMPORARY_SUFFIX = ".tmp";
    private static final String JAR_SUFFIX = ".jar";
    private static final String LIBRARIES_SUFFIX = ".lib";

    private final Path directory;
    private final PackageSource source;
    private final Executor blocking;
    private final Map<String, CompletableFuture<RoleJars>> ready = new ConcurrentHashMap<>();

    /** @param blocking runs file work, one package at a time per thread */
    public PackageCache(Path directory, PackageSource source, Executor blocking) {
        this.directory = directory;
        this.source = source;
        this.blocking = blocking;
        try {
            Files.createDirectories(directory);
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.filter(path -> path.toString().endsWith(TEMPORARY_SUFFIX)).toList()) {
                    RolePackage.deleteTree(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Completes when the package is whole on this machine; a failed attempt is forgotten, so that the next one tries again. */
    public CompletionStage<RoleJars> open(String digest) {
        if (!DIGEST.matcher(digest).matches()) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("not a package digest: '" + digest + "'"));
        }
        CompletableFuture<RoleJars> opening = ready.computeIfAbsent(digest, this::bring);
        opening.whenComplete((jars, failure) -> {
            if (failure != null) {
                ready.remove(digest, opening);
            }
        });
        return opening;
    }

    /**
     * Removes the packages that nobody uses; blocks. Running code that still loads classes from them fails.
     *
     * @param used the digests of those that somebody uses; asked again for each removal, so that a package which is opened
     *     meanwhile stays if it is among them before it is opened
     */
    public void retain(Supplier<Set<String>> used) throws IOException {
        Set<String> here = new TreeSet<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                String digest = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
                boolean beingBrought = name.endsWith(TEMPORARY_SUFFIX);
                if (DIGEST.matcher(digest).matches() && !beingBrought) {
                    here.add(digest);
                }
            }
        }
        for (String digest : here) {
            for (Path removed : takeAwayIfUnused(digest, used)) {
                RolePackage.deleteTree(removed);
            }
        }
    }

    /** Atomic towards {@link #open}, and therefore only renames. @return what is to be deleted */
    private List<Path> takeAwayIfUnused(String digest, Supplier<Set<String>> used) throws IOException {
        List<Path> takenAway = new ArrayList<>();
        try {
            ready.compute(digest, (key, opened) -> {
                if (used.get().contains(key) || (opened != null && !opened.isDone())) {
                    return opened;
                }
                try {
                    for (String suffix : List.of(JAR_SUFFIX, LIBRARIES_SUFFIX)) {
                        Path file = directory.resolve(key + suffix);
                        if (Files.exists(file)) {
                            takenAway.add(Files.move(file, temporary(key), StandardCopyOption.ATOMIC_MOVE));
                        }
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return null;
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return takenAway;
    }

    private CompletableFuture<RoleJars> bring(String digest) {
        Path jar = directory.resolve(digest + JAR_SUFFIX);
        return CompletableFuture.supplyAsync(() -> isWhole(jar, digest), blocking)
                .thenCompose(here -> here
                        ? CompletableFuture.completedFuture(jar)
                        : source.fetch(digest).thenApplyAsync(fetched -> copy(fetched, jar, digest), blocking).toCompletableFuture())
                .thenApplyAsync(whole -> new RoleJars(whole, libraries(whole, digest)), blocking);
    }

    /** A damaged file is removed, so that it is fetched anew. */
    private static boolean isWhole(Path jar, String digest) {
        try {
            if (Files.exists(jar) && digestOf(jar).equals(digest)) {
                return true;
            }
            Files.deleteIfExists(jar);
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path copy(Path fetched, Path jar, String digest) {
        Path temporary = temporary(digest);
        try {
            if (!fetched.equals(jar)) {
                linkOrCopy(fetched, temporary);
                if (digestOf(temporary).equals(digest)) {
                    Files.move(temporary, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                    return jar;
                }
            } else if (digestOf(jar).equals(digest)) {
                return jar;
            }
            Files.deleteIfExists(fetched);
            Files.deleteIfExists(temporary);
            throw new IOException("package " + digest + " arrived with other content than its digest says");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void linkOrCopy(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(from, to);
        }
    }

    private List<Path> libraries(Path jar, String digest) {
        Path libraries = directory.resolve(digest + LIBRARIES_SUFFIX);
        try {
            if (Files.notExists(libraries)) {
                Path temporary = Files.createDirectory(temporary(digest));
                try (PackageArchive archive = PackageArchive.open(jar)) {
                    archive.unpackLibraries(temporary);
                }
                Files.move(temporary, libraries, StandardCopyOption.ATOMIC_MOVE);
            }
            try (Stream<Path> files = Files.list(libraries)) {
                return files.sorted().toList();
            }
        } catch (InvalidPackageException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path temporary(String digest) {
        return directory.resolve(digest + "." + System.nanoTime() + TEMPORARY_SUFFIX);
    }

    private static String digestOf(Path file) throws IOException {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
