package io.lazuli.host.packages;

import io.lazuli.host.packages.InvalidPackageException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A package as an archive: bounded in bytes, entries and unpacked bytes (counted while unpacking, whatever the archive's
 * directory says), and without entries that lead out of a directory they are unpacked into.
 */
final class PackageArchive implements AutoCloseable {

    private static final Pattern LIBRARY = Pattern.compile("lib/[^/]+\\.jar");
    private static final int BUFFER_BYTES = 64 << 10;

    private final ZipFile zip;

    private PackageArchive(ZipFile zip) {
        this.zip = zip;
    }

    static PackageArchive open(Path file) throws IOException, InvalidPackageException {
        long bytes = Files.size(file);
        if (bytes > PackageLimits.MAX_PACKAGE_BYTES) {
            throw new InvalidPackageException(Code.TOO_LARGE, "the package has " + bytes + " bytes, more than "
                    + (PackageLimits.MAX_PACKAGE_BYTES >> 20) + " MiB");
        }
        try {
            return new PackageArchive(new ZipFile(file.toFile()));
        } catch (ZipException e) {
            throw new InvalidPackageException(Code.NOT_A_JAR, "the package is not a jar file: " + e.getMessage());
        }
    }

    /** Reads every entry once and checks all bounds. */
    void check() throws IOException, InvalidPackageException {
        if (zip.size() > PackageLimits.MAX_ENTRIES) {
            throw new InvalidPackageException(Code.TOO_LARGE, "the package has " + zip.size() + " entries, more than " + PackageLimits.MAX_ENTRIES);
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        long total = 0;
        int libraries = 0;
        for (ZipEntry entry : Collections.list(zip.entries())) {
            checkName(entry.getName());
            libraries += LIBRARY.matcher(entry.getName()).matches() ? 1 : 0;
            try (InputStream in = zip.getInputStream(entry)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    total += n;
                    if (total > PackageLimits.MAX_UNPACKED_BYTES) {
                        throw new InvalidPackageException(Code.TOO_LARGE, "the package has more than "
                                + (PackageLimits.MAX_UNPACKED_BYTES >> 20) + " MiB unpacked");
                    }
                }
            } catch (ZipException e) {
                throw new InvalidPackageException(Code.NOT_A_JAR, "the package is damaged at '" + entry.getName() + "': " + e.getMessage());
            }
        }
        if (libraries > PackageLimits.MAX_LIBRARIES) {
            throw new InvalidPackageException(Code.TOO_LARGE, "the package has " + libraries + " libraries, more than " + PackageLimits.MAX_LIBRARIES);
        }
    }

    /** The text of an entry, empty if there is none. */
    Optional<String> text(String name) throws IOException, InvalidPackageException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            return Optional.empty();
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(PackageLimits.MAX_SERVICE_CONF_BYTES + 1);
            if (bytes.length > PackageLimits.MAX_SERVICE_CONF_BYTES) {
                throw new InvalidPackageException(Code.TOO_LARGE, name + " has more than " + PackageLimits.MAX_SERVICE_CONF_BYTES + " bytes");
            }
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /** Unpacks the libraries of a package that was checked. @param directory exists and is empty */
    List<Path> unpackLibraries(Path directory) throws IOException, InvalidPackageException {
        List<Path> libraries = new ArrayList<>();
        List<? extends ZipEntry> entries = Collections.list(zip.entries()).stream()
                .filter(entry -> LIBRARY.matcher(entry.getName()).matches())
                .sorted(Comparator.comparing(ZipEntry::getName)).toList();
        for (ZipEntry entry : entries) {
            checkName(entry.getName());
            Path library = directory.resolve(entry.getName().substring("lib/".length()));
            try (InputStream in = zip.getInputStream(entry); OutputStream out = Files.newOutputStream(library)) {
                in.transferTo(out);
            }
            libraries.add(library);
        }
        return libraries;
    }

    private static void checkName(String name) throws InvalidPackageException {
        boolean unsafe = name.startsWith("/") || name.contains("\\") || name.contains("\0") || name.matches("[A-Za-z]:.*")
                || List.of(name.split("/")).contains("..");
        if (unsafe) {
            throw new InvalidPackageException(Code.UNSAFE_ENTRY, "the package has an entry that leads out of it: '" + name + "'");
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
