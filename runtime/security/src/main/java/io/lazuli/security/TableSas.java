package io.lazuli.security;

/**
 * A service signature for one table or a range of its entities. Source: "Create a service SAS" of the Azure Storage REST reference.
 *
 * @param table {@code tn}, in whatever case
 * @param permissions {@code sp}, of the letters {@code raud}
 * @param keys {@code spk}, {@code srk}, {@code epk}, {@code erk}
 */
public record TableSas(
        String table, String version, String permissions, String start, String expiry, String sourceIps, String protocols,
        String identifier, GrantedKeys keys) implements SharedAccessSignature {

    /** From now on over both protocols and from anywhere, for all entities. */
    public static TableSas until(String expiry, String table, String permissions) {
        return new TableSas(table, DEFAULT_VERSION, permissions, "", expiry, "", "", "", GrantedKeys.ALL);
    }

    /** All that it may is in a stored access policy of the table. */
    public static TableSas byPolicy(String table, String identifier) {
        return new TableSas(table, DEFAULT_VERSION, "", "", "", "", "", identifier, GrantedKeys.ALL);
    }

    public TableSas within(GrantedKeys range) {
        return new TableSas(table, version, permissions, start, expiry, sourceIps, protocols, identifier, range);
    }

    static TableSas of(QueryString query) {
        return new TableSas(
                SharedAccessSignature.field(query, "tn"), SharedAccessSignature.field(query, "sv"),
                SharedAccessSignature.field(query, "sp"), SharedAccessSignature.field(query, "st"),
                SharedAccessSignature.field(query, "se"), SharedAccessSignature.field(query, "sip"),
                SharedAccessSignature.field(query, "spr"), SharedAccessSignature.field(query, "si"),
                new GrantedKeys(query.first("spk"), query.first("srk"), query.first("epk"), query.first("erk")));
    }

    @Override
    public String stringToSign(String account) {
        return ServiceSasText.common(this, StorageService.TABLE, account, ServiceSasText.lowerCase(table))
                + '\n' + orEmpty(keys.startPartitionKey()) + '\n' + orEmpty(keys.startRowKey())
                + '\n' + orEmpty(keys.endPartitionKey()) + '\n' + orEmpty(keys.endRowKey());
    }

    @Override
    public String token(String account, SigningKey key) {
        return ServiceSasText.token(this)
                .add("tn", table)
                .add("spk", keys.startPartitionKey())
                .add("srk", keys.startRowKey())
                .add("epk", keys.endPartitionKey())
                .add("erk", keys.endRowKey())
                .signed(key.signBase64(stringToSign(account)));
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
