package io.lazuli.storage.protocol.table.json;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.table.TableErrors;
import java.util.List;

/** Tables as JSON. Source: "Create Table", "Query Tables". */
public final class TableBodies {

    private static final String NAME = "TableName";
    private static final int TABLE_BYTES = 256;

    private TableBodies() {}

    /** The name, not checked, of the table that a Create Table asks for. @throws StorageException InvalidInput, PropertiesNeedValue */
    public static String readName(byte[] body) {
        String[] name = new String[1];
        JsonBody.read(body, (member, kind, text) -> {
            if (!member.equals(NAME)) {
                if (!member.startsWith("odata.") && member.indexOf('@') < 0) {
                    throw TableErrors.invalidInput("A table has no property '" + TableErrors.echoed(member) + "'.");
                }
            } else if (kind != JsonBody.Kind.NULL) {
                if (kind != JsonBody.Kind.STRING || name[0] != null) {
                    throw TableErrors.invalidInput("TableName must be one string.");
                }
                name[0] = text;
            }
        });
        if (name[0] == null) {
            throw TableErrors.because(StorageErrorCode.PROPERTIES_NEED_VALUE, "TableName is missing.");
        }
        return name[0];
    }

    /** An answer of one table. */
    public static byte[] table(TableAddress address, MetadataLevel level) {
        JsonWriter json = new JsonWriter(TABLE_BYTES).beginObject();
        metadata(json, address, level, "/$metadata#Tables/@Element");
        members(json, address, level, address.table());
        return json.endObject().toBytes();
    }

    /** An answer of a query. @param address its table means nothing */
    public static byte[] tables(TableAddress address, MetadataLevel level, List<String> names) {
        JsonWriter json = new JsonWriter(TABLE_BYTES * (1 + names.size())).beginObject();
        metadata(json, address, level, "/$metadata#Tables");
        json.name("value").beginArray();
        for (String name : names) {
            json.beginObject();
            members(json, address, level, name);
            json.endObject();
        }
        return json.endArray().endObject().toBytes();
    }

    private static void metadata(JsonWriter json, TableAddress address, MetadataLevel level, String fragment) {
        if (level != MetadataLevel.NO) {
            json.name("odata.metadata").value(address.base() + fragment);
        }
    }

    private static void members(JsonWriter json, TableAddress address, MetadataLevel level, String name) {
        if (level == MetadataLevel.FULL) {
            json.name("odata.type").value(address.account() + ".Tables");
            json.name("odata.id").value(address.base() + "/Tables('" + name + "')");
            json.name("odata.editLink").value("Tables('" + name + "')");
        }
        json.name(NAME).value(name);
    }
}
