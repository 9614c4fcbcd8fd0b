package io.lazuli.storage.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.security.StorageService;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "absent", textBlock = """
            /acc1/q/messages | 127.0.0.1:10001                | acc1 | false | q,messages      | http://127.0.0.1:10001/acc1
            /acc1/q/messages | absent                         | acc1 | false | q,messages      | http:///acc1
            /acc1/q          | [::1]:10001                    | acc1 | false | q               | http://[::1]:10001/acc1
            /acc1/q          | localhost                      | acc1 | false | q               | http://localhost/acc1
            /acc1/q          | cloud.example.org              | acc1 | false | q               | http://cloud.example.org/acc1
            /acc1-secondary/q| localhost:1                    | acc1 | true  | q               | http://localhost:1/acc1-secondary
            /acc1/q          | acc2.table.example.org         | acc1 | false | q               | http://acc2.table.example.org/acc1
            /acc1/q          | acc2.queues.example.org        | acc1 | false | q               | http://acc2.queues.example.org/acc1
            /acc1/q          | acc2.queu.example.org          | acc1 | false | q               | http://acc2.queu.example.org/acc1
            /acc1/q          | no-account.queue.example.org   | acc1 | false | q               | http://no-account.queue.example.org/acc1
            /acc1/q          | acc2.queue                     | acc1 | false | q               | http://acc2.queue/acc1
            /acc1/q          | acc2.queue.                    | acc1 | false | q               | http://acc2.queue./acc1
            /q/messages      | acc2.queue.localhost:10001     | acc2 | false | q,messages      | http://acc2.queue.localhost:10001
            /acc1/q          | acc2.queue.core.example.org    | acc2 | false | acc1,q          | http://acc2.queue.core.example.org
            /q               | ACC2.Queue.localhost           | acc2 | false | q               | http://ACC2.Queue.localhost
            /q               | acc2-secondary.queue.localhost | acc2 | true  | q               | http://acc2-secondary.queue.localhost
            /                | acc2.queue.localhost           | acc2 | false | absent          | http://acc2.queue.localhost
            """)
    void hostOrPathNamesTheAccount(String path, String host, String account, boolean secondary, String segments, String endpoint) {
        RequestTarget target = RequestTarget.parse(path + "?comp=list", host, StorageService.QUEUE);
        assertEquals(account, target.account());
        assertEquals(secondary, target.secondary());
        assertEquals(segments == null ? List.of() : List.of(segments.split(",")), target.segments());
        assertEquals(endpoint, target.accountEndpoint(false));
        assertEquals(path, target.rawPath());
        assertEquals("list", target.query().first("comp"));
    }

    @Test
    void absoluteUriHasItsOwnHost() {
        RequestTarget target = RequestTarget.parse("http://acc2.queue.localhost:1/q", "acc3.queue.localhost", StorageService.QUEUE);
        assertEquals("acc2", target.account());
        assertEquals("http://acc2.queue.localhost:1", target.accountEndpoint(false));
    }

    @Test
    void segmentsAreSplitBeforeTheyAreUnescaped() {
        assertEquals(List.of("a/b", "c d", "", "e"), RequestTarget.parse("/acc1/a%2Fb/c%20d//e/", null, StorageService.QUEUE).segments());
    }

    @ParameterizedTest
    @ValueSource(strings = {"acc1/q", "http://host", "*", "", "/acc1/%zz", "/acc1/%C3"})
    void whatIsNoUriIsRefused(String uri) {
        assertThrows(IllegalArgumentException.class, () -> RequestTarget.parse(uri, null, StorageService.QUEUE));
    }

    @Test
    void tooManySegmentsAreRefused() {
        RequestTarget.parse("/acc1" + "/s".repeat(RequestTarget.MAX_SEGMENTS), null, StorageService.QUEUE);
        assertThrows(IllegalArgumentException.class,
                () -> RequestTarget.parse("/acc1" + "/s".repeat(RequestTarget.MAX_SEGMENTS + 1), null, StorageService.QUEUE));
    }

    @Test
    void webSitesHaveHostsOfTheirOwn() {
        for (String host : List.of("acc1.web.localhost:10000", "acc1.z1.web.localhost", "ACC1.Web.example.com")) {
            RequestTarget target = RequestTarget.parse("/a/b%20c?d", host, StorageService.BLOB);
            assertTrue(target.website(), host);
            assertEquals("acc1", target.account());
            assertEquals("a/b%20c", target.rawBelowAccount());
        }
        assertFalse(RequestTarget.parse("/acc1/a", "acc1.web.localhost", StorageService.QUEUE).website());
        assertFalse(RequestTarget.parse("/acc1/a", "acc1.blob.localhost", StorageService.BLOB).website());
    }
}
