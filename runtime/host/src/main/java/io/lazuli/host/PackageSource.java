package io.lazuli.host;

import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/** Where node agents get role packages from, and where {@code deploy} puts them. */
public interface PackageSource {

    /** Stores a package durably; completes with its digest when it is. The file may be deleted afterwards. */
    CompletionStage<String> store(Path jar);

    /** Brings the package to this machine, verified against its digest; the path stays valid while the node runs. */
    CompletionStage<Path> fetch(String digest);

    /** Forgets a package that no deployment uses any more. */
    CompletionStage<Void> delete(String digest);
}
