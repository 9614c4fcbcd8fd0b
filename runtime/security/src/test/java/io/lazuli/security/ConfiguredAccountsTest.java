package io.lazuli.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.storage.common.StorageSharedKeyCredential;
import com.typesafe.config.ConfigFactory;
import io.lazuli.kernel.SettingsException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfiguredAccountsTest {

    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    @Test
    void developmentAccountExistsInDevelopmentOnly() {
        assertEquals(Set.of("devstoreaccount1"), accounts("mode = development, accounts = []").names());
        assertTrue(accounts("mode = production, accounts = [{name = one, key1 = \"" + KEY + "\"}]").keysOf("devstoreaccount1").isEmpty());
    }

    @Test
    void theFirstAccountIsTheCloudsOwn() {
        assertEquals("devstoreaccount1", accounts("mode = development, accounts = []").home().account());
        ConfiguredAccounts.Credential home =
                accounts("mode = production, accounts = [{name = two, key1 = \"" + KEY + "\"},{name = one, key1 = \"" + KEY + "\"}]").home();
        assertEquals("two", home.account());
        assertEquals(KEY, home.key());
        assertThrows(SettingsException.class, () -> accounts("mode = production, accounts = []"));
    }

    @Test
    void accountHasOneOrTwoKeys() {
        ConfiguredAccounts accounts = accounts("mode = production, accounts = [{name = one, key1 = \"" + KEY + "\"},"
                + "{name = two, key1 = \"" + KEY + "\", key2 = \"" + KEY + "\"}]");
        assertEquals(1, accounts.keysOf("one").size());
        assertEquals(2, accounts.keysOf("two").size());
        assertEquals(0, accounts.keysOf("three").size());
        assertEquals(List.of(KEY, KEY), accounts.credentialsOf("two").stream().map(ConfiguredAccounts.Credential::key).toList());
        assertEquals(List.of(), accounts.credentialsOf("three"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            5                                              | lazuli.accounts
            [{key1 = K}]                                   | lazuli.accounts[0].name
            [{name = Ab, key1 = K}]                        | lazuli.accounts[0].name
            [{name = abc}]                                 | lazuli.accounts[0].key1
            [{name = abc, key1 = "not base64!"}]           | lazuli.accounts[0].key1
            [{name = abc, key1 = "c2hvcnQ="}]              | lazuli.accounts[0].key1
            [{name = abc, key1 = K, key2 = "c2hvcnQ="}]    | lazuli.accounts[0].key2
            [{name = abc, key1 = K},{name=abc, key1 = K}]  | lazuli.accounts[1].name
            [{name = devstoreaccount1, key1 = K}]          | lazuli.accounts[0].name
            """)
    void wrongAccountStopsTheStart(String value, String key) {
        SettingsException wrong = assertThrows(SettingsException.class,
                () -> accounts("mode = production, accounts = " + value.replace("K", "\"" + KEY + "\"")));
        assertEquals(key, wrong.key());
        assertTrue(!wrong.getMessage().contains("not base64!"), "must not print a key");
    }

    @Test
    void connectionStringIsReadByTheOfficialSdkAndByOurselves() {
        ConnectionString string = ConnectionString.ofQueue("acc1", KEY, "127.0.0.1", 10001).withTables("::1", 10002);
        assertEquals("acc1", StorageSharedKeyCredential.fromConnectionString(string.text()).getAccountName());
        assertEquals(string, ConnectionString.parse(string.text()));
        assertEquals(URI.create("http://127.0.0.1:10001/acc1"), string.queueEndpoint().orElseThrow());
        assertEquals(URI.create("http://[::1]:10002/acc1"), string.tableEndpoint().orElseThrow());
        assertTrue(!string.toString().contains(KEY));
    }

    private static ConfiguredAccounts accounts(String lazuli) {
        return ConfiguredAccounts.of(ConfigFactory.parseString("lazuli { " + lazuli + " }"));
    }
}
