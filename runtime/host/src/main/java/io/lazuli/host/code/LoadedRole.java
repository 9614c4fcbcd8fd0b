package io.lazuli.host.code;

import io.lazuli.host.packages.RoleClassLoader;
import io.lazuli.role.Role;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;

/** A role object and the class loader that it lives in. Closing it leaves the object usable as far as its classes are loaded. */
record LoadedRole<R extends Role>(R role, RoleClassLoader loader) implements AutoCloseable {

    /** Runs code of the package (initialisers, constructor), with the thread's context class loader set. */
    static <R extends Role> LoadedRole<R> load(CodeSpec spec, Class<R> kind) throws Exception {
        RoleClassLoader loader = RoleClassLoader.of(spec.key() + "#" + spec.run(), spec.jars());
        try {
            Thread.currentThread().setContextClassLoader(loader);
            return new LoadedRole<>(kind.cast(Class.forName(spec.roleClass(), true, loader).getConstructor().newInstance()), loader);
        } catch (InvocationTargetException e) {
            loader.close();
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (Throwable e) {
            loader.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
