package io.lazuli.storage.partition.blob;

import io.lazuli.storage.partition.blob.BlobContent.Pages;
import io.lazuli.storage.partition.blob.BlobState.Deleted;

/**
 * What becomes of a current state that is about to be replaced. With versioning it stays as a version; with soft delete only, what is overwritten
 * stays as a deleted snapshot; otherwise it goes, with its content. Sources: "Blob versioning", "Soft delete for blobs".
 */
final class FormerStates {

    private FormerStates() {}

    /** Keeps or drops the state whose content is about to be replaced. @return whether something of it stays that the count of snapshots does not tell */
    static boolean replaced(BlobEdit edit, AccountRules rules) {
        BlobState was = edit.current();
        if (was == null || !was.hasContent()) {
            return false;
        }
        Deleted deletion = was.deleted() == null ? edit.deletion(rules) : was.deleted();
        if (was.exists() && stays(was, rules)) {
            asVersion(edit, was, was.contentShared());
        } else if (deletion != null) {
            edit.putAside(new BlobStateBuilder(was).aside(edit.ticks(), 0).deleted(deletion));
        } else {
            if (!was.contentShared()) {
                edit.dropContent(was.content());
            }
            return was.contentShared() && was.snapshotCount() == 0;
        }
        return true;
    }

    /** Whether a state that is replaced or deleted stays as a version. Those that are versions stay, also after versioning was switched off. */
    static boolean stays(BlobState was, AccountRules rules) {
        return rules.versioning() || was.isCurrentVersion();
    }

    /** @param shared whether another state has its content, too */
    static void asVersion(BlobEdit edit, BlobState was, boolean shared) {
        edit.putAside(new BlobStateBuilder(was).aside(0, versionOf(was)).contentShared(shared));
    }

    /** Under which a state is known as a version: one that was written without versioning, by when that was. */
    static long versionOf(BlobState was) {
        return was.versionTicks() != 0 ? was.versionTicks() : was.modifiedTicks();
    }

    /** The current state's successor with the same content, which a state beside it shares from now on. */
    static BlobStateBuilder sharing(BlobState was) {
        BlobContent content = was.content() instanceof Pages pages ? PageMap.nextGeneration(pages) : was.content();
        return new BlobStateBuilder(was).content(content).contentShared(true);
    }
}
