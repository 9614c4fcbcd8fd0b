package io.lazuli.storage.partition.table.directory;

import io.lazuli.storage.partition.RowScanner;
import io.lazuli.storage.partition.RowWriter;
import io.lazuli.storage.partition.ServiceValues;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.ContainerState.PublicAccess;
import io.lazuli.storage.partition.blob.LeaseState;

/** The stored form of what is known of a container besides its name and number. Durable format: golden-file tests hold it. */
final class ContainerFormat {

    private ContainerFormat() {}

    static void write(RowWriter out, ContainerState state) {
        LeaseState lease = state.lease();
        out.longs(state.modifiedTicks()).text(state.etag()).number(code(state.publicAccess())).number(state.metadata().size());
        state.metadata().forEach((name, value) -> out.text(name).text(value));
        ServiceValues.write(out, state.policies());
        out.textOrNull(lease.id()).number(lease.durationSeconds()).longs(lease.endsMillis()).flag(lease.breaking()).flag(state.immutabilityMark());
        out.longs(state.deletedMillis()).number(state.retentionDays()).textOrNull(state.version());
    }

    static ContainerState read(RowScanner in, String name, long number) {
        return new ContainerState(name, number, in.longs(), in.text(), access(in.number()), in.map(RowScanner::text, RowScanner::text),
                ServiceValues.policies(in), new LeaseState(in.textOrNull(), in.number(), in.longs(), in.flag()), in.flag(),
                in.longs(), in.number(), in.textOrNull());
    }

    private static int code(PublicAccess access) {
        return switch (access) {
            case NONE -> 0;
            case BLOB -> 1;
            case CONTAINER -> 2;
        };
    }

    private static PublicAccess access(int code) {
        return switch (code) {
            case 0 -> PublicAccess.NONE;
            case 1 -> PublicAccess.BLOB;
            case 2 -> PublicAccess.CONTAINER;
            default -> throw new IllegalStateException("no public access has the code " + code);
        };
    }
}
