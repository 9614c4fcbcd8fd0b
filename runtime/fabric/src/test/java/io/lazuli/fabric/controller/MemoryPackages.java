package io.lazuli.fabric.controller;

import io.lazuli.host.PackageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers which packages are stored, and not their bytes. */
public final class MemoryPackages implements PackageSource {

    public final Set<String> stored = ConcurrentHashMap.newKeySet();
    public volatile boolean broken;

    @Override
    public CompletionStage<String> store(Path jar) {
        if (broken) {
            return CompletableFuture.failedStage(new IOException("the disk is on fire"));
        }
        try {
            String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));
            stored.add(digest);
            return CompletableFuture.completedStage(digest);
        } catch (IOException | NoSuchAlgorithmException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public CompletionStage<Path> fetch(String digest) {
        return CompletableFuture.failedStage(new UnsupportedOperationException());
    }

    @Override
    public CompletionStage<Void> delete(String digest) {
        stored.remove(digest);
        return CompletableFuture.completedStage(null);
    }
}
