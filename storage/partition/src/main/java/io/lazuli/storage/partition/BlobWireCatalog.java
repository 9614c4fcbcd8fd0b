package io.lazuli.storage.partition;

import io.lazuli.kernel.wire.WireCatalog;
import io.lazuli.storage.model.ChunkRun;
import io.lazuli.storage.partition.blob.AccessTier;
import io.lazuli.storage.partition.blob.AccountRules;
import io.lazuli.storage.partition.blob.BlobCommand;
import io.lazuli.storage.partition.blob.BlobConditions;
import io.lazuli.storage.partition.blob.BlobContent;
import io.lazuli.storage.partition.blob.BlobDraft;
import io.lazuli.storage.partition.blob.BlobHeaders;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.BlobReply;
import io.lazuli.storage.partition.blob.BlobState;
import io.lazuli.storage.partition.blob.BlobTarget;
import io.lazuli.storage.partition.blob.BlockRef;
import io.lazuli.storage.partition.blob.ContainerCommand;
import io.lazuli.storage.partition.blob.ContainerState;
import io.lazuli.storage.partition.blob.CopyOrigin;
import io.lazuli.storage.partition.blob.ImmutabilityPolicy;
import io.lazuli.storage.partition.blob.LeaseState;
import io.lazuli.storage.partition.blob.NewContent;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.partition.table.directory.TableDirectoryReply;
import io.lazuli.storage.partition.table.directory.TableDirectoryRequest;

/** The messages about blobs and containers: 1600–1699. A number never changes its meaning. */
public final class BlobWireCatalog implements WireCatalog {

    @Override
    public void register(Registrar registrar) {
        registrar
                .message(1600, RangeRequest.Change.class)
                .message(1601, RangeReply.Changed.class)
                .message(1602, BlobReply.Done.class)
                .message(1603, BlobReply.Refused.class)
                .message(1604, BlobReply.Changed.class)
                .message(1605, RangeRequest.Close.class)
                .message(1606, RangeRequest.Reopen.class)
                .message(1610, BlobCommand.PutBlockBlob.class)
                .message(1611, BlobCommand.PutAppendBlob.class)
                .message(1612, BlobCommand.PutPageBlob.class)
                .message(1613, BlobCommand.PutBlock.class)
                .message(1614, BlobCommand.CommitBlocks.class)
                .message(1615, BlobCommand.AppendBlock.class)
                .message(1616, BlobCommand.SealAppendBlob.class)
                .message(1617, BlobCommand.WritePages.class)
                .message(1618, BlobCommand.SetPageBlob.class)
                .message(1619, BlobCommand.SetHeaders.class)
                .message(1620, BlobCommand.SetMetadata.class)
                .message(1621, BlobCommand.SetTags.class)
                .message(1622, BlobCommand.SetTier.class)
                .message(1623, BlobCommand.SetImmutability.class)
                .message(1624, BlobCommand.SetLegalHold.class)
                .message(1625, BlobCommand.Snapshot.class)
                .message(1626, BlobCommand.Delete.class)
                .message(1627, BlobCommand.Delete.DeleteSnapshots.class)
                .message(1628, BlobCommand.Undelete.class)
                .message(1629, BlobCommand.Lease.class)
                .message(1630, BlobCommand.BeginCopy.class)
                .message(1631, BlobCommand.ReportCopy.class)
                .message(1632, BlobCommand.EndCopy.class)
                .message(1633, BlobCommand.AbortCopy.class)
                .message(1634, BlobCommand.Tidy.class)
                .message(1635, BlobCommand.LeaseAction.class)
                .message(1636, BlobCommand.SequenceAction.class)
                .message(1637, BlobCommand.SequenceCondition.class)
                .message(1638, BlobCommand.CopySource.class)
                .message(1639, BlobCommand.FormerPages.class)
                .message(1640, BlobConditions.class)
                .message(1641, BlobDraft.class)
                .message(1642, BlobHeaders.class)
                .message(1643, AccountRules.class)
                .message(1644, BlobTarget.class)
                .message(1645, BlockRef.class)
                .message(1646, ChunkRun.class)
                .message(1647, NewContent.Inline.class)
                .message(1648, NewContent.Stored.class)
                .message(1649, AccessTier.class)
                .message(1650, BlobKind.class)
                .message(1651, ImmutabilityPolicy.class)
                .message(1652, LeaseState.class)
                .message(1653, BlobState.class)
                .message(1654, BlobState.Deleted.class)
                .message(1655, BlobState.CopyState.class)
                .message(1656, BlobState.CopyStatus.class)
                .message(1657, BlobContent.Uncommitted.class)
                .message(1658, BlobContent.Inline.class)
                .message(1659, BlobContent.Blocks.class)
                .message(1660, BlobContent.Pages.class)
                .message(1661, BlobContent.Absent.class)
                .message(1662, BlobContent.Cut.class)
                .message(1663, CopyOrigin.class)
                .message(1670, ContainerCommand.Create.class)
                .message(1671, ContainerCommand.Delete.class)
                .message(1672, ContainerCommand.SetMetadata.class)
                .message(1673, ContainerCommand.SetAccess.class)
                .message(1674, ContainerCommand.Lease.class)
                .message(1675, ContainerState.class)
                .message(1676, ContainerState.PublicAccess.class)
                .message(1680, TableDirectoryRequest.ChangeContainer.class)
                .message(1681, TableDirectoryRequest.RestoreContainer.class)
                .message(1682, TableDirectoryRequest.PurgeDeleted.class)
                .message(1683, TableDirectoryReply.Container.class);
    }
}
