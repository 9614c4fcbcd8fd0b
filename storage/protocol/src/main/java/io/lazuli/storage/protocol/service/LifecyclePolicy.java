package io.lazuli.storage.protocol.service;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.LifecycleRule;
import io.lazuli.storage.partition.blob.LifecycleRule.Ages;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An account's rules for what becomes of blobs with age, in the JSON form of Azure's management policies. Strict: what is not understood is refused,
 * since a rule that is followed in part may delete what it should not. Source: "Lifecycle management policy structure".
 */
public final class LifecyclePolicy {

    public static final int MAX_POLICY_BYTES = 128 << 10;
    public static final int MAX_DAYS = 99_999;
    /** Of a container and a blob, with the slash between them. */
    private static final int MAX_PREFIX_CHARS = 63 + 1 + 1024;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1," + LifecycleRule.MAX_NAME_CHARS + "}");
    private static final Pattern PREFIX = Pattern.compile("(\\$?[a-z0-9][a-z0-9-]{0,62})(/.*)?", Pattern.DOTALL);
    private static final Map<String, BlobKind> KINDS = new TreeMap<>(Map.of("blockBlob", BlobKind.BLOCK, "appendBlob", BlobKind.APPEND));
    private static final String SINCE_CHANGE = "daysAfterModificationGreaterThan";
    private static final String SINCE_CREATION = "daysAfterCreationGreaterThan";
    private static final String COOL = "tierToCool";
    private static final String COLD = "tierToCold";
    private static final String ARCHIVE = "tierToArchive";
    private static final String DELETE = "delete";

    private LifecyclePolicy() {}

    /** Says what is wrong with a policy, and where. */
    public static final class Malformed extends RuntimeException {

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** @throws Malformed if it is not understood in every part */
    public static List<LifecycleRule> read(byte[] json) {
        if (json.length > MAX_POLICY_BYTES) {
            throw new Malformed("the policy has more than " + MAX_POLICY_BYTES + " bytes");
        }
        JsonPart policy = JsonPart.read(json).object("rules");
        List<JsonPart> given = policy.required("rules").items(LifecycleRule.MAX_RULES);
        if (given.isEmpty()) {
            throw new Malformed("rules: there must be one at least");
        }
        List<LifecycleRule> rules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonPart rule : given) {
            LifecycleRule read = rule(rule);
            if (!names.add(read.name())) {
                throw rule.wrong("another rule is named '" + read.name() + "'");
            }
            rules.add(read);
        }
        return rules;
    }

    private static LifecycleRule rule(JsonPart rule) {
        rule.object("name", "enabled", "type", "definition");
        String name = rule.required("name").text();
        if (!NAME.matcher(name).matches()) {
            throw rule.required("name").wrong("must have 1 to " + LifecycleRule.MAX_NAME_CHARS + " letters, digits, - and _");
        }
        if (!rule.required("type").text().equals("Lifecycle")) {
            throw rule.required("type").wrong("must be \"Lifecycle\"");
        }
        boolean enabled = rule.optional("enabled").map(JsonPart::flag).orElse(true);
        JsonPart definition = rule.required("definition").object("filters", "actions");
        JsonPart filters = definition.required("filters").object("blobTypes", "prefixMatch");
        JsonPart actions = definition.required("actions").object("baseBlob", "snapshot", "version");
        LifecycleRule read = new LifecycleRule(name, enabled, prefixes(filters), kinds(filters),
                ages(actions, "baseBlob", SINCE_CHANGE), ages(actions, "snapshot", SINCE_CREATION), ages(actions, "version", SINCE_CREATION));
        if (List.of(read.baseBlob(), read.snapshot(), read.version()).stream().allMatch(Ages.NEVER::equals)) {
            throw actions.wrong("must name one action at least");
        }
        return read;
    }

    private static List<BlobKind> kinds(JsonPart filters) {
        JsonPart types = filters.required("blobTypes");
        List<BlobKind> kinds = new ArrayList<>();
        for (JsonPart type : types.items(KINDS.size())) {
            BlobKind kind = KINDS.get(type.text());
            if (kind == null || kinds.contains(kind)) {
                throw type.wrong("must be \"blockBlob\" or \"appendBlob\", each once");
            }
            kinds.add(kind);
        }
        if (kinds.isEmpty()) {
            throw types.wrong("must name one sort of blobs at least");
        }
        return kinds;
    }

    private static List<String> prefixes(JsonPart filters) {
        List<String> prefixes = new ArrayList<>();
        for (JsonPart prefix : filters.optional("prefixMatch").map(all -> all.items(LifecycleRule.MAX_PREFIXES)).orElse(List.of())) {
            String text = prefix.text();
            if (text.length() > MAX_PREFIX_CHARS || !PREFIX.matcher(text).matches()) {
                throw prefix.wrong("must begin with a container's name, as in \"logs/2026\"");
            }
            prefixes.add(text);
        }
        return prefixes;
    }

    private static Ages ages(JsonPart actions, String of, String since) {
        return actions.optional(of).map(part -> {
            part.object(COOL, COLD, ARCHIVE, DELETE);
            return new Ages(days(part, COOL, since), days(part, COLD, since), days(part, ARCHIVE, since), days(part, DELETE, since));
        }).orElse(Ages.NEVER);
    }

    private static Integer days(JsonPart actions, String action, String since) {
        return actions.optional(action).map(part -> (int) part.object(since).required(since).number(0, MAX_DAYS)).orElse(null);
    }

    /** What {@link #read} understands; of no rules, an empty list of them. */
    public static String write(List<LifecycleRule> rules) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeArrayFieldStart("rules");
            for (LifecycleRule rule : rules) {
                write(out, rule);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, LifecycleRule rule) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", rule.name());
        out.writeBooleanField("enabled", rule.enabled());
        out.writeStringField("type", "Lifecycle");
        out.writeObjectFieldStart("definition");
        out.writeObjectFieldStart("filters");
        out.writeArrayFieldStart("blobTypes");
        for (Map.Entry<String, BlobKind> kind : KINDS.entrySet()) {
            if (rule.kinds().contains(kind.getValue())) {
                out.writeString(kind.getKey());
            }
        }
        out.writeEndArray();
        if (!rule.prefixes().isEmpty()) {
            out.writeArrayFieldStart("prefixMatch");
            for (String prefix : rule.prefixes()) {
                out.writeString(prefix);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
        out.writeObjectFieldStart("actions");
        write(out, "baseBlob", SINCE_CHANGE, rule.baseBlob());
        write(out, "snapshot", SINCE_CREATION, rule.snapshot());
        write(out, "version", SINCE_CREATION, rule.version());
        out.writeEndObject();
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, String of, String since, Ages ages) throws IOException {
        if (ages.equals(Ages.NEVER)) {
            return;
        }
        out.writeObjectFieldStart(of);
        write(out, COOL, since, ages.toCoolDays());
        write(out, COLD, since, ages.toColdDays());
        write(out, ARCHIVE, since, ages.toArchiveDays());
        write(out, DELETE, since, ages.deleteDays());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, String action, String since, Integer days) throws IOException {
        if (days != null) {
            out.writeObjectFieldStart(action);
            out.writeNumberField(since, days);
            out.writeEndObject();
        }
    }
}
