package io.lazuli.cli.blob;

import io.lazuli.cli.CliException;
import io.lazuli.cli.admin.AdminClient;
import java.util.Arrays;
import java.util.stream.Collectors;

/** {@code CONTAINER/NAME} as people write it. @param name empty for the container, or the beginning of names if it ends with a slash */
record BlobAddress(String container, String name) {

    /** @throws CliException if there is no container */
    static BlobAddress parse(String text) {
        int slash = text.indexOf('/');
        String container = slash < 0 ? text : text.substring(0, slash);
        if (container.isEmpty()) {
            throw new CliException("'" + text + "' names no container: write CONTAINER/NAME");
        }
        return new BlobAddress(container, slash < 0 ? "" : text.substring(slash + 1));
    }

    /** Whether it stands for all blobs whose names begin so. */
    boolean isPrefix() {
        return name.isEmpty() || name.endsWith("/");
    }

    BlobAddress child(String more) {
        return new BlobAddress(container, name + more);
    }

    /** Behind the account in a URL. */
    String path() {
        return "/" + container + (name.isEmpty() ? "" : "/" + Arrays.stream(name.split("/", -1)).map(AdminClient::encode).collect(Collectors.joining("/")));
    }

    @Override
    public String toString() {
        return container + "/" + name;
    }
}
