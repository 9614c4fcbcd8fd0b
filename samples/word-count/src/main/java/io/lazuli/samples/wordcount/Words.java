package io.lazuli.samples.wordcount;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a word is, for everybody who counts: a longest run of Unicode letters, marks and digits, in lower case. "Don't" is two. */
public final class Words {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

    private Words() {}

    public static Map<String, Long> count(String text) {
        Map<String, Long> counts = new TreeMap<>();
        Matcher words = WORD.matcher(text);
        while (words.find()) {
            counts.merge(words.group().toLowerCase(Locale.ROOT), 1L, Long::sum);
        }
        return counts;
    }

    static boolean isPartOfWord(int codePoint) {
        return Character.isLetter(codePoint) || switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> false;
        };
    }
}
