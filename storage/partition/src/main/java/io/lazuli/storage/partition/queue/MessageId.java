package io.lazuli.storage.partition.queue;

import java.util.Optional;

/**
 * A message's id as clients see it: a GUID in Azure's form, 36 lower-case characters. It holds the message's sequence
 * number, so that no index from id to row is needed, and a random tag that is kept with the message, so that knowing how
 * ids are made does not let anybody name a message. The sequence number is masked with the tag only to keep people from
 * reading an order into ids; it is no secret.
 *
 * @param sequence the message's number within its partition, from 1
 * @param tag 64 random bits
 */
record MessageId(long sequence, long tag) {

    private static final int TEXT_LENGTH = 36;

    String text() {
        long high = sequence ^ mask(tag);
        char[] text = new char[TEXT_LENGTH];
        hex(high >>> 32, 8, text, 0);
        text[8] = '-';
        hex(high >>> 16, 4, text, 9);
        text[13] = '-';
        hex(high, 4, text, 14);
        text[18] = '-';
        hex(tag >>> 48, 4, text, 19);
        text[23] = '-';
        hex(tag, 12, text, 24);
        return new String(text);
    }

    /** Empty if the text is not a GUID; upper-case digits are read too. */
    static Optional<MessageId> parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            return Optional.empty();
        }
        long high = 0;
        long low = 0;
        int digits = 0;
        for (int i = 0; i < TEXT_LENGTH; i++) {
            char c = text.charAt(i);
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (c != '-') {
                    return Optional.empty();
                }
                continue;
            }
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return Optional.empty();
            }
            if (digits++ < 16) {
                high = high << 4 | digit;
            } else {
                low = low << 4 | digit;
            }
        }
        return Optional.of(new MessageId(high ^ mask(low), low));
    }

    private static long mask(long tag) {
        long x = tag * 0x9E3779B97F4A7C15L;
        return x ^ x >>> 29;
    }

    private static void hex(long value, int digits, char[] into, int at) {
        for (int i = digits - 1; i >= 0; i--) {
            into[at + i] = Character.forDigit((int) (value & 15), 16);
            value >>>= 4;
        }
    }
}
