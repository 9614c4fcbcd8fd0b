package io.lazuli.storage.protocol.conformance;

import io.lazuli.storage.partition.AccessPolicy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.models.SendMessageResult;
import io.lazuli.security.PercentCoding;
import io.lazuli.storage.protocol.conformance.QueueServiceConformance.Case;
import java.util.List;
import java.util.Map;

/**
 * Wrong input gets the documented error and changes nothing. Columns: method, path, headers, body, status and code. In
 * paths, {@code {q}} is a queue with one message, {@code {m}} that message's id, {@code {p}} its pop receipt, {@code {new}} a
 * name that no queue has; in bodies {@code {64K}} is that much text.
 */
final class WrongInputCases {

    private static final String TABLE = """
            GET     | ?                                                         |                          |                 | 400 MissingRequiredQueryParameter
            GET     | ?comp=nonsense                                            |                          |                 | 400 InvalidQueryParameterValue
            GET     | ?comp=properties                                          |                          |                 | 400 MissingRequiredQueryParameter
            GET     | ?restype=container&comp=properties                        |                          |                 | 400 InvalidQueryParameterValue
            PUT     | ?comp=list                                                |                          |                 | 405 UnsupportedHttpVerb
            DELETE  | ?restype=service&comp=properties                          |                          |                 | 405 UnsupportedHttpVerb
            PUT     | ?restype=service&comp=stats                               |                          |                 | 405 UnsupportedHttpVerb
            GET     | ?comp=list&maxresults=0                                   |                          |                 | 400 OutOfRangeQueryParameterValue
            GET     | ?comp=list&maxresults=-1                                  |                          |                 | 400 OutOfRangeQueryParameterValue
            GET     | ?comp=list&maxresults=ten                                 |                          |                 | 400 InvalidQueryParameterValue
            GET     | ?comp=list&maxresults=                                    |                          |                 | 400 InvalidQueryParameterValue
            GET     | ?comp=list&maxresults=99999999999                         |                          |                 | 400 InvalidQueryParameterValue
            GET     | ?comp=list&include=everything                             |                          |                 | 400 InvalidQueryParameterValue
            GET     | ?comp=list                                                | x-ms-version: tomorrow   |                 | 400 InvalidHeaderValue
            GET     | ?comp=list                                                | x-ms-version: 2021-13-01 |                 | 400 InvalidHeaderValue
            GET     | ?comp=list                                                | x-ms-version: 1999-01-01 |                 | 400 InvalidHeaderValue
            GET     | ?comp=list                                                | If-Match: *              |                 | 400 ConditionHeadersNotSupported
            GET     | /{q}?comp=metadata                                        | If-None-Match: "x"       |                 | 400 ConditionHeadersNotSupported
            PUT     | /{q}?comp=metadata                                        | If-Modified-Since: Fri, 26 Jun 2015 23:39:12 GMT | | 400 ConditionHeadersNotSupported
            PUT     | /ab                                                       |                          |                 | 400 OutOfRangeInput
            PUT     | /Capital                                                  |                          |                 | 400 InvalidResourceName
            PUT     | /-hyphen                                                  |                          |                 | 400 InvalidResourceName
            PUT     | /hyphen-                                                  |                          |                 | 400 InvalidResourceName
            PUT     | /two--hyphens                                             |                          |                 | 400 InvalidResourceName
            PUT     | /under_score                                              |                          |                 | 400 InvalidResourceName
            PUT     | /dot.dot                                                  |                          |                 | 400 InvalidResourceName
            PUT     | /a%20blank                                                |                          |                 | 400 InvalidResourceName
            PUT     | /a%2Fslash                                                |                          |                 | 400 InvalidResourceName
            PUT     | /%C3%A9t%C3%A9                                            |                          |                 | 400 InvalidResourceName
            PUT     | /%C3                                                      |                          |                 | 400 RequestUrlFailedToParse
            PUT     | /{q}?comp=nonsense                                        |                          |                 | 400 InvalidQueryParameterValue
            GET     | /{q}                                                      |                          |                 | 400 MissingRequiredQueryParameter
            POST    | /{q}                                                      |                          |                 | 405 UnsupportedHttpVerb
            POST    | /{q}?comp=metadata                                        |                          |                 | 405 UnsupportedHttpVerb
            DELETE  | /{q}?comp=acl                                             |                          |                 | 405 UnsupportedHttpVerb
            PATCH   | /{q}                                                      |                          |                 | 405 UnsupportedHttpVerb
            GET     | /{q}/nonsense                                             |                          |                 | 400 InvalidUri
            GET     | /{q}/messages/{m}/more                                    |                          |                 | 400 InvalidUri
            GET     | //messages                                                |                          |                 | 400 OutOfRangeInput
            PUT     | /{new}                                                    | x-ms-meta-: x            |                 | 400 EmptyMetadataKey
            PUT     | /{new}                                                    | x-ms-meta-1a: x          |                 | 400 InvalidMetadata
            PUT     | /{new}                                                    | x-ms-meta-a-b: x         |                 | 400 InvalidMetadata
            PUT     | /{new}                                                    | x-ms-meta-a.b: x         |                 | 400 InvalidMetadata
            PUT     | /{new}                                                    | x-ms-meta-a: {8K}        |                 | 400 MetadataTooLarge
            PUT     | /{q}?comp=metadata                                        | x-ms-meta-a: {8K}        |                 | 400 MetadataTooLarge
            PUT     | /{new}?comp=metadata                                      | x-ms-meta-a: x           |                 | 404 QueueNotFound
            GET     | /{new}?comp=metadata                                      |                          |                 | 404 QueueNotFound
            GET     | /{new}?comp=acl                                           |                          |                 | 404 QueueNotFound
            DELETE  | /{new}                                                    |                          |                 | 404 QueueNotFound
            GET     | /{new}/messages                                           |                          |                 | 404 QueueNotFound
            PUT     | /{q}/messages                                             |                          |                 | 405 UnsupportedHttpVerb
            POST    | /{q}/messages/{m}                                         |                          |                 | 405 UnsupportedHttpVerb
            GET     | /{q}/messages?numofmessages=0                             |                          |                 | 400 OutOfRangeQueryParameterValue
            GET     | /{q}/messages?numofmessages=33                            |                          |                 | 400 OutOfRangeQueryParameterValue
            GET     | /{q}/messages?numofmessages=x                             |                          |                 | 400 InvalidQueryParameterValue
            GET     | /{q}/messages?numofmessages=1.5                           |                          |                 | 400 InvalidQueryParameterValue
            GET     | /{q}/messages?numofmessages=%2B1                          |                          |                 | 400 InvalidQueryParameterValue
            GET     | /{q}/messages?visibilitytimeout=0                         |                          |                 | 400 OutOfRangeQueryParameterValue
            GET     | /{q}/messages?visibilitytimeout=604801                    |                          |                 | 400 OutOfRangeQueryParameterValue
            GET     | /{q}/messages?visibilitytimeout=7201                      | x-ms-version: 2009-09-19 |                 | 400 OutOfRangeQueryParameterValue
            GET     | /{q}/messages?visibilitytimeout=-1                        |                          |                 | 400 OutOfRangeQueryParameterValue
            GET     | /{q}/messages?peekonly=maybe                              |                          |                 | 400 InvalidQueryParameterValue
            GET     | /{q}/messages?peekonly=true&numofmessages=0               |                          |                 | 400 OutOfRangeQueryParameterValue
            POST    | /{q}/messages?visibilitytimeout=-1                        |                          | MSG             | 400 OutOfRangeQueryParameterValue
            POST    | /{q}/messages?visibilitytimeout=604801                    |                          | MSG             | 400 OutOfRangeQueryParameterValue
            POST    | /{q}/messages?visibilitytimeout=soon                      |                          | MSG             | 400 InvalidQueryParameterValue
            POST    | /{q}/messages?visibilitytimeout=5                         | x-ms-version: 2009-09-19 | MSG             | 400 UnsupportedQueryParameter
            POST    | /{q}/messages?messagettl=0                                |                          | MSG             | 400 InvalidQueryParameterValue
            POST    | /{q}/messages?messagettl=-2                               |                          | MSG             | 400 InvalidQueryParameterValue
            POST    | /{q}/messages?messagettl=ever                             |                          | MSG             | 400 InvalidQueryParameterValue
            POST    | /{q}/messages?messagettl=-1                               | x-ms-version: 2017-04-17 | MSG             | 400 OutOfRangeQueryParameterValue
            POST    | /{q}/messages?messagettl=604801                           | x-ms-version: 2017-04-17 | MSG             | 400 OutOfRangeQueryParameterValue
            POST    | /{q}/messages?messagettl=10&visibilitytimeout=10          |                          | MSG             | 400 InvalidQueryParameterValue
            POST    | /{q}/messages?visibilitytimeout=604800                    |                          | MSG             | 400 InvalidQueryParameterValue
            POST    | /{q}/messages                                             |                          |                 | 400 InvalidXmlDocument
            POST    | /{q}/messages                                             |                          | hello           | 400 InvalidXmlDocument
            POST    | /{q}/messages                                             |                          | {"a": 1}        | 400 InvalidXmlDocument
            POST    | /{q}/messages                                             |                          | <QueueMessage/> | 400 MissingRequiredXmlNode
            POST    | /{q}/messages                                             |                          | <Message><MessageText>x</MessageText></Message> | 400 InvalidXmlDocument
            POST    | /{q}/messages                                             |                          | <QueueMessage><MessageText>x</MessageText> | 400 InvalidXmlDocument
            POST    | /{q}/messages                                             |                          | <QueueMessage><MessageText>x</QueueMessage></MessageText> | 400 InvalidXmlDocument
            POST    | /{q}/messages                                             |                          | <QueueMessage><MessageText><b>x</b></MessageText></QueueMessage> | 400 InvalidXmlDocument
            POST    | /{q}/messages                                             |                          | <QueueMessage><MessageText>&#0;</MessageText></QueueMessage> | 400 InvalidXmlDocument
            POST    | /{q}/messages                                             |                          | <QueueMessage><MessageText>{NUL}</MessageText></QueueMessage> | 400 InvalidXmlDocument
            POST    | /{q}/messages                                             |                          | <QueueMessage><MessageText>&bomb;</MessageText></QueueMessage> | 400 InvalidXmlDocument
            POST    | /{q}/messages                                             |                          | <!DOCTYPE QueueMessage [<!ENTITY x SYSTEM "file:///etc/passwd">]><QueueMessage><MessageText>&x;</MessageText></QueueMessage> | 400 InvalidXmlDocument
            POST    | /{q}/messages                                             |                          | <QueueMessage><MessageText>{64K}x</MessageText></QueueMessage> | 413 RequestBodyTooLarge
            POST    | /{q}/messages                                             |                          | <QueueMessage><MessageText>{64K}{64K}{64K}{64K}{64K}{64K}{64K}</MessageText></QueueMessage> | 413 RequestBodyTooLarge
            POST    | /{q}/messages                                             | x-ms-version: 2009-09-19 | <QueueMessage><MessageText>{8K}x</MessageText></QueueMessage> | 400 MessageTooLarge
            PUT     | /{q}/messages/{m}?visibilitytimeout=1                     |                          | MSG             | 400 MissingRequiredQueryParameter
            PUT     | /{q}/messages/{m}?popreceipt={p}                          |                          | MSG             | 400 MissingRequiredQueryParameter
            PUT     | /{q}/messages/{m}?popreceipt=&visibilitytimeout=1         |                          | MSG             | 400 MissingRequiredQueryParameter
            PUT     | /{q}/messages/{m}?popreceipt={p}&visibilitytimeout=-1     |                          | MSG             | 400 OutOfRangeQueryParameterValue
            PUT     | /{q}/messages/{m}?popreceipt={p}&visibilitytimeout=604801 |                          | MSG             | 400 OutOfRangeQueryParameterValue
            PUT     | /{q}/messages/{m}?popreceipt={p}&visibilitytimeout=x      |                          | MSG             | 400 InvalidQueryParameterValue
            PUT     | /{q}/messages/{m}?popreceipt={p}&visibilitytimeout=1      |                          | <QueueMessage>  | 400 InvalidXmlDocument
            PUT     | /{q}/messages/{m}?popreceipt={p}&visibilitytimeout=1      |                          | <QueueMessage><MessageText>{64K}x</MessageText></QueueMessage> | 413 RequestBodyTooLarge
            PUT     | /{q}/messages/{m}?popreceipt={p}&visibilitytimeout=1      | x-ms-version: 2009-09-19 | MSG             | 405 UnsupportedHttpVerb
            PUT     | /{q}/messages/no-message?popreceipt={p}&visibilitytimeout=1 |                        | MSG             | 404 MessageNotFound
            PUT     | /{new}/messages/{m}?popreceipt={p}&visibilitytimeout=1    |                          | MSG             | 404 QueueNotFound
            DELETE  | /{q}/messages/{m}                                         |                          |                 | 400 MissingRequiredQueryParameter
            DELETE  | /{q}/messages/{m}?popreceipt=                             |                          |                 | 400 MissingRequiredQueryParameter
            DELETE  | /{q}/messages/no-message?popreceipt={p}                   |                          |                 | 404 MessageNotFound
            DELETE  | /{q}/messages/{m}?popreceipt=not-a-receipt                |                          |                 | 400 PopReceiptMismatch
            PUT     | /{q}?comp=acl                                             |                          | <Signed>        | 400 InvalidXmlDocument
            PUT     | /{q}?comp=acl                                             |                          | <Policies/>     | 400 InvalidXmlDocument
            PUT     | /{q}?comp=acl                                             |                          | ACL <Id></Id>   | 400 InvalidXmlNodeValue
            PUT     | /{q}?comp=acl                                             |                          | ACL <AccessPolicy/> | 400 MissingRequiredXmlNode
            PUT     | /{q}?comp=acl                                             |                          | ACL <Id>a</Id><AccessPolicy><Permission>x</Permission></AccessPolicy> | 400 InvalidXmlNodeValue
            PUT     | /{q}?comp=acl                                             |                          | ACL <Id>a</Id><AccessPolicy><Start>soon</Start></AccessPolicy> | 400 InvalidXmlNodeValue
            PUT     | /{q}?comp=acl                                             |                          | ACL <Id>a</Id><AccessPolicy><Expiry>2024-13-01</Expiry></AccessPolicy> | 400 InvalidXmlNodeValue
            PUT     | ?restype=service&comp=properties                          |                          |                 | 400 InvalidXmlDocument
            PUT     | ?restype=service&comp=properties                          |                          | <Nonsense/>     | 400 InvalidXmlDocument
            PUT     | ?restype=service&comp=properties                          |                          | PROPS <Nonsense/> | 400 InvalidXmlDocument
            PUT     | ?restype=service&comp=properties                          |                          | PROPS <Logging/> | 400 MissingRequiredXmlNode
            PUT     | ?restype=service&comp=properties                          |                          | PROPS <HourMetrics><Version>1.0</Version><Enabled>maybe</Enabled></HourMetrics> | 400 InvalidXmlNodeValue
            PUT     | ?restype=service&comp=properties                          |                          | PROPS <HourMetrics><Version>9</Version><Enabled>false</Enabled></HourMetrics> | 400 InvalidXmlNodeValue
            PUT     | ?restype=service&comp=properties                          |                          | PROPS <HourMetrics><Version>1.0</Version><Enabled>false</Enabled><RetentionPolicy><Enabled>true</Enabled><Days>366</Days></RetentionPolicy></HourMetrics> | 400 InvalidXmlNodeValue
            PUT     | ?restype=service&comp=properties                          |                          | PROPS <HourMetrics><Version>1.0</Version><Enabled>true</Enabled></HourMetrics> | 400 MissingRequiredXmlNode
            PUT     | ?restype=service&comp=properties                          |                          | PROPS <Cors><CorsRule><AllowedOrigins>*</AllowedOrigins></CorsRule></Cors> | 400 MissingRequiredXmlNode
            PUT     | ?restype=service&comp=properties                          |                          | PROPS <Cors><CorsRule><AllowedOrigins>*</AllowedOrigins><AllowedMethods>FETCH</AllowedMethods><MaxAgeInSeconds>5</MaxAgeInSeconds></CorsRule></Cors> | 400 InvalidXmlNodeValue
            PUT     | ?restype=service&comp=properties                          |                          | PROPS <Cors><CorsRule><AllowedOrigins>*</AllowedOrigins><AllowedMethods>GET</AllowedMethods><MaxAgeInSeconds>-1</MaxAgeInSeconds></CorsRule></Cors> | 400 InvalidXmlNodeValue
            """;

    private WrongInputCases() {}

    static List<Case> all() {
        return WrongInput.all(TABLE).stream().map(input -> new Case(input.promise(), f -> check(f, input))).toList();
    }

    private static void check(Fixture f, WrongInput input) {
        QueueClient queue = f.queue();
        SendMessageResult message = queue.sendMessage("kept");
        String filled = input.path().replace("{q}", queue.getQueueName()).replace("{new}", f.freeName())
                .replace("{m}", message.getMessageId()).replace("{p}", PercentCoding.encode(message.getPopReceipt()));
        f.raw().send(input.method(), filled, input.headers(), body(input.body())).is(input.status(), input.code());
        assertEquals("kept", queue.peekMessage().getBody().toString());
        assertEquals(1, queue.getProperties().getApproximateMessagesCount());
        assertEquals(Map.of(), queue.getProperties().getMetadata());
        queue.deleteMessage(message.getMessageId(), message.getPopReceipt());
    }

    private static String body(String text) {
        String expanded = text.equals("MSG") ? "<QueueMessage><MessageText>x</MessageText></QueueMessage>" : text;
        if (text.startsWith("ACL ")) {
            expanded = "<SignedIdentifiers><SignedIdentifier>" + text.substring(4) + "</SignedIdentifier></SignedIdentifiers>";
        } else if (text.startsWith("PROPS ")) {
            expanded = "<StorageServiceProperties>" + text.substring(6) + "</StorageServiceProperties>";
        }
        return expanded.replace("{64K}", "x".repeat(64 * 1024)).replace("{8K}", "x".repeat(8 * 1024)).replace("{NUL}", "\u0000");
    }
}
