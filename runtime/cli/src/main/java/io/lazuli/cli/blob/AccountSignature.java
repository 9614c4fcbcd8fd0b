package io.lazuli.cli.blob;

import io.lazuli.cli.admin.AdminClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Shared access signatures made with an account's key: for what this command line does itself, and for people to pass on. Sources: "Create an
 * account SAS", "Create a service SAS" of the Azure Storage REST reference.
 */
final class AccountSignature {

    private static final String VERSION = "2021-12-02";
    /** Start times are left out and expiries are generous, so that clocks may differ. */
    private static final long OWN_HOURS = 48;

    private final String account;
    private final byte[] key;

    /** @param key Base64 */
    AccountSignature(String account, String key) {
        this.account = account;
        this.key = Base64.getDecoder().decode(key);
    }

    /** For everything in the account's blob service, for two days. */
    String ofEverything() {
        String expiry = text(Instant.now().plus(OWN_HOURS, ChronoUnit.HOURS));
        String permissions = "rwdlactfx";
        String signed = String.join("\n", account, permissions, "b", "sco", "", expiry, "", "", VERSION, "") + "\n";
        return "sv=" + VERSION + "&ss=b&srt=sco&sp=" + permissions + "&se=" + AdminClient.encode(expiry) + "&sig=" + AdminClient.encode(sign(signed));
    }

    /** @param blob null for all blobs of the container */
    String of(String container, String blob, String permissions, Instant until) {
        String expiry = text(until);
        String kind = blob == null ? "c" : "b";
        String resource = "/blob/" + account + "/" + container + (blob == null ? "" : "/" + blob);
        String signed = String.join("\n", permissions, "", expiry, resource, "", "", "", VERSION, kind, "", "", "", "", "", "", "");
        return "sv=" + VERSION + "&sr=" + kind + "&sp=" + permissions + "&se=" + AdminClient.encode(expiry) + "&sig=" + AdminClient.encode(sign(signed));
    }

    private String sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
