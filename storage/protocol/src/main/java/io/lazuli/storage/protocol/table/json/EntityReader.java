package io.lazuli.storage.protocol.table.json;

import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.table.EdmValue;
import io.lazuli.storage.partition.table.EntityLimits;
import io.lazuli.storage.protocol.table.EntityKeys;
import io.lazuli.storage.protocol.table.TableErrors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads an entity from JSON. A value's type is what its {@code name@odata.type} says, before or behind the property; else a string
 * is Edm.String, true and false Edm.Boolean, a number Edm.Int32 if it is an integer and fits and else Edm.Double. A null property is
 * left out. Timestamp, and names and annotations that begin with {@code odata.}, are ignored. Source: "Payload format for Table
 * service operations", "Insert Entity", "Understanding the Table service data model".
 */
public final class EntityReader {

    private static final String ODATA = "odata.";
    private static final String ANNOTATION = "@odata.";
    private static final String TYPE_ANNOTATION = "@odata.type";

    private EntityReader() {}

    /**
     * @throws StorageException InvalidInput for what is no flat JSON object or a value that is not of its type, InvalidValueType for a
     *     type that does not exist, DuplicatePropertiesSpecified, PropertyNameInvalid, PropertyNameTooLong, PropertyValueTooLarge,
     *     TooManyProperties, OutOfRangeInput for a time before 1601
     */
    public static EntityBody read(byte[] body) {
        Collected collected = new Collected();
        JsonBody.read(body, collected);
        return collected.toEntity();
    }

    private record Member(String name, JsonBody.Kind kind, String text) {}

    /** What is in the object; types are known when all of it was read. */
    private static final class Collected implements JsonBody.Members {
        private final List<Member> members = new ArrayList<>();
        private final Map<String, String> types = new HashMap<>();

        @Override
        public void member(String name, JsonBody.Kind kind, String text) {
            if (name.startsWith(ODATA)) {
                return;
            }
            int annotation = name.indexOf(ANNOTATION);
            if (annotation < 0) {
                members.add(new Member(name, kind, text));
            } else if (name.endsWith(TYPE_ANNOTATION) && annotation == name.length() - TYPE_ANNOTATION.length()) {
                if (kind != JsonBody.Kind.STRING) {
                    throw TableErrors.invalidInput("The value of '" + TableErrors.echoed(name) + "' must be a string.");
                }
                if (types.put(name.substring(0, annotation), text) != null) {
                    throw duplicate(name);
                }
            }
        }

        EntityBody toEntity() {
            String partitionKey = null;
            String rowKey = null;
            boolean timestamp = false;
            boolean nulls = false;
            Map<String, EdmValue> properties = LinkedHashMap.newLinkedHashMap(members.size());
            for (Member member : members) {
                switch (member.name) {
                    case EntityKeys.PARTITION_KEY -> partitionKey = key(member, partitionKey);
                    case EntityKeys.ROW_KEY -> rowKey = key(member, rowKey);
                    case EntityKeys.TIMESTAMP -> {
                        if (timestamp) {
                            throw duplicate(member.name);
                        }
                        timestamp = true;
                    }
                    default -> {
                        PropertyNames.check(member.name);
                        if (properties.containsKey(member.name)) {
                            throw duplicate(member.name);
                        }
                        EdmValue value = PropertyValues.read(member.name, member.kind, member.text, types.get(member.name));
                        properties.put(member.name, value);
                        nulls |= value == null;
                    }
                }
            }
            if (nulls) {
                properties.values().removeIf(value -> value == null);
            }
            if (properties.size() > EntityLimits.MAX_PROPERTIES) {
                throw new StorageException(StorageErrorCode.TOO_MANY_PROPERTIES);
            }
            return new EntityBody(partitionKey, rowKey, properties);
        }

        private String key(Member member, String before) {
            if (before != null) {
                throw duplicate(member.name);
            }
            if (member.kind == JsonBody.Kind.NULL) {
                throw TableErrors.because(StorageErrorCode.PROPERTIES_NEED_VALUE, member.name + " is null.");
            }
            String type = types.get(member.name);
            if (member.kind != JsonBody.Kind.STRING || type != null && !type.equals("Edm.String")) {
                throw TableErrors.invalidInput(member.name + " must be a string.");
            }
            return member.text;
        }

        private static StorageException duplicate(String name) {
            return TableErrors.because(StorageErrorCode.DUPLICATE_PROPERTIES_SPECIFIED, "It is '" + TableErrors.echoed(name) + "'.");
        }
    }
}
