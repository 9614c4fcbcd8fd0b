package io.lazuli.storage.protocol.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lazuli.storage.partition.blob.BlobKind;
import io.lazuli.storage.partition.blob.LifecycleRule;
import io.lazuli.storage.partition.blob.LifecycleRule.Ages;
import io.lazuli.storage.protocol.service.LifecyclePolicy.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifecyclePolicyTest {

    private static final String ACTIONS = "{'baseBlob':{'delete':{'daysAfterModificationGreaterThan':1}}}";

    @Test
    void aPolicyAsAzureWritesItIsUnderstood() {
        List<LifecycleRule> rules = read("""
                {"rules": [
                  {"enabled": true, "name": "old-logs", "type": "Lifecycle", "definition": {
                    "filters": {"blobTypes": ["blockBlob", "appendBlob"], "prefixMatch": ["logs/2026", "traces"]},
                    "actions": {
                      "baseBlob": {
                        "tierToCool": {"daysAfterModificationGreaterThan": 30},
                        "tierToCold": {"daysAfterModificationGreaterThan": 60},
                        "tierToArchive": {"daysAfterModificationGreaterThan": 90},
                        "delete": {"daysAfterModificationGreaterThan": 2555}},
                      "snapshot": {"delete": {"daysAfterCreationGreaterThan": 0}},
                      "version": {"tierToArchive": {"daysAfterCreationGreaterThan": 7}}}}},
                  {"name": "rest", "enabled": false, "type": "Lifecycle", "definition": {
                    "filters": {"blobTypes": ["blockBlob"]}, "actions": {"version": {"delete": {"daysAfterCreationGreaterThan": 99999}}}}}
                ]}""");
        assertEquals(List.of(
                new LifecycleRule("old-logs", true, List.of("logs/2026", "traces"), List.of(BlobKind.BLOCK, BlobKind.APPEND),
                        new Ages(30, 60, 90, 2555), new Ages(null, null, null, 0), new Ages(null, null, 7, null)),
                new LifecycleRule("rest", false, List.of(), List.of(BlobKind.BLOCK), Ages.NEVER, Ages.NEVER, new Ages(null, null, null, 99_999))),
                rules);
    }

    @Test
    void whatIsWrittenIsReadTheSame() {
        List<LifecycleRule> rules = List.of(
                new LifecycleRule("a", true, List.of("c/ä\"b\\"), List.of(BlobKind.APPEND, BlobKind.BLOCK),
                        new Ages(1, null, 3, null), new Ages(null, 2, null, 4), Ages.NEVER),
                new LifecycleRule("b", false, List.of(), List.of(BlobKind.APPEND), Ages.NEVER, Ages.NEVER, new Ages(5, 6, 7, 8)));
        String text = LifecyclePolicy.write(rules);
        List<LifecycleRule> read = read(text);
        assertEquals(text, LifecyclePolicy.write(read));
        assertEquals(rules.getFirst().baseBlob(), read.getFirst().baseBlob());
        assertEquals(rules.getFirst().prefixes(), read.getFirst().prefixes());
        assertEquals(rules.getLast(), read.getLast());
        assertEquals("{\"rules\":[]}", LifecyclePolicy.write(List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                                                  | the document: must be an object
            {}                                                                  | the document: 'rules' is missing
            {'rules':[]}                                                        | rules: there must be one at least
            {'rules':{}}                                                        | rules: must be an array
            {'rules':[],'x':1}                                                  | the document: 'x' is not known here; there can be rules
            {'rules':[1]}                                                       | rules[0]: must be an object
            {'rules':[RULE,RULE]}                                               | rules[1]: another rule is named 'r'
            {'rules':[RULE]} x                                                  | this is no JSON: Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false') (line 1)
            """)
    void whatIsNoPolicyIsRefusedAndToldWhere(String policy, String message) {
        refused(message, policy.replace("RULE", rule("'r'", "['blockBlob']", "[]", ACTIONS)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'a b' | ['blockBlob']             | []         | ACTIONS | name: must have 1 to 256 letters, digits, - and _
            7     | ['blockBlob']             | []         | ACTIONS | name: must be a string
            'r'   | ['pageBlob']              | []         | ACTIONS | definition.filters.blobTypes[0]: must be "blockBlob" or "appendBlob", each once
            'r'   | ['blockBlob','blockBlob'] | []         | ACTIONS | definition.filters.blobTypes[1]: must be "blockBlob" or "appendBlob", each once
            'r'   | []                        | []         | ACTIONS | definition.filters.blobTypes: must name one sort of blobs at least
            'r'   | ['blockBlob']             | ['/x']     | ACTIONS | definition.filters.prefixMatch[0]: must begin with a container's name, as in "logs/2026"
            'r'   | ['blockBlob']             | 'x'        | ACTIONS | definition.filters.prefixMatch: must be an array
            'r'   | ['blockBlob']             | []         | {}      | definition.actions: must name one action at least
            'r'   | ['blockBlob']             | []         | {'baseBlob':{'delete':{}}} | definition.actions.baseBlob.delete: 'daysAfterModificationGreaterThan' is missing
            'r'   | ['blockBlob']             | []         | {'baseBlob':{'delete':{'daysAfterModificationGreaterThan':1.5}}} | definition.actions.baseBlob.delete.daysAfterModificationGreaterThan: must be a whole number from 0 to 99999
            'r'   | ['blockBlob']             | []         | {'baseBlob':{'delete':{'daysAfterModificationGreaterThan':-1}}} | definition.actions.baseBlob.delete.daysAfterModificationGreaterThan: must be a whole number from 0 to 99999
            'r'   | ['blockBlob']             | []         | {'snapshot':{'delete':{'daysAfterModificationGreaterThan':1}}} | definition.actions.snapshot.delete: 'daysAfterModificationGreaterThan' is not known here; there can be daysAfterCreationGreaterThan
            'r'   | ['blockBlob']             | []         | {'baseBlob':{'enableAutoTierToHotFromCool':true}} | definition.actions.baseBlob: 'enableAutoTierToHotFromCool' is not known here; there can be tierToCool, tierToCold, tierToArchive, delete
            """)
    void aRuleThatIsNotUnderstoodIsRefusedAndToldWhere(String name, String types, String prefixes, String actions, String message) {
        refused("rules[0]." + message, "{'rules':[" + rule(name, types, prefixes, actions.replace("ACTIONS", ACTIONS)) + "]}");
    }

    @Test
    void whatIsTooMuchIsRefused() {
        refused("rules: there can be 100 at most", "{'rules':[" + IntStream.range(0, 101)
                .mapToObj(i -> rule("'r" + i + "'", "['blockBlob']", "[]", ACTIONS)).collect(Collectors.joining(",")) + "]}");
        refused("rules[0].definition.filters.prefixMatch: there can be 10 at most", "{'rules':["
                + rule("'r'", "['blockBlob']", "[" + String.join(",", Collections.nCopies(11, "'c'")) + "]", ACTIONS) + "]}");
        refused("the policy has more than 131072 bytes", " ".repeat(LifecyclePolicy.MAX_POLICY_BYTES) + "{}");
        assertThrows(Malformed.class, () -> read("[".repeat(50_000)));
        assertThrows(Malformed.class, () -> read("{\"rules\":" + "9".repeat(30) + "}"));
        assertThrows(Malformed.class, () -> read("{\"rules\":[],\"rules\":[]}"), "the same member twice");
        assertThrows(Malformed.class, () -> read(""));
        assertThrows(Malformed.class, () -> LifecyclePolicy.read(new byte[] {'"', (byte) 0xff, '"'}));
    }

    private static String rule(String name, String types, String prefixes, String actions) {
        return "{'name':" + name + ",'type':'Lifecycle','definition':{'filters':{'blobTypes':" + types + ",'prefixMatch':" + prefixes
                + "},'actions':" + actions + "}}";
    }

    private static void refused(String message, String policy) {
        assertEquals(message, assertThrows(Malformed.class, () -> read(policy.replace('\'', '"'))).getMessage());
    }

    private static List<LifecycleRule> read(String policy) {
        return LifecyclePolicy.read(policy.getBytes(StandardCharsets.UTF_8));
    }
}
