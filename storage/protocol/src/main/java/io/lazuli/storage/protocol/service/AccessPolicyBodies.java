package io.lazuli.storage.protocol.service;

import io.lazuli.security.Iso8601;
import io.lazuli.storage.partition.AccessPolicy;
import io.lazuli.storage.protocol.http.BadRequests;
import io.lazuli.storage.protocol.xml.XmlElement;
import io.lazuli.storage.protocol.xml.XmlWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Stored access policies as XML, alike in all services. Source: "Set Queue ACL", "Set Table ACL", "Define a stored access policy". */
public final class AccessPolicyBodies {

    static final int MAX_POLICIES = 5;
    static final int MAX_ID_CHARS = 64;
    public static final int MAX_BODY_BYTES = 64 * 1024;

    private AccessPolicyBodies() {}

    /**
     * @param body empty for no policies
     * @param letters of permissions that the service has
     */
    public static List<AccessPolicy> read(byte[] body, String letters) {
        if (body.length == 0) {
            return List.of();
        }
        List<AccessPolicy> policies = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (XmlElement identifier : XmlBodies.root(body, "SignedIdentifiers").children()) {
            if (!identifier.name().equals("SignedIdentifier")) {
                throw BadRequests.invalidXml("only SignedIdentifier elements are expected");
            }
            AccessPolicy policy = read(identifier, letters);
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

    private static AccessPolicy read(XmlElement identifier, String letters) {
        String id = XmlBodies.required(identifier, "Id").text();
        if (id.isEmpty() || id.length() > MAX_ID_CHARS) {
            throw XmlBodies.invalid("Id", id);
        }
        XmlElement policy = identifier.child("AccessPolicy");
        String permission = emptyToNull(XmlBodies.textOf(policy, "Permission"));
        if (permission != null && !permission.chars().allMatch(letter -> letters.indexOf(letter) >= 0)) {
            throw XmlBodies.invalid("Permission", permission);
        }
        return new AccessPolicy(id, date(policy, "Start"), date(policy, "Expiry"), permission);
    }

    private static String date(XmlElement policy, String name) {
        String text = emptyToNull(XmlBodies.textOf(policy, name));
        if (text != null && Iso8601.parseMillis(text).isEmpty()) {
            throw XmlBodies.invalid(name, text);
        }
        return text;
    }

    public static byte[] write(List<AccessPolicy> policies) {
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
