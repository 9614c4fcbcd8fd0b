package io.lazuli.host.packages;

import io.lazuli.host.packages.InvalidPackageException.Code;
import java.util.Map;
import java.util.regex.Pattern;

/** The rules for a role's settings, wherever they come from. */
final class RoleSettings {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0," + (PackageLimits.MAX_SETTING_NAME_CHARS - 1) + "}");

    private RoleSettings() {}

    static void check(String role, Map<String, String> settings) throws InvalidPackageException {
        if (settings.size() > PackageLimits.MAX_SETTINGS_PER_ROLE) {
            throw new InvalidPackageException(Code.OUT_OF_RANGE, "role '" + role + "' can have at most "
                    + PackageLimits.MAX_SETTINGS_PER_ROLE + " settings, not " + settings.size());
        }
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            checkName(role, setting.getKey());
            if (setting.getValue().length() > PackageLimits.MAX_SETTING_VALUE_CHARS) {
                throw new InvalidPackageException(Code.OUT_OF_RANGE, "setting '" + setting.getKey() + "' of role '" + role + "' has "
                        + setting.getValue().length() + " characters, more than " + PackageLimits.MAX_SETTING_VALUE_CHARS);
            }
        }
    }

    static void checkName(String role, String name) throws InvalidPackageException {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidPackageException(Code.INVALID_SETTING, "a setting's name has 1 to " + PackageLimits.MAX_SETTING_NAME_CHARS
                    + " of A-Z a-z 0-9 . _ - and begins with a letter or digit: '" + name + "' of role '" + role + "'");
        }
    }
}
