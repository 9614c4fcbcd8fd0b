package io.lazuli.host.packages;

import java.nio.file.Path;
import java.util.List;

/** A package on this machine, ready for a class loader. @param libraries what was inside as {@code lib/*.jar}, in the order of their names */
public record RoleJars(Path jar, List<Path> libraries) {

    public RoleJars {
        libraries = List.copyOf(libraries);
    }
}
