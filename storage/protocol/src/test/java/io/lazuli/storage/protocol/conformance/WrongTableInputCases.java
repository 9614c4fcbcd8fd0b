package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lazuli.security.PercentCoding;
import io.lazuli.storage.protocol.conformance.TableServiceConformance.Case;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Wrong input gets the documented error and changes nothing. Columns: method, path, headers, body, status and code. In
 * paths, {@code {t}} is a table with one entity, {@code {e}} that entity's path, {@code {new}} a name that no table has, and
 * {@code <…>} is escaped; in bodies {@code KEYS} stands for a new entity's two keys and {@code {32K}} for that many characters.
 */
final class WrongTableInputCases {

    private static final String TABLE = """
            POST   | /Tables                      |                 | {"TableName":"ab"}                | 400 OutOfRangeInput
            POST   | /Tables                      |                 | {"TableName":"{64}"}              | 400 OutOfRangeInput
            POST   | /Tables                      |                 | {"TableName":"1abc"}              | 400 InvalidResourceName
            POST   | /Tables                      |                 | {"TableName":"a-b-c"}             | 400 InvalidResourceName
            POST   | /Tables                      |                 | {"TableName":"a_b_c"}             | 400 InvalidResourceName
            POST   | /Tables                      |                 | {"TableName":"a b c"}             | 400 InvalidResourceName
            POST   | /Tables                      |                 | {"TableName":"käse"}              | 400 InvalidResourceName
            POST   | /Tables                      |                 | {"TableName":""}                  | 400 OutOfRangeInput
            POST   | /Tables                      |                 | {"TableName":"tables"}            | 400 InvalidInput
            POST   | /Tables                      |                 | {"TableName":"TABLES"}            | 400 InvalidInput
            POST   | /Tables                      |                 | {"TableName":5}                   | 400 InvalidInput
            POST   | /Tables                      |                 | {"TableName":null}                | 400 PropertiesNeedValue
            POST   | /Tables                      |                 | {}                                | 400 PropertiesNeedValue
            POST   | /Tables                      |                 | {"Name":"abc"}                    | 400 InvalidInput
            POST   | /Tables                      |                 | []                                | 400 InvalidInput
            POST   | /Tables                      |                 | hello                             | 400 InvalidInput
            POST   | /Tables                      |                 | {"TableName":"abc"                | 400 InvalidInput
            POST   | /Tables                      | Content-Type: text/plain | {"TableName":"abc"}      | 415 MediaTypeNotSupported
            POST   | /Tables                      | Content-Type: application/xml | <a/>                | 415 MediaTypeNotSupported
            PUT    | /Tables                      |                 | {"TableName":"abc"}               | 405 MethodNotAllowed
            DELETE | /Tables                      |                 |                                   | 405 MethodNotAllowed
            PUT    | /Tables('{t}')               |                 | {}                                | 405 MethodNotAllowed
            GET    | /Tables('a-b')               |                 |                                   | 400 InvalidResourceName
            DELETE | /Tables('ab')                |                 |                                   | 400 OutOfRangeInput
            GET    | /Tables?$top=0               |                 |                                   | 400 InvalidInput
            GET    | /Tables?$top=1001            |                 |                                   | 400 InvalidInput
            GET    | /Tables?$top=-1              |                 |                                   | 400 InvalidInput
            GET    | /Tables?$top=ten             |                 |                                   | 400 InvalidInput
            GET    | /Tables?$filter=<TableName eq> |               |                                   | 400 InvalidInput
            GET    | /Tables?$orderby=TableName   |                 |                                   | 501 NotImplemented
            GET    | /Tables?$skip=1              |                 |                                   | 501 NotImplemented
            GET    | /{t}()?$top=0                |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$top=1001             |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$top=1.5              |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$top=99999999999      |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$orderby=v            |                 |                                   | 501 NotImplemented
            GET    | /{t}()?$skip=1               |                 |                                   | 501 NotImplemented
            GET    | /{t}()?$expand=v             |                 |                                   | 501 NotImplemented
            GET    | /{t}()?$inlinecount=allpages |                 |                                   | 501 NotImplemented
            GET    | /{t}()?NextPartitionKey=junk |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$format=atom          |                 |                                   | 415 AtomFormatNotSupported
            GET    | /{t}()                       | Accept: application/atom+xml |                      | 415 AtomFormatNotSupported
            GET    | /{t}()                       | Accept: text/html |                                 | 415 MediaTypeNotSupported
            GET    | /{t}()?$filter=<v eq>        |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v 1>         |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v = 1>       |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v EQ 1>      |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq 1 and>  |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq 1 v eq 2> |               |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<(v eq 1>     |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq 1)>     |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<()>          |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq 'a>     |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq 'a'b'>  |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq "a">    |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq w>      |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<1 eq 1>      |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq datetime'yesterday'> |    |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq datetime'2020-13-01T00:00:00Z'> | |                           | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq guid'123'> |              |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq X'0'>   |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq X'zz'>  |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq 1.2.3>  |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq 99999999999999999999L> |  |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v eq null>   |                 |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<startswith(v,'a')> |           |                                   | 400 InvalidInput
            GET    | /{t}()?$filter=<v add 1 eq 2> |                |                                   | 400 InvalidInput
            GET    | /{t}()?$filter={deep}        |                 |                                   | 400 InvalidInput
            PATCH  | /{t}()                       |                 | {"v":1}                           | 405 MethodNotAllowed
            PUT    | /{t}                         |                 | {"v":1}                           | 405 MethodNotAllowed
            DELETE | /{t}                         |                 |                                   | 405 MethodNotAllowed
            GET    | /{t}(PartitionKey='p')       |                 |                                   | 400 InvalidInput
            GET    | /{t}(RowKey='r')             |                 |                                   | 400 InvalidInput
            GET    | /{t}('p','r')                |                 |                                   | 400 InvalidInput
            GET    | /{t}(PartitionKey=p,RowKey=r) |                |                                   | 400 InvalidInput
            GET    | /{t}(PartitionKey='p',RowKey='r' |             |                                   | 400 InvalidInput
            GET    | /{t}(PartitionKey='p',PartitionKey='p') |      |                                   | 400 InvalidInput
            GET    | /{t}(PartitionKey='p',RowKey='a'b') |          |                                   | 400 InvalidInput
            GET    | /{t}/more                    |                 |                                   | 400 InvalidUri
            GET    | /a-b                         |                 |                                   | 400 InvalidResourceName
            GET    | /{t}?comp=nonsense           |                 |                                   | 400 InvalidQueryParameterValue
            DELETE | /{t}?comp=acl                |                 |                                   | 405 MethodNotAllowed
            PUT    | /{t}?comp=acl                |                 | <Signed>                          | 400 InvalidXmlDocument
            PUT    | /{t}?comp=acl                |                 | <Policies/>                       | 400 InvalidXmlDocument
            PUT    | /{t}?comp=acl                |                 | ACL <Id></Id>                     | 400 InvalidXmlNodeValue
            PUT    | /{t}?comp=acl                |                 | ACL <Id>a</Id><AccessPolicy><Permission>x</Permission></AccessPolicy> | 400 InvalidXmlNodeValue
            PUT    | /{t}?comp=acl                |                 | ACL <Id>a</Id><AccessPolicy><Start>soon</Start></AccessPolicy> | 400 InvalidXmlNodeValue
            PUT    | ?restype=service&comp=properties |             | <Nonsense/>                       | 400 InvalidXmlDocument
            GET    | ?comp=properties             |                 |                                   | 400 MissingRequiredQueryParameter
            GET    | ?restype=service&comp=nonsense |               |                                   | 400 InvalidQueryParameterValue
            POST   | /{t}                         |                 |                                   | 400 InvalidInput
            POST   | /{t}                         |                 | hello                             | 400 InvalidInput
            POST   | /{t}                         |                 | []                                | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS                             | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS}}                           | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v":}                       | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v":01}                     | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v":NaN}                    | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v":[1]}                    | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v":{"w":1}}                | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v":"{NUL}"}                | 400 InvalidInput
            POST   | /{t}                         |                 | {"RowKey":"n"}                    | 400 PropertiesNeedValue
            POST   | /{t}                         |                 | {"PartitionKey":"n"}              | 400 PropertiesNeedValue
            POST   | /{t}                         |                 | {"PartitionKey":null,"RowKey":"n"} | 400 PropertiesNeedValue
            POST   | /{t}                         |                 | {"PartitionKey":1,"RowKey":"n"}   | 400 InvalidInput
            POST   | /{t}                         |                 | {"PartitionKey":"a/b","RowKey":"n"} | 400 OutOfRangeInput
            POST   | /{t}                         |                 | {"PartitionKey":"a\\\\b","RowKey":"n"} | 400 OutOfRangeInput
            POST   | /{t}                         |                 | {"PartitionKey":"a#b","RowKey":"n"} | 400 OutOfRangeInput
            POST   | /{t}                         |                 | {"PartitionKey":"n","RowKey":"a?b"} | 400 OutOfRangeInput
            POST   | /{t}                         |                 | {"PartitionKey":"n","RowKey":"a\\tb"} | 400 OutOfRangeInput
            POST   | /{t}                         |                 | {"PartitionKey":"n","RowKey":"a\\u0000b"} | 400 OutOfRangeInput
            POST   | /{t}                         |                 | {"PartitionKey":"n","RowKey":"a\\u007fb"} | 400 OutOfRangeInput
            POST   | /{t}                         |                 | {"PartitionKey":"n","RowKey":"a\\u0085b"} | 400 OutOfRangeInput
            POST   | /{t}                         |                 | {"PartitionKey":"{513}","RowKey":"n"} | 400 PropertyValueTooLarge
            POST   | /{t}                         |                 | {"PartitionKey":"n","RowKey":"{513}"} | 400 PropertyValueTooLarge
            POST   | /{t}                         |                 | {KEYS,"":1}                       | 400 PropertyNameInvalid
            POST   | /{t}                         |                 | {KEYS,"1a":1}                     | 400 PropertyNameInvalid
            POST   | /{t}                         |                 | {KEYS,"a-b":1}                    | 400 PropertyNameInvalid
            POST   | /{t}                         |                 | {KEYS,"a b":1}                    | 400 PropertyNameInvalid
            POST   | /{t}                         |                 | {KEYS,"a.b":1}                    | 400 PropertyNameInvalid
            POST   | /{t}                         |                 | {KEYS,"a/b":1}                    | 400 PropertyNameInvalid
            POST   | /{t}                         |                 | {KEYS,"{256}":1}                  | 400 PropertyNameTooLong
            POST   | /{t}                         |                 | {KEYS,"v":1,"v":2}                | 400 DuplicatePropertiesSpecified
            POST   | /{t}                         |                 | {KEYS,"RowKey":"m"}               | 400 DuplicatePropertiesSpecified
            POST   | /{t}                         |                 | {KEYS,"v":"{32K}x"}               | 400 PropertyValueTooLarge
            POST   | /{t}                         |                 | {KEYS,"v@odata.type":"Edm.Binary","v":"{65537}"} | 400 PropertyValueTooLarge
            POST   | /{t}                         |                 | {KEYS,MANY}                       | 400 TooManyProperties
            POST   | /{t}                         |                 | {KEYS,"v@odata.type":"Edm.Decimal","v":"1"} | 400 InvalidValueType
            POST   | /{t}                         |                 | {KEYS,"v@odata.type":"Edm.Int32","v":"x"} | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v@odata.type":"Edm.Int32","v":2147483648} | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v@odata.type":"Edm.Int64","v":"9223372036854775808"} | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v@odata.type":"Edm.Int64","v":"x"} | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v@odata.type":"Edm.Double","v":"x"} | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v@odata.type":"Edm.Boolean","v":"x"} | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v@odata.type":"Edm.Guid","v":"x"} | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v@odata.type":"Edm.Binary","v":"?"} | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v@odata.type":"Edm.DateTime","v":"soon"} | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v@odata.type":"Edm.DateTime","v":"2023-02-29T00:00:00Z"} | 400 InvalidInput
            POST   | /{t}                         |                 | {KEYS,"v@odata.type":"Edm.DateTime","v":"1600-12-31T23:59:59Z"} | 400 OutOfRangeInput
            POST   | /{t}                         |                 | {KEYS,"v@odata.type":5,"v":"1"}   | 400 InvalidInput
            POST   | /{t}                         | Content-Type: text/plain | {KEYS}                   | 415 MediaTypeNotSupported
            POST   | /{new}                       |                 | {KEYS}                            | 404 TableNotFound
            PUT    | {e}                          | If-Match: junk  | {"v":2}                           | 400 InvalidInput
            PUT    | {e}                          | If-Match: "a", "b" | {"v":2}                        | 400 InvalidInput
            PUT    | {e}                          | If-None-Match: * | {"v":2}                          | 400 InvalidInput
            MERGE  | {e}                          | If-None-Match: * | {"v":2}                          | 400 InvalidInput
            DELETE | {e}                          | If-None-Match: * |                                  | 400 InvalidInput
            DELETE | {e}                          |                 |                                   | 400 MissingRequiredHeader
            DELETE | {e}                          | If-Match: junk  |                                   | 400 InvalidInput
            PUT    | {e}                          | If-Match: *     | hello                             | 400 InvalidInput
            MERGE  | {e}                          | If-Match: *     | {"a-b":2}                         | 400 PropertyNameInvalid
            POST   | {e}                          |                 | {"v":2}                           | 405 MethodNotAllowed
            POST   | {e}                          | X-HTTP-Method: FETCH | {"v":2}                      | 400 XMethodIncorrectValue
            PUT    | {e}                          | X-HTTP-Method: MERGE | {"v":2}                      | 400 XMethodNotUsingPost
            PUT    | /{t}(PartitionKey='a%2Fb',RowKey='r') |        | {"v":2}                           | 400 OutOfRangeInput
            PUT    | /{t}(PartitionKey='p',RowKey='{513}') |        | {"v":2}                           | 400 PropertyValueTooLarge
            GET    | /{new}                       |                 |                                   | 404 TableNotFound
            PUT    | /{new}(PartitionKey='p',RowKey='r') |          | {"v":2}                           | 404 TableNotFound
            DELETE | /{new}(PartitionKey='p',RowKey='r') | If-Match: * |                                | 404 TableNotFound
            GET    | {e}                          | x-ms-version: tomorrow |                            | 400 InvalidHeaderValue
            """;

    private static final Pattern ESCAPED = Pattern.compile("<([^>]*)>");

    private WrongTableInputCases() {}

    static List<Case> all() {
        return WrongInput.all(TABLE).stream().map(input -> new Case(input.promise(), f -> check(f, input))).toList();
    }

    private static void check(TableFixture f, WrongInput input) {
        String table = f.shared("one entity", (fixture, name) -> fixture.insert(name, "p", "r", "\"v\":1").is(204));
        String before = f.get("/" + table).is(200).body();
        String filled = input.path().replace("{t}", table).replace("{new}", "NoTableHasThisName").replace("{e}", TableFixture.path(table, "p", "r"))
                .replace("{513}", "x".repeat(513)).replace("{deep}", "(".repeat(1000) + "v%20eq%201" + ")".repeat(1000));
        filled = ESCAPED.matcher(filled).replaceAll(match -> Matcher.quoteReplacement(PercentCoding.encode(match.group(1))));
        String body = body(input.body());
        Map<String, String> headers = input.headers();
        if (body.startsWith("<")) {
            headers.putIfAbsent("Content-Type", "application/xml");
        }
        f.send(input.method(), filled, headers, body).is(input.status(), input.code());
        assertEquals(before, f.get("/" + table).is(200).body());
    }

    private static String body(String text) {
        String expanded = text;
        if (text.startsWith("ACL ")) {
            expanded = "<SignedIdentifiers><SignedIdentifier>" + text.substring(4) + "</SignedIdentifier></SignedIdentifiers>";
        }
        return expanded.replace("KEYS", "\"PartitionKey\":\"n\",\"RowKey\":\"n\"")
                .replace("MANY", IntStream.range(0, 253).mapToObj(i -> "\"p" + i + "\":" + i).collect(Collectors.joining(",")))
                .replace("{64}", "a".repeat(64)).replace("{256}", "n".repeat(256)).replace("{513}", "x".repeat(513))
                .replace("{32K}", "x".repeat(32 * 1024)).replace("{65537}", "A".repeat(65_537 / 3 * 4) + "AAA=").replace("{NUL}", "\u0000");
    }
}
