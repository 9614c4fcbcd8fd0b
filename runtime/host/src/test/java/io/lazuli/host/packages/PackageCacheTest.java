package io.lazuli.host.packages;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.host.PackageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageCacheTest {

    @TempDir
    Path directory;

    private byte[] content;
    private String digest;
    private Path cached;
    /** What the source hands out, and how often. */
    private byte[] handedOut;
    private int fetches;

    @BeforeEach
    void build() throws Exception {
        content = new RoleJarBuilder().conf("roles {}").entry("lib/b.jar", new byte[] {2}).entry("lib/a.jar", new byte[] {1})
                .entry("lib/deeper/c.jar", new byte[] {3}).bytes();
        digest = digestOf(content);
        handedOut = content;
        cached = directory.resolve("cache");
    }

    @Test
    void aPackageIsFetchedOnceAndItsLibrariesUnpacked() throws IOException {
        PackageCache cache = cache();
        RoleJars jars = open(cache);
        assertArrayEquals(content, Files.readAllBytes(jars.jar()));
        assertEquals(List.of("a.jar", "b.jar"), jars.libraries().stream().map(library -> library.getFileName().toString()).toList());
        assertEquals(jars, open(cache));
        assertEquals(jars, open(cache()), "it is found again by the next process");
        assertEquals(1, fetches);
    }

    @Test
    void otherContentThanTheDigestSaysIsRefusedAndFetchedAgain() {
        PackageCache cache = cache();
        handedOut = new byte[] {1, 2, 3};
        assertThrows(CompletionException.class, () -> open(cache));
        assertEquals(List.of(), files());
        handedOut = content;
        open(cache);
        assertEquals(2, fetches);
    }

    @Test
    void aDamagedFileIsFetchedAnew() throws IOException {
        Path jar = open(cache()).jar();
        byte[] damaged = content.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.delete(jar);
        Files.write(jar, damaged);
        assertArrayEquals(content, Files.readAllBytes(open(cache()).jar()));
    }

    @Test
    void whatACrashLeftHalfDoneIsRemoved() throws IOException {
        Files.createDirectories(cached.resolve(digest + ".1.tmp"));
        Files.write(cached.resolve(digest + ".1.tmp/a.jar"), new byte[1]);
        Files.write(cached.resolve(digest + ".2.tmp"), new byte[1]);
        cache();
        assertEquals(List.of(), files());
    }

    @Test
    void whatNobodyUsesIsRemoved() throws IOException {
        PackageCache cache = cache();
        open(cache);
        cache.retain(() -> Set.of(digest));
        assertEquals(List.of(digest + ".jar", digest + ".lib"), files());
        cache.retain(Set::of);
        assertEquals(List.of(), files());
        open(cache);
        assertEquals(2, fetches);
    }

    @Test
    void whatIsOpenedWhileOthersAreRemovedStays() throws IOException {
        PackageCache cache = cache();
        open(cache);
        String unused = "0".repeat(64);
        Files.write(cached.resolve(unused + ".jar"), new byte[1]);
        Set<String> used = new HashSet<>();
        cache.retain(() -> {
            Set<String> before = Set.copyOf(used);
            used.add(digest);
            return before;
        });
        assertEquals(List.of(digest + ".jar", digest + ".lib"), files());
    }

    @Test
    void whatIsNoDigestIsNoPath() {
        assertTrue(assertThrows(CompletionException.class, () -> cache().open("../../etc/passwd").toCompletableFuture().join())
                .getCause() instanceof IllegalArgumentException);
    }

    private PackageCache cache() {
        return new PackageCache(cached, new Source(), Runnable::run);
    }

    private RoleJars open(PackageCache cache) {
        return cache.open(digest).toCompletableFuture().join();
    }

    private List<String> files() {
        try (Stream<Path> files = Files.list(cached)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String digestOf(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private final class Source implements PackageSource {

        @Override
        public CompletionStage<Path> fetch(String wanted) {
            fetches++;
            try {
                return CompletableFuture.completedFuture(Files.write(Files.createTempFile(directory, "fetched", ".jar"), handedOut));
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public CompletionStage<String> store(Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> delete(String wanted) {
            throw new UnsupportedOperationException();
        }
    }
}
