package io.lazuli.samples.wordcount;

/** A message of queue {@code lines}: the id, a tab, the text. */
public record LineMessage(LineId id, String text) {

    /** @throws IllegalArgumentException if the message is none */
    public static LineMessage parse(String message) {
        int tab = message.indexOf('\t');
        if (tab < 0) {
            throw new IllegalArgumentException("a line's message has an id, a tab and a text");
        }
        return new LineMessage(LineId.parse(message.substring(0, tab)), message.substring(tab + 1));
    }

    public String encode() {
        return id + "\t" + text;
    }
}
