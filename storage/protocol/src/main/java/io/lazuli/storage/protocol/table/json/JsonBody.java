package io.lazuli.storage.protocol.table.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.lazuli.storage.partition.table.EntityLimits;
import io.lazuli.storage.protocol.table.TableErrors;
import java.io.IOException;

/**
 * Reads a request body that is one flat JSON object, member by member. Bounded: nesting is refused at the first level, the length
 * of names, numbers and strings by the limits here, the body's by whoever received it.
 */
final class JsonBody {

    private static final int MAX_NAME_CHARS = 4 * EntityLimits.MAX_PROPERTY_NAME_CHARS;
    private static final int MAX_NUMBER_CHARS = 400;
    private static final int MAX_STRING_CHARS = EntityLimits.MAX_ENTITY_BYTES;
    /** The properties of an entity, each with an annotation, and as many to ignore. */
    private static final int MAX_MEMBERS = 4 * EntityLimits.MAX_PROPERTIES;

    /** Names stay canonicalized: only so does Jackson decode UTF-8 by itself, and strictly; otherwise malformed bytes would become U+FFFD unseen. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxNameLength(MAX_NAME_CHARS)
                    .maxNumberLength(MAX_NUMBER_CHARS)
                    .maxStringLength(MAX_STRING_CHARS)
                    .build())
            .build();

    enum Kind {
        STRING,
        INTEGER,
        FRACTION,
        TRUE,
        FALSE,
        NULL
    }

    @FunctionalInterface
    interface Members {
        /** @param text of a string or a number as it came, null for other values */
        void member(String name, Kind kind, String text);
    }

    private JsonBody() {}

    /** @throws io.lazuli.storage.model.StorageException InvalidInput if this is not one flat object, well-formed */
    static void read(byte[] body, Members members) {
        try (JsonParser in = FACTORY.createParser(body)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw TableErrors.invalidInput("The body must be a JSON object.");
            }
            int count = 0;
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                if (++count > MAX_MEMBERS) {
                    throw TableErrors.invalidInput("The JSON object has more than " + MAX_MEMBERS + " members.");
                }
                Kind kind = kindOf(name, in.nextToken());
                members.member(name, kind, kind == Kind.STRING || kind == Kind.INTEGER || kind == Kind.FRACTION ? in.getText() : null);
            }
            if (in.nextToken() != null) {
                throw TableErrors.invalidInput("The body goes on behind the JSON object.");
            }
        } catch (JsonProcessingException e) {
            long at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
            throw TableErrors.invalidInput("The body is not well-formed JSON" + (at < 0 ? "." : " at byte " + at + "."));
        } catch (IOException e) {
            // bytes in memory fail only by what they are
            throw TableErrors.invalidInput("The body is not well-formed Unicode.");
        }
    }

    private static Kind kindOf(String name, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> Kind.STRING;
            case VALUE_NUMBER_INT -> Kind.INTEGER;
            case VALUE_NUMBER_FLOAT -> Kind.FRACTION;
            case VALUE_TRUE -> Kind.TRUE;
            case VALUE_FALSE -> Kind.FALSE;
            case VALUE_NULL -> Kind.NULL;
            case null, default -> throw TableErrors.invalidInput("The value of '" + TableErrors.echoed(name) + "' must not be an object or an array.");
        };
    }
}
