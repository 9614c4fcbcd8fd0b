package io.lazuli.security;

import java.util.regex.Pattern;

/** What may be a storage account's name. Source: "Storage account overview", naming rules. */
public final class AccountName {

    /** As a regular expression. */
    public static final String REGEX = "[a-z0-9]{3,24}";

    private static final Pattern NAME = Pattern.compile(REGEX);

    private AccountName() {}

    /** Whether it is 3 to 24 of a-z and 0-9; false for null. */
    public static boolean isValid(String name) {
        return name != null && NAME.matcher(name).matches();
    }
}
