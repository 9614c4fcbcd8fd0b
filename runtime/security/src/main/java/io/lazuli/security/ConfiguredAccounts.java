package io.lazuli.security;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.lazuli.kernel.SettingsException;
import io.lazuli.kernel.SettingsReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The storage accounts of {@code lazuli.accounts}, and in development mode the account that every Azure tool knows.
 * Immutable.
 */
public final class ConfiguredAccounts implements AccountKeys {

    public static final int MAX_ACCOUNTS = 1000;

    /** The emulator's account, published and therefore of development mode only. */
    public static final String DEVELOPMENT_ACCOUNT = "devstoreaccount1";
    public static final String DEVELOPMENT_KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static final String KEY = "lazuli.accounts";

    private final Map<String, List<SigningKey>> keys;
    private final Map<String, List<Credential>> credentials;
    private final Credential home;

    /** An account's name and one of its keys in Base64. */
    public record Credential(String account, String key) {

        /** Without the key. */
        @Override
        public String toString() {
            return "Credential[" + account + "]";
        }
    }

    private ConfiguredAccounts(Map<String, List<Credential>> credentials, Map<String, List<SigningKey>> keys, Credential home) {
        this.credentials = Map.copyOf(credentials);
        this.keys = Map.copyOf(keys);
        this.home = home;
    }

    /** @throws SettingsException if {@code lazuli.accounts} or {@code lazuli.mode} is wrong */
    public static ConfiguredAccounts of(Config config) {
        boolean development = new SettingsReader(config).oneOf("lazuli.mode", "development", "production").equals("development");
        Map<String, List<SigningKey>> keys = new TreeMap<>();
        Map<String, List<Credential>> credentials = new TreeMap<>();
        List<? extends Config> entries = entries(config);
        for (int i = 0; i < entries.size(); i++) {
            String at = KEY + "[" + i + "]";
            String name = required(entries.get(i), at, "name");
            if (!AccountName.isValid(name)) {
                throw new SettingsException(at + ".name", "must be 3 to 24 of a-z and 0-9, not '" + name + "'");
            }
            if (name.equals(DEVELOPMENT_ACCOUNT)) {
                throw new SettingsException(at + ".name", "must not be " + DEVELOPMENT_ACCOUNT + ", which development mode has by itself");
            }
            List<SigningKey> ofAccount = new ArrayList<>(2);
            List<Credential> written = new ArrayList<>(2);
            for (String field : entries.get(i).hasPath("key2") ? List.of("key1", "key2") : List.of("key1")) {
                String key = required(entries.get(i), at, field);
                ofAccount.add(key(at + "." + field, key));
                written.add(new Credential(name, key));
            }
            credentials.put(name, List.copyOf(written));
            if (keys.put(name, List.copyOf(ofAccount)) != null) {
                throw new SettingsException(at + ".name", "names the account " + name + " a second time");
            }
        }
        if (development) {
            keys.put(DEVELOPMENT_ACCOUNT, List.of(SigningKey.ofBase64(DEVELOPMENT_KEY)));
            credentials.put(DEVELOPMENT_ACCOUNT, List.of(new Credential(DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY)));
        }
        return new ConfiguredAccounts(credentials, keys, home(development, entries));
    }

    private static Credential home(boolean development, List<? extends Config> entries) {
        if (development) {
            return new Credential(DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY);
        }
        if (entries.isEmpty()) {
            throw new SettingsException(KEY, "must have at least one account in production mode");
        }
        return new Credential(entries.getFirst().getString("name"), entries.getFirst().getString("key1"));
    }

    /** The cloud's own account, which its roles and its management API use: the first one, or the development account. */
    public Credential home() {
        return home;
    }

    @Override
    public List<SigningKey> keysOf(String account) {
        return keys.getOrDefault(account, List.of());
    }

    public Set<String> names() {
        return keys.keySet();
    }

    /** The account with its one or two keys in order; empty if it is not configured. */
    public List<Credential> credentialsOf(String account) {
        return credentials.getOrDefault(account, List.of());
    }

    private static List<? extends Config> entries(Config config) {
        try {
            List<? extends Config> entries = config.getConfigList(KEY);
            if (entries.size() > MAX_ACCOUNTS) {
                throw new SettingsException(KEY, "must have at most " + MAX_ACCOUNTS + " accounts");
            }
            return entries;
        } catch (ConfigException e) {
            throw new SettingsException(KEY, "must be a list of { name, key1, key2 }");
        }
    }

    private static String required(Config account, String at, String field) {
        try {
            return account.getString(field);
        } catch (ConfigException e) {
            throw new SettingsException(at + "." + field, "is missing; it must be a string");
        }
    }

    private static SigningKey key(String at, String base64) {
        try {
            return SigningKey.ofBase64(base64);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(at, e.getMessage());
        }
    }
}
