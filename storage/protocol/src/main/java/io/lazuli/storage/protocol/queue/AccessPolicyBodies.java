package io.lazuli.storage.protocol.queue;

import io.lazuli.security.Iso8601;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.xml.XmlElement;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Stored access policies as XML. Source: "Set Queue ACL", "Get Queue ACL", "Define a stored access policy". */
final class AccessPolicyBodies {

    static final int MAX_POLICIES = 5;
    static final int MAX_ID_CHARS = 64;
    static final int MAX_BODY_BYTES = 64 * 1024;

    private static final String PERMISSIONS = "raup";

    private AccessPolicyBodies() {}

    /** @param body empty for no policies */
    static List<AccessPolicy> read(byte[] body) {
        if (body.length == 0) {
            return List.of();
        }
        List<AccessPolicy> policies = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (XmlElement identifier : Bodies.root(body, "SignedIdentifiers").children()) {
            if (!identifier.name().equals("SignedIdentifier")) {
                throw BadRequests.invalidXml("only SignedIdentifier elements are expected");
            }
            AccessPolicy policy = read(identifier);
            if (!ids.add(policy.id())) {
                throw BadRequests.invalidXml("the id " + policy.id() + " is given twice");
            }
            policies.add(policy);
        }
        if (policies.size() > MAX_POLICIES) {
            throw BadRequests.invalidXml("at most " + MAX_POLICIES + " policies are allowed");
        }
        return policies;
    }

    private static AccessPolicy read(XmlElement identifier) {
        String id = Bodies.required(identifier, "Id").text();
        if (id.isEmpty() || id.length() > MAX_ID_CHARS) {
            throw Bodies.invalid("Id", id);
        }
        XmlElement policy = identifier.child("AccessPolicy");
        String permission = emptyToNull(Bodies.textOf(policy, "Permission"));
        if (permission != null && !permission.chars().allMatch(letter -> PERMISSIONS.indexOf(letter) >= 0)) {
            throw Bodies.invalid("Permission", permission);
        }
        return new AccessPolicy(id, date(policy, "Start"), date(policy, "Expiry"), permission);
    }

    private static String date(XmlElement policy, String name) {
        String text = emptyToNull(Bodies.textOf(policy, name));
        if (text != null && Iso8601.parseMillis(text).isEmpty()) {
            throw Bodies.invalid(name, text);
        }
        return text;
    }

    static byte[] write(List<AccessPolicy> policies) {
        XmlWriter xml = new XmlWriter(512).open("SignedIdentifiers");
        for (AccessPolicy policy : policies) {
            xml.open("SignedIdentifier").element("Id", policy.id()).open("AccessPolicy");
            optional(xml, "Start", policy.start());
            optional(xml, "Expiry", policy.expiry());
            optional(xml, "Permission", policy.permission());
            xml.close("AccessPolicy").close("SignedIdentifier");
        }
        return xml.close("SignedIdentifiers").toBytes();
    }

    private static void optional(XmlWriter xml, String name, String text) {
        if (text != null) {
            xml.element(name, text);
        }
    }

    private static String emptyToNull(String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
