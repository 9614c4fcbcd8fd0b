package io.lazuli.host.packages;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Builds role packages for tests from Java source, compiled in memory against the test's own class path. */
public final class RoleJarBuilder {

    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();

    public RoleJarBuilder conf(String hocon) {
        return entry("META-INF/lazuli/service.conf", hocon.getBytes(StandardCharsets.UTF_8));
    }

    public RoleJarBuilder offers(String... classes) {
        return entry("META-INF/services/io.lazuli.role.Role", String.join("\n", classes).getBytes(StandardCharsets.UTF_8));
    }

    public RoleJarBuilder source(String className, String source) {
        sources.put(className, source);
        return this;
    }

    public RoleJarBuilder entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    public Path write(Path jar) throws IOException {
        Files.write(jar, bytes());
        return jar;
    }

    public byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Map<String, byte[]> all = new LinkedHashMap<>(entries);
        all.putAll(compile(sources));
        try (JarOutputStream out = new JarOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : all.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static Map<String, byte[]> compile(Map<String, String> sources) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        if (sources.isEmpty()) {
            return classes;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<SourceFile> files = sources.entrySet().stream().map(e -> new SourceFile(e.getKey(), e.getValue())).toList();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(problems, null, null);
                JavaFileManager memory = new ForwardingJavaFileManager<JavaFileManager>(standard) {
                    @Override
                    public JavaFileObject getJavaFileForOutput(Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
                        return new ClassFile(name, classes);
                    }
                }) {
            List<String> options = List.of("--release", "21", "-proc:none", "-cp", System.getProperty("java.class.path"));
            if (!compiler.getTask(null, memory, problems, options, null, files).call()) {
                Optional<Diagnostic<? extends JavaFileObject>> first = problems.getDiagnostics().stream()
                        .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR).findFirst();
                throw new IllegalArgumentException("test role does not compile: " + first);
            }
        }
        return classes;
    }

    private static final class SourceFile extends SimpleJavaFileObject {
        private final String text;

        SourceFile(String className, String text) {
            super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class ClassFile extends SimpleJavaFileObject {
        private final String entryName;
        private final Map<String, byte[]> classes;

        ClassFile(String className, Map<String, byte[]> classes) {
            super(URI.create("memory:///" + className.replace('.', '/') + ".class"), Kind.CLASS);
            this.entryName = className.replace('.', '/') + ".class";
            this.classes = classes;
        }

        @Override
        public OutputStream openOutputStream() {
            return new ByteArrayOutputStream() {
                @Override
                public void close() throws IOException {
                    super.close();
                    classes.put(entryName, toByteArray());
                }
            };
        }
    }
}
