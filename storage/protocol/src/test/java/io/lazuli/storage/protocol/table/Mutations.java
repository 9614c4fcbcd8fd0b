package io.lazuli.storage.protocol.table;

import java.util.Arrays;
import java.util.Random;

/** Spoils well-formed input for fuzz tests. */
public final class Mutations {

    private static final int MAX_MUTATIONS = 4;

    private Mutations() {}

    /** One to four bytes changed, put in, taken out or doubled as a piece. */
    public static byte[] mutate(byte[] original, Random random) {
        byte[] bytes = original;
        for (int left = 1 + random.nextInt(MAX_MUTATIONS); left > 0 && bytes.length > 0; left--) {
            int at = random.nextInt(bytes.length);
            bytes = switch (random.nextInt(5)) {
                case 0 -> replaced(bytes, at, (byte) random.nextInt(256));
                case 1 -> replaced(bytes, at, original[random.nextInt(original.length)]);
                case 2 -> spliced(bytes, at, at, new byte[] {(byte) random.nextInt(128)});
                case 3 -> spliced(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)), new byte[0]);
                default -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(40))));
            };
        }
        return bytes;
    }

    private static byte[] replaced(byte[] bytes, int at, byte value) {
        byte[] copy = bytes.clone();
        copy[at] = value;
        return copy;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] piece) {
        byte[] joined = new byte[bytes.length - (to - from) + piece.length];
        System.arraycopy(bytes, 0, joined, 0, from);
        System.arraycopy(piece, 0, joined, from, piece.length);
        System.arraycopy(bytes, to, joined, from + piece.length, bytes.length - to);
        return joined;
    }
}
