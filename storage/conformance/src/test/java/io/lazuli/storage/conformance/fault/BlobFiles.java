package io.lazuli.storage.conformance.fault;

import io.lazuli.storage.conformance.cloud.LazuliCloud;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files in which a node that does not run keeps its copies of blobs' bytes, to be damaged. */
record BlobFiles(List<Path> extents) {

    private static final String SUFFIX = ".chunks";
    private static final long FLIP_EVERY_BYTES = 1 << 20;

    static BlobFiles of(LazuliCloud cloud, String node) throws IOException {
        try (Stream<Path> files = Files.walk(cloud.data().resolve(node))) {
            List<Path> extents = files.filter(file -> file.toString().endsWith(SUFFIX)).toList();
            if (extents.isEmpty()) {
                throw new AssertionError(node + " has no files of blobs");
            }
            return new BlobFiles(extents);
        }
    }

    /** One byte in every megabyte of each file. Returns how many, for reports. */
    String flipBytes() throws IOException {
        int flipped = 0;
        for (Path extent : extents) {
            try (RandomAccessFile file = new RandomAccessFile(extent.toFile(), "rw")) {
                for (long at = FLIP_EVERY_BYTES / 2; at < file.length(); at += FLIP_EVERY_BYTES) {
                    file.seek(at);
                    int old = file.read();
                    file.seek(at);
                    file.write(~old);
                    flipped++;
                }
            }
        }
        return flipped + " places of " + extents.size() + " files";
    }

    String delete() throws IOException {
        for (Path extent : extents) {
            Files.delete(extent);
        }
        return extents.size() + " files";
    }
}
