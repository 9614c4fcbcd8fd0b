package io.lazuli.storage.partition;

import io.lazuli.kernel.wire.WireCatalog;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.partition.account.AccountReply;
import io.lazuli.storage.partition.account.AccountRequest;
import io.lazuli.storage.partition.queue.QueueReply;
import io.lazuli.storage.partition.queue.QueueRequest;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.partition.table.EntityKey;
import io.lazuli.storage.partition.table.EntityWrite;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeReport;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.partition.table.directory.TableDirectoryMessage;
import io.lazuli.storage.partition.table.directory.TableDirectoryReply;
import io.lazuli.storage.partition.table.directory.TableDirectoryRequest;

/** The partitions' messages: 1200–1299. A number never changes its meaning. */
public final class PartitionWireCatalog implements WireCatalog {

    @Override
    public void register(Registrar registrar) {
        registrar
                .message(1200, QueueRequest.Put.class)
                .message(1201, QueueRequest.Receive.class)
                .message(1202, QueueRequest.Peek.class)
                .message(1203, QueueRequest.Update.class)
                .message(1204, QueueRequest.Delete.class)
                .message(1205, QueueRequest.Clear.class)
                .message(1206, QueueRequest.Count.class)
                .message(1207, QueueRequest.Initialize.class)
                .message(1208, QueueRequest.Destroy.class)
                .message(1210, QueueReply.Enqueued.class)
                .message(1211, QueueReply.Messages.class)
                .message(1212, QueueReply.Updated.class)
                .message(1213, QueueReply.Counted.class)
                .message(1214, QueueReply.Done.class)
                .message(1215, QueueReply.Refused.class)
                .message(1216, QueueReply.Moved.class)
                .message(1220, QueueService.MessageDraft.class)
                .message(1221, QueueService.EnqueuedMessage.class)
                .message(1222, QueueService.QueueMessage.class)
                .message(1223, QueueService.UpdatedMessage.class)
                .message(1224, AccessPolicy.class)
                .message(1225, StorageErrorCode.class)
                .message(1230, AccountRequest.CreateQueue.class)
                .message(1231, AccountRequest.DeleteQueue.class)
                .message(1232, AccountRequest.SetMetadata.class)
                .message(1233, AccountRequest.SetAccessPolicies.class)
                .message(1234, AccountRequest.SetServiceProperties.class)
                .message(1235, AccountRequest.Resume.class)
                .message(1240, AccountReply.Created.class)
                .message(1241, AccountReply.Done.class)
                .message(1242, AccountReply.Refused.class)
                .message(1250, ServiceProperties.class)
                .message(1251, ServiceProperties.Logging.class)
                .message(1252, ServiceProperties.Metrics.class)
                .message(1253, ServiceProperties.Retention.class)
                .message(1254, ServiceProperties.CorsRule.class)
                .message(1294, ServiceProperties.BlobSettings.class)
                .message(1295, ServiceProperties.StaticWebsite.class)
                .message(1296, AccountReply.Outdated.class)
                .message(1297, TableDirectoryReply.Outdated.class)
                .message(1255, RangeRequest.Write.class)
                .message(1256, RangeRequest.Initialize.class)
                .message(1257, RangeRequest.FindSplitKey.class)
                .message(1258, RangeRequest.Split.class)
                .message(1259, RangeRequest.Retire.class)
                .message(1260, RangeRequest.Extend.class)
                .message(1261, RangeRequest.Move.class)
                .message(1262, RangeRequest.Destroy.class)
                .message(1263, RangeRequest.Describe.class)
                .message(1265, RangeReply.Written.class)
                .message(1266, RangeReply.Failed.class)
                .message(1267, RangeReply.Done.class)
                .message(1268, RangeReply.SplitKey.class)
                .message(1269, RangeReply.Described.class)
                .message(1270, RangeReply.Refused.class)
                .message(1271, RangeReply.Moved.class)
                .message(1275, EntityWrite.class)
                .message(1276, EntityWrite.Kind.class)
                .message(1277, EntityKey.class)
                .message(1280, TableDirectoryRequest.CreateTable.class)
                .message(1281, TableDirectoryRequest.DeleteTable.class)
                .message(1282, TableDirectoryRequest.SetAccessPolicies.class)
                .message(1283, TableDirectoryRequest.Resume.class)
                .message(1284, TableDirectoryRequest.SetServiceProperties.class)
                .message(1285, TableDirectoryRequest.DescribeRanges.class)
                .message(1286, TableDirectoryMessage.Report.class)
                .message(1287, TableDirectoryMessage.Reads.class)
                .message(1288, TableDirectoryMessage.ReadCount.class)
                .message(1289, RangeReport.class)
                .message(1290, TableDirectoryReply.Done.class)
                .message(1291, TableDirectoryReply.Refused.class)
                .message(1292, TableDirectoryReply.Ranges.class)
                .message(1293, TableDirectoryReply.RangeFacts.class);
    }
}
