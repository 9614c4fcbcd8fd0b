package io.lazuli.storage.protocol.blob;

import com.typesafe.config.Config;
import io.lazuli.kernel.SettingsReader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Which hosts outside of this cloud copies may be read from, {@code lazuli.blob.copy-sources}: who may write a blob must not reach through a node
 * what only the node can reach. Addresses are judged, not names, and the address that was judged is the one that is connected to. Pure.
 */
public enum CopySourceHosts {
    NONE,
    /** Those at addresses of the public Internet. Source: IANA special-purpose address registries, RFC 6890. */
    PUBLIC,
    ANY;

    /** @throws io.lazuli.kernel.SettingsException if the value is none of the three */
    public static CopySourceHosts of(Config config) {
        return switch (new SettingsReader(config).oneOf("lazuli.blob.copy-sources", "none", "public", "any")) {
            case "none" -> NONE;
            case "public" -> PUBLIC;
            default -> ANY;
        };
    }

    /** Whether a host that has these addresses may be read from. */
    boolean allows(List<InetAddress> addresses) {
        return switch (this) {
            case NONE -> false;
            case PUBLIC -> !addresses.isEmpty() && addresses.stream().allMatch(CopySourceHosts::isPublic);
            case ANY -> !addresses.isEmpty();
        };
    }

    /** Addresses of IPv4 mapped into IPv6 are those of IPv4 already. */
    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        int third = bytes[2] & 0xFF;
        if (address instanceof Inet4Address) {
            return switch (first) {
                case 0, 10, 127 -> false;
                case 100 -> second < 64 || second > 127;
                case 169 -> second != 254;
                case 172 -> second < 16 || second > 31;
                case 192 -> second != 168 && !(second == 0 && (third == 0 || third == 2)) && !(second == 88 && third == 99);
                case 198 -> second != 18 && second != 19 && !(second == 51 && third == 100);
                case 203 -> !(second == 0 && third == 113);
                default -> first < 224;
            };
        }
        boolean globalUnicast = (first & 0xE0) == 0x20;
        int prefix = first << 8 | second;
        boolean ofProtocols = prefix == 0x2001 && (third & 0xFE) == 0;
        boolean ofDocuments = prefix == 0x2001 && third == 0x0D && (bytes[3] & 0xFF) == 0xB8;
        boolean withinIpv4 = prefix == 0x2002;
        return globalUnicast && !ofProtocols && !ofDocuments && !withinIpv4;
    }
}
