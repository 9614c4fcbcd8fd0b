package io.lazuli.cli.command;

import io.lazuli.cli.local.LocalNode;
import java.util.Map;
import java.util.Optional;

/** What Azure's SDKs are given to find an account of a cloud. */
public final class ConnectionString {

    public static final String ACCOUNT = "devstoreaccount1";
    /** Published by Microsoft for its storage emulator; it protects nothing and exists in development mode only. */
    public static final String ACCOUNT_KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private ConnectionString() {}

    public static String development(LocalNode node) {
        Map<String, String> endpoints = node.conf().endpoints();
        return of(ACCOUNT, ACCOUNT_KEY, endpoints.get("queue"), Optional.of(endpoints.get("table")), Optional.of(endpoints.get("blob")));
    }

    /** @param queueEndpoint {@code http://host:port}, so also the others */
    static String of(String account, String key, String queueEndpoint, Optional<String> tableEndpoint, Optional<String> blobEndpoint) {
        return "DefaultEndpointsProtocol=http;AccountName=" + account + ";AccountKey=" + key + ";"
                + blobEndpoint.map(endpoint -> "BlobEndpoint=" + endpoint + "/" + account + ";").orElse("") + "QueueEndpoint=" + queueEndpoint + "/" + account
                + ";" + tableEndpoint.map(endpoint -> "TableEndpoint=" + endpoint + "/" + account + ";").orElse("");
    }
}
