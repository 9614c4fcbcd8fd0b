package io.lazuli.storage.store;

import io.lazuli.kernel.wire.WireCatalog;

/** What the store's actors on different nodes say to each other. */
public final class StoreWireCatalog implements WireCatalog {

    @Override
    public void register(Registrar registrar) {
        registrar
                .message(1100, StoreGate.Submit.class)
                .message(1101, StoreGate.Confirm.class)
                .message(1102, StoreGate.Get.class)
                .message(1103, StoreGate.Scan.class)
                .message(1104, StoreGate.Read.class)
                .message(1105, StoreGate.ReadRange.class)
                .message(1106, StoreGate.ReadRows.class)
                .message(1107, StoreGate.ReadKeys.class)
                .message(1108, StoreGate.KeysWanted.class)
                .message(1109, StoreGate.ReadMany.class)
                .message(1110, StoreGate.Submitted.class)
                .message(1111, StoreGate.Confirmed.class)
                .message(1112, StoreGate.Found.class)
                .message(1113, StoreGate.Scanned.class)
                .message(1114, StoreGate.Fenced.class)
                .message(1115, StoreGate.Unavailable.class)
                .message(1116, ItemResult.Kind.class)
                .message(1117, Row.class)
                .message(1118, StoreGate.ListPartitions.class)
                .message(1119, StoreGate.Partitions.class)
                .message(1120, LeaderBoardActor.Announcement.class)
                .message(1121, LeaderBoardActor.Leadership.class)
                .message(1122, LeaderBoardActor.WholeGroup.class)
                .message(1130, StoreKeeper.OpenReplica.class)
                .message(1131, StoreKeeper.Opened.class)
                .message(1132, StoreKeeper.Describe.class)
                .message(1133, StoreKeeper.Description.class)
                .message(1134, StoreKeeper.GroupDescription.class)
                .message(1135, StoreKeeper.PeerDescription.class);
    }
}
