package io.lazuli.storage.protocol.http;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code If-Match} or {@code If-None-Match} names: any version at all, or some. Tags are kept as written, {@code "…"} or
 * {@code W/"…"}; old clients leave the quotation marks away, so a bare tag stands for the quoted one. Source: RFC 9110, 13.1.
 *
 * @param any whether it is {@code *}
 */
public record EntityTags(boolean any, List<String> tags) {

    public static final int MAX_TAGS = 100;

    /** @throws IllegalArgumentException if the text is no list of tags, or one of more than {@link #MAX_TAGS} */
    static EntityTags parse(String text) {
        if (text.trim().equals("*")) {
            return new EntityTags(true, List.of());
        }
        List<String> tags = new ArrayList<>(1);
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ',' || c == ' ' || c == '\t') {
                at++;
                continue;
            }
            int end = end(text, at);
            String tag = text.substring(at, end);
            if (tags.size() == MAX_TAGS || !isFollowedByComma(text, end)) {
                throw new IllegalArgumentException("no list of at most " + MAX_TAGS + " tags");
            }
            tags.add(tag.endsWith("\"") ? tag : '"' + tag + '"');
            at = end;
        }
        if (tags.isEmpty()) {
            throw new IllegalArgumentException("no tag");
        }
        return new EntityTags(false, List.copyOf(tags));
    }

    /** Where the tag that begins at {@code start} ends. */
    private static int end(String text, int start) {
        int quote = text.startsWith("W/", start) ? start + 2 : start;
        if (quote < text.length() && text.charAt(quote) == '"') {
            int close = text.indexOf('"', quote + 1);
            if (close < 0) {
                throw new IllegalArgumentException("a quotation mark is missing");
            }
            return close + 1;
        }
        int end = start;
        while (end < text.length() && text.charAt(end) != ',' && text.charAt(end) != ' ') {
            if (text.charAt(end) == '"' || text.charAt(end) == '*') {
                throw new IllegalArgumentException("a mark within a tag");
            }
            end++;
        }
        return end;
    }

    private static boolean isFollowedByComma(String text, int from) {
        int at = from;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        return at == text.length() || text.charAt(at) == ',';
    }

    /** Whether it names a version that exists and has this tag, character by character. */
    public boolean matches(String tag) {
        return any || tags.contains(tag);
    }
}
