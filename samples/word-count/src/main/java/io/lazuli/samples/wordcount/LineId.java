package io.lazuli.samples.wordcount;

/**
 * Names one line for good, so that it is recognised however often it is delivered or fed: the source (here: from the
 * file's digest) and the line's number in it. Written {@code source:number}.
 *
 * @param source 1 to 64 of {@code A-Z a-z 0-9 -}
 * @param number 0 to {@value #MAX_NUMBER}
 */
public record LineId(String source, int number) {

    public static final int MAX_NUMBER = (1 << 27) - 1;

    public LineId {
        if (!source.matches("[A-Za-z0-9-]{1,64}") || number < 0 || number > MAX_NUMBER) {
            throw new IllegalArgumentException("not a line's id: " + source + ":" + number);
        }
    }

    /** @throws IllegalArgumentException if the text is none */
    public static LineId parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("not a line's id: " + text);
        }
        return new LineId(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return source + ":" + number;
    }
}
