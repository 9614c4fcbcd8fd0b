package io.lazuli.cli.command;

import io.lazuli.cli.local.LocalNode;

/** What Azure's SDKs are given to find a cloud in development mode. */
public final class ConnectionString {

    public static final String ACCOUNT = "devstoreaccount1";
    /** Published by Microsoft for its storage emulator; it protects nothing and exists in development mode only. */
    public static final String ACCOUNT_KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private ConnectionString() {}

    public static String development(LocalNode node) {
        return "DefaultEndpointsProtocol=http;AccountName=" + ACCOUNT + ";AccountKey=" + ACCOUNT_KEY + ";QueueEndpoint="
                + node.conf().endpoints().get("queue") + "/" + ACCOUNT + ";";
    }
}
