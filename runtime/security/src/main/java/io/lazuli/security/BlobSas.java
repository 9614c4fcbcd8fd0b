package io.lazuli.security;

/**
 * A service signature for a container, for one blob, snapshot or version, or for a directory, which in an account without hierarchical
 * namespace is what the names of its blobs begin with. Source: "Create a service SAS" of the Azure Storage REST reference.
 *
 * @param kind {@code sr}: {@code c}, {@code b}, {@code bs}, {@code bv} or {@code d}
 * @param container which it is for or within which
 * @param path the blob or directory that it is for, empty for a container
 * @param permissions {@code sp}, of the letters {@code racwdxyltmeopi}
 * @param state the {@code snapshot} or {@code versionid} that it is for, empty unless {@code bs} or {@code bv}
 * @param encryptionScope {@code ses}; signed from version 2020-12-06 on
 * @param directoryDepth {@code sdd}, how many names the directory's path has; empty unless {@code d}
 */
public record BlobSas(
        String kind, String container, String path, String version, String permissions, String start, String expiry, String sourceIps,
        String protocols, String identifier, String state, String encryptionScope, String directoryDepth, ResponseHeaders responseHeaders)
        implements SharedAccessSignature {

    /** From this version on headers of answers are signed, and so may be replaced. */
    private static final String RESPONSE_HEADERS_SINCE = "2013-08-15";
    /** From this version on the kind and the snapshot are signed. */
    private static final String KIND_SINCE = "2018-11-09";
    private static final String ENCRYPTION_SCOPE_SINCE = "2020-12-06";

    /** What answers to reads say instead of what the blob says; empty for what it says. {@code rscc}, {@code rscd}, {@code rsce}, {@code rscl}, {@code rsct}. */
    public record ResponseHeaders(
            String cacheControl, String contentDisposition, String contentEncoding, String contentLanguage, String contentType) {

        public static final ResponseHeaders NONE = new ResponseHeaders("", "", "", "", "");
    }

    /** From now on over both protocols and from anywhere, for a container's blobs. */
    public static BlobSas ofContainer(String expiry, String container, String permissions) {
        return new BlobSas("c", container, "", DEFAULT_VERSION, permissions, "", expiry, "", "", "", "", "", "", ResponseHeaders.NONE);
    }

    /** From now on over both protocols and from anywhere, for one blob. */
    public static BlobSas ofBlob(String expiry, String container, String blob, String permissions) {
        return new BlobSas("b", container, blob, DEFAULT_VERSION, permissions, "", expiry, "", "", "", "", "", "", ResponseHeaders.NONE);
    }

    /**
     * As a request brings it.
     *
     * @param container that is asked for
     * @param blob that is asked for, null if it is none
     */
    static BlobSas of(QueryString query, String container, String blob) {
        String kind = SharedAccessSignature.field(query, "sr");
        String version = SharedAccessSignature.field(query, "sv");
        String depth = SharedAccessSignature.field(query, "sdd");
        String asked = blob != null ? blob : "list".equals(query.first("comp")) ? SharedAccessSignature.field(query, "prefix") : "";
        String path = switch (kind) {
            case "c" -> "";
            case "d" -> directory(asked, depth);
            default -> blob == null ? "" : blob;
        };
        String state = switch (kind) {
            case "bs" -> SharedAccessSignature.field(query, "snapshot");
            case "bv" -> SharedAccessSignature.field(query, "versionid");
            default -> "";
        };
        ResponseHeaders headers = version.compareTo(RESPONSE_HEADERS_SINCE) < 0 ? ResponseHeaders.NONE : new ResponseHeaders(
                SharedAccessSignature.field(query, "rscc"), SharedAccessSignature.field(query, "rscd"),
                SharedAccessSignature.field(query, "rsce"), SharedAccessSignature.field(query, "rscl"),
                SharedAccessSignature.field(query, "rsct"));
        return new BlobSas(kind, container, path, version,
                SharedAccessSignature.field(query, "sp"), SharedAccessSignature.field(query, "st"),
                SharedAccessSignature.field(query, "se"), SharedAccessSignature.field(query, "sip"),
                SharedAccessSignature.field(query, "spr"), SharedAccessSignature.field(query, "si"), state,
                SharedAccessSignature.field(query, "ses"), depth, headers);
    }

    /** The first so many names of a path; something that is no directory's if nothing follows them: the path is not within one. */
    private static String directory(String path, String depth) {
        int end = -1;
        for (int names = depthOf(depth); names > 0; names--) {
            end = path.indexOf('/', end + 1);
            if (end < 0) {
                return path + "/";
            }
        }
        return path.substring(0, Math.max(0, end));
    }

    /** 0 if it is none. */
    static int depthOf(String text) {
        boolean number = !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.parseInt(text) : 0;
    }

    @Override
    public String stringToSign(String account) {
        String resource = kind.equals("c") ? container : container + "/" + path;
        StringBuilder out = new StringBuilder(256).append(ServiceSasText.common(this, StorageService.BLOB, account, resource));
        if (version.compareTo(KIND_SINCE) >= 0) {
            out.append('\n').append(kind).append('\n').append(state);
        }
        if (version.compareTo(ENCRYPTION_SCOPE_SINCE) >= 0) {
            out.append('\n').append(encryptionScope);
        }
        if (version.compareTo(RESPONSE_HEADERS_SINCE) >= 0) {
            out.append('\n').append(responseHeaders.cacheControl())
                    .append('\n').append(responseHeaders.contentDisposition())
                    .append('\n').append(responseHeaders.contentEncoding())
                    .append('\n').append(responseHeaders.contentLanguage())
                    .append('\n').append(responseHeaders.contentType());
        }
        return out.toString();
    }

    @Override
    public String token(String account, SigningKey key) {
        return ServiceSasText.token(this)
                .add("sr", kind)
                .add("ses", encryptionScope)
                .add("sdd", directoryDepth)
                .add("rscc", responseHeaders.cacheControl())
                .add("rscd", responseHeaders.contentDisposition())
                .add("rsce", responseHeaders.contentEncoding())
                .add("rscl", responseHeaders.contentLanguage())
                .add("rsct", responseHeaders.contentType())
                .signed(key.signBase64(stringToSign(account)));
    }
}
