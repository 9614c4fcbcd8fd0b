package io.lazuli.security;

/**
 * A service signature for one queue. Source: "Create a service SAS" of the Azure Storage REST reference.
 *
 * @param queue whose messages it is for
 * @param permissions {@code sp}, of the letters {@code raup}
 */
public record QueueSas(
        String queue, String version, String permissions, String start, String expiry, String sourceIps, String protocols,
        String identifier) implements SharedAccessSignature {

    /** From now on over both protocols and from anywhere. */
    public static QueueSas until(String expiry, String queue, String permissions) {
        return new QueueSas(queue, DEFAULT_VERSION, permissions, "", expiry, "", "", "");
    }

    /** All that it may is in a stored access policy of the queue. */
    public static QueueSas byPolicy(String queue, String identifier) {
        return new QueueSas(queue, DEFAULT_VERSION, "", "", "", "", "", identifier);
    }

    static QueueSas of(QueryString query, String queue) {
        return new QueueSas(
                queue, SharedAccessSignature.field(query, "sv"), SharedAccessSignature.field(query, "sp"),
                SharedAccessSignature.field(query, "st"), SharedAccessSignature.field(query, "se"),
                SharedAccessSignature.field(query, "sip"), SharedAccessSignature.field(query, "spr"),
                SharedAccessSignature.field(query, "si"));
    }

    @Override
    public String stringToSign(String account) {
        return ServiceSasText.common(this, StorageService.QUEUE, account, queue);
    }

    @Override
    public String token(String account, SigningKey key) {
        return ServiceSasText.token(this).signed(key.signBase64(stringToSign(account)));
    }
}
