package io.lazuli.security;

import java.util.Locale;

/** What service signatures have in common, in the form of their version. Source: "Create a service SAS", "Construct the signature string". */
final class ServiceSasText {

    /** The oldest version that names itself in what is signed. */
    static final String MIN_VERSION = "2012-02-12";

    /** From this version on the resource begins with the service. */
    private static final String SERVICE_NAMED_SINCE = "2015-02-21";

    /** From this version on addresses and protocols are signed, and so may limit. */
    private static final String LIMITS_SINCE = "2015-04-05";

    private ServiceSasText() {}

    /** Up to the version; what a service adds comes behind it. */
    static String common(SharedAccessSignature sas, StorageService service, String account, String resource) {
        StringBuilder out = new StringBuilder(160)
                .append(sas.permissions()).append('\n')
                .append(sas.start()).append('\n')
                .append(sas.expiry()).append('\n');
        if (sas.version().compareTo(SERVICE_NAMED_SINCE) >= 0) {
            out.append('/').append(service.label());
        }
        out.append('/').append(account).append('/').append(resource).append('\n')
                .append(sas.identifier()).append('\n');
        if (areLimitsSigned(sas.version())) {
            out.append(sas.sourceIps()).append('\n').append(sas.protocols()).append('\n');
        }
        return out.append(sas.version()).toString();
    }

    static boolean areLimitsSigned(String version) {
        return version.compareTo(LIMITS_SINCE) >= 0;
    }

    static SharedAccessSignature.Token token(SharedAccessSignature sas) {
        return new SharedAccessSignature.Token()
                .add("sv", sas.version())
                .add("st", sas.start())
                .add("se", sas.expiry())
                .add("sp", sas.permissions())
                .add("sip", sas.sourceIps())
                .add("spr", sas.protocols())
                .add("si", sas.identifier());
    }

    static String lowerCase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
