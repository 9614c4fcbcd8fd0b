package io.lazuli.host.packages;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/**
 * Loads a package's classes so that they see the JDK, the role API and the few libraries that are part of it, and nothing
 * else of the node: a package may bring any version of any other library. What is shared is never taken from the package.
 *
 * <p>Each run of an instance has a loader of its own, so that what one run left in static fields does not reach the next.
 */
public final class RoleClassLoader extends URLClassLoader {

    private static final List<String> SHARED_PREFIXES =
            List.of("io.lazuli.role.", "org.apache.pekko.", "scala.", "com.typesafe.config.", "org.slf4j.");

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader host;

    private RoleClassLoader(String name, URL[] jars) {
        super(name, jars, ClassLoader.getPlatformClassLoader());
        this.host = RoleClassLoader.class.getClassLoader();
    }

    /** @param name shown in stack traces */
    public static RoleClassLoader of(String name, RoleJars jars) throws IOException {
        URL[] urls = new URL[1 + jars.libraries().size()];
        urls[0] = url(jars.jar());
        for (int i = 0; i < jars.libraries().size(); i++) {
            urls[i + 1] = url(jars.libraries().get(i));
        }
        return new RoleClassLoader(name, urls);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return isShared(name) ? host.loadClass(name) : super.loadClass(name, resolve);
    }

    private static boolean isShared(String name) {
        for (String prefix : SHARED_PREFIXES) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static URL url(Path jar) throws MalformedURLException {
        return jar.toUri().toURL();
    }
}
