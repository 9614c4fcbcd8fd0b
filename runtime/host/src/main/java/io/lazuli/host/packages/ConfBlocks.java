package io.lazuli.host.packages;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Finds the blocks ({@code key {…}}) in a HOCON text that has been parsed without errors, in their order and with
 * repetitions, which the parser merges.
 */
final class ConfBlocks {

    private final String text;
    private final List<List<String>> paths = new ArrayList<>();
    private final Deque<Integer> openedElements = new ArrayDeque<>();
    private final List<String> path = new ArrayList<>();
    private final StringBuilder key = new StringBuilder();
    private int at;

    private ConfBlocks(String text) {
        this.text = text;
    }

    /** The path of each block; a block that is no key's (a list's element, the root's braces) adds nothing to its path. */
    static List<List<String>> paths(String text) {
        return new ConfBlocks(text).scan();
    }

    private List<List<String>> scan() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (text.startsWith("\"\"\"", at)) {
                keepUntil(endOfRawString());
            } else if (c == '"') {
                keepUntil(endOfString());
            } else if (c == '#' || text.startsWith("//", at)) {
                at = indexOrEnd(text.indexOf('\n', at));
            } else if (text.startsWith("${", at)) {
                keepUntil(indexOrEnd(text.indexOf('}', at) + 1));
            } else {
                step(c);
                at++;
            }
        }
        return paths;
    }

    private void step(char c) {
        switch (c) {
            case '{' -> open();
            case '}' -> close();
            case ',', '[', ']' -> key.setLength(0);
            case '\n' -> {
                if (!endsWithSeparator()) {
                    key.setLength(0);
                }
            }
            default -> key.append(c);
        }
    }

    private void open() {
        String written = key.toString().strip();
        while (written.endsWith("=") || written.endsWith(":") || written.endsWith("+")) {
            written = written.substring(0, written.length() - 1).strip();
        }
        List<String> elements = written.isEmpty() ? List.of() : elements(written);
        path.addAll(elements);
        openedElements.push(elements.size());
        if (!elements.isEmpty()) {
            paths.add(List.copyOf(path));
        }
        key.setLength(0);
    }

    private void close() {
        int elements = openedElements.isEmpty() ? 0 : openedElements.pop();
        path.subList(path.size() - elements, path.size()).clear();
        key.setLength(0);
    }

    /** Text before a brace that is a value, not a key (as in {@code a = ${b} {…}}), is one element as it is. */
    private static List<String> elements(String written) {
        return written.contains("=") || written.contains("$") ? List.of(written) : ConfigUtil.splitPath(written);
    }

    private boolean endsWithSeparator() {
        String written = key.toString().strip();
        return written.endsWith("=") || written.endsWith(":");
    }

    private void keepUntil(int end) {
        key.append(text, at, end);
        at = end;
    }

    private int endOfRawString() {
        int end = indexOrEnd(text.indexOf("\"\"\"", at + 3) + 3);
        while (end < text.length() && text.charAt(end) == '"') {
            end++;
        }
        return end;
    }

    private int endOfString() {
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != '"') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(end + 1, text.length());
    }

    /** {@code index}, or the end of the text where a search has found nothing (any value that is not beyond here). */
    private int indexOrEnd(int index) {
        return index > at ? index : text.length();
    }
}
