package io.lazuli.storage.protocol.blob;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.blob.BlobLimits;
import io.lazuli.storage.partition.blob.BlobService.BlockChoice;
import io.lazuli.storage.partition.blob.BlobService.ListedBlock;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.service.XmlBodies;
import io.lazuli.storage.protocol.xml.XmlElement;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Lists of blocks as XML. Pure. Source: "Put Block List", "Get Block List". */
final class BlockLists {

    /** The longest list: ids of 88 characters between their tags. */
    static final int MAX_BODY_BYTES = 8 << 20;

    private static final int LISTED_BLOCK_BYTES = 96;

    private BlockLists() {}

    /** @throws StorageException InvalidXmlDocument, BlockListTooLong, InvalidBlockId */
    static List<BlockChoice> read(byte[] body) {
        XmlElement root = XmlBodies.root(body, "BlockList", BlobLimits.MAX_COMMITTED_BLOCKS + 2);
        if (root.children().size() > BlobLimits.MAX_COMMITTED_BLOCKS) {
            throw new StorageException(StorageErrorCode.BLOCK_LIST_TOO_LONG);
        }
        List<BlockChoice> choices = new ArrayList<>(root.children().size());
        for (XmlElement block : root.children()) {
            BlockChoice.Source source = switch (block.name()) {
                case "Committed" -> BlockChoice.Source.COMMITTED;
                case "Uncommitted" -> BlockChoice.Source.UNCOMMITTED;
                case "Latest" -> BlockChoice.Source.LATEST;
                default -> throw BadRequests.invalidXml("a BlockList has Committed, Uncommitted and Latest only");
            };
            choices.add(new BlockChoice(id(block.text().trim()), source));
        }
        return choices;
    }

    /** @throws StorageException InvalidBlockId unless it is Base64 of 1 to 64 bytes */
    static byte[] id(String text) {
        try {
            byte[] id = Base64.getDecoder().decode(text);
            if (id.length > 0 && id.length <= BlobLimits.MAX_BLOCK_ID_BYTES) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw new StorageException(StorageErrorCode.INVALID_BLOCK_ID);
    }

    static byte[] write(List<ListedBlock> committed, List<ListedBlock> uncommitted) {
        XmlWriter xml = new XmlWriter((committed.size() + uncommitted.size()) * LISTED_BLOCK_BYTES).open("BlockList");
        part(xml, "CommittedBlocks", committed);
        part(xml, "UncommittedBlocks", uncommitted);
        return xml.close("BlockList").toBytes();
    }

    private static void part(XmlWriter xml, String name, List<ListedBlock> blocks) {
        xml.open(name);
        for (ListedBlock block : blocks) {
            xml.open("Block")
                    .element("Name", Base64.getEncoder().encodeToString(block.id()))
                    .element("Size", block.lengthBytes())
                    .close("Block");
        }
        xml.close(name);
    }
}
