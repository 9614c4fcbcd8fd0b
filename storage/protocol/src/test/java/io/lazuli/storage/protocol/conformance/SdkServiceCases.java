package io.lazuli.storage.protocol.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.core.http.rest.PagedResponse;
import com.azure.core.http.rest.Response;
import com.azure.core.util.Context;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueServiceClient;
import com.azure.storage.queue.models.QueueAccessPolicy;
import com.azure.storage.queue.models.QueueAnalyticsLogging;
import com.azure.storage.queue.models.QueueCorsRule;
import com.azure.storage.queue.models.QueueItem;
import com.azure.storage.queue.models.QueueMetrics;
import com.azure.storage.queue.models.QueueRetentionPolicy;
import com.azure.storage.queue.models.QueueServiceProperties;
import com.azure.storage.queue.models.QueueSignedIdentifier;
import com.azure.storage.queue.models.QueuesSegmentOptions;
import io.lazuli.storage.protocol.conformance.QueueServiceConformance.Case;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Accounts and queues through the official SDK. */
final class SdkServiceCases {

    private static final Map<String, String> COLOR = Map.of("Color", "blue");

    private SdkServiceCases() {}

    static List<Case> all() {
        return List.of(
                new Case("create answers 201 for a new queue", f -> assertEquals(201, create(f, f.freeName(), null).getStatusCode())),
                new Case("create answers 204 for a queue with the same metadata", f -> assertEquals(204, create(f, twice(f, COLOR), COLOR).getStatusCode())),
                new Case("create answers 409 for a queue with other metadata", f -> Expect.error(409, "QueueAlreadyExists", () -> create(f, twice(f, COLOR), Map.of("Color", "red")))),
                new Case("create answers 409 for a queue that has metadata where none is asked", f -> Expect.error(409, "QueueAlreadyExists", () -> create(f, twice(f, COLOR), null))),
                new Case("createIfNotExists is content with what exists", f -> assertEquals(204, f.queue().createIfNotExistsWithResponse(null, null, Context.NONE).getStatusCode())),
                new Case("createIfNotExists tells that a queue with other metadata exists", f -> assertFalse(f.service().getQueueClient(twice(f, COLOR)).createIfNotExists())),
                new Case("delete answers 204", f -> assertEquals(204, f.queue().deleteWithResponse(null, Context.NONE).getStatusCode())),
                new Case("delete of no queue answers 404", f -> Expect.error(404, "QueueNotFound", () -> f.service().deleteQueue(f.freeName()))),
                new Case("deleteIfExists of no queue is quiet", f -> assertFalse(f.service().getQueueClient(f.freeName()).deleteIfExists())),
                new Case("a deleted queue can be created anew and is empty", SdkServiceCases::createAnew),
                new Case("metadata is answered as it was set", SdkServiceCases::metadata),
                new Case("setting no metadata removes it", SdkServiceCases::noMetadata),
                new Case("metadata of no queue answers 404", f -> Expect.error(404, "QueueNotFound", () -> f.service().getQueueClient(f.freeName()).getProperties())),
                new Case("setting metadata of no queue answers 404", f -> Expect.error(404, "QueueNotFound", () -> f.service().getQueueClient(f.freeName()).setMetadata(COLOR))),
                new Case("properties tell the number of messages, hidden ones too", SdkServiceCases::approximateCount),
                new Case("list finds by prefix, in order", SdkServiceCases::listByPrefix),
                new Case("list pages through with markers", SdkServiceCases::listPages),
                new Case("list includes metadata only when asked", SdkServiceCases::listMetadata),
                new Case("list of a prefix that nothing has is empty", f -> assertEquals(List.of(), names(f, f.freeName()))),
                new Case("access policies are answered as they were set", SdkServiceCases::accessPolicies),
                new Case("five access policies are allowed, six are not", SdkServiceCases::tooManyPolicies),
                new Case("access policies of no queue answer 404", f -> Expect.error(404, "QueueNotFound", () -> f.service().getQueueClient(f.freeName()).getAccessPolicy().stream().count())),
                new Case("service properties are answered as they were set", SdkServiceCases::serviceProperties),
                new Case("service properties left out stay as they are", SdkServiceCases::partialServiceProperties),
                new Case("six CORS rules are refused", SdkServiceCases::tooManyCorsRules),
                new Case("statistics are not for the primary location", f -> Expect.error(400, "InvalidQueryParameterValue", () -> f.service().getStatistics())),
                new Case("the secondary location answers reads", SdkServiceCases::secondaryReads),
                new Case("the secondary location refuses writes", SdkServiceCases::secondaryWrites),
                new Case("name with capitals is refused", f -> Expect.error(400, "InvalidResourceName", () -> f.service().createQueue("Capitals"))),
                new Case("name of two characters is refused", f -> Expect.error(400, "OutOfRangeInput", () -> f.service().createQueue("ab"))),
                new Case("name of 64 characters is refused", f -> Expect.error(400, "OutOfRangeInput", () -> f.service().createQueue("a".repeat(64)))),
                new Case("names of 3 and 63 characters are allowed", SdkServiceCases::extremeNames));
    }

    private static Response<QueueClient> create(Fixture f, String name, Map<String, String> metadata) {
        return f.service().createQueueWithResponse(name, metadata, null, Context.NONE);
    }

    private static String twice(Fixture f, Map<String, String> metadata) {
        String name = f.freeName();
        create(f, name, metadata);
        return name;
    }

    private static void createAnew(Fixture f) {
        QueueClient queue = f.queue();
        queue.sendMessage("old");
        queue.delete();
        f.await("the name is free again", () -> queue.createIfNotExists());
        assertEquals(0, queue.getProperties().getApproximateMessagesCount());
    }

    private static void metadata(Fixture f) {
        QueueClient queue = f.queue();
        queue.setMetadata(Map.of("color", "blue and green", "_size1", "3"));
        assertEquals(Map.of("color", "blue and green", "_size1", "3"), queue.getProperties().getMetadata());
    }

    private static void noMetadata(Fixture f) {
        String name = twice(f, COLOR);
        f.service().getQueueClient(name).setMetadata(null);
        assertEquals(Map.of(), f.service().getQueueClient(name).getProperties().getMetadata());
    }

    private static void approximateCount(Fixture f) {
        QueueClient queue = f.queue();
        for (int i = 0; i < 3; i++) {
            queue.sendMessage("m" + i);
        }
        queue.receiveMessage();
        assertEquals(3, queue.getProperties().getApproximateMessagesCount());
    }

    private static void listByPrefix(Fixture f) {
        String prefix = prefix();
        for (String end : List.of("b", "a", "c")) {
            f.service().createQueue(f.owned(prefix + end));
        }
        assertEquals(List.of(prefix + "a", prefix + "b", prefix + "c"), names(f, prefix));
    }

    private static void listPages(Fixture f) {
        String prefix = prefix();
        List<String> created = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            created.add(f.owned(prefix + i));
            f.service().createQueue(prefix + i);
        }
        List<String> listed = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        QueuesSegmentOptions options = new QueuesSegmentOptions().setPrefix(prefix).setMaxResultsPerPage(3);
        for (PagedResponse<QueueItem> page : f.service().listQueues(options, null, Context.NONE).iterableByPage()) {
            sizes.add(page.getValue().size());
            page.getValue().forEach(item -> listed.add(item.getName()));
        }
        assertEquals(created, listed);
        assertEquals(List.of(3, 3, 1), sizes);
    }

    private static void listMetadata(Fixture f) {
        String name = twice(f, COLOR);
        QueuesSegmentOptions options = new QueuesSegmentOptions().setPrefix(name);
        assertEquals(COLOR, f.service().listQueues(options.setIncludeMetadata(true), null, Context.NONE).iterator().next().getMetadata());
        Map<String, String> without = f.service().listQueues(options.setIncludeMetadata(false), null, Context.NONE).iterator().next().getMetadata();
        assertTrue(without == null || without.isEmpty());
    }

    private static void accessPolicies(Fixture f) {
        QueueClient queue = f.queue();
        OffsetDateTime start = OffsetDateTime.parse("2024-01-02T03:04:05Z");
        queue.setAccessPolicy(List.of(
                new QueueSignedIdentifier().setId("whole").setAccessPolicy(
                        new QueueAccessPolicy().setStartsOn(start).setExpiresOn(start.plusDays(1)).setPermissions("raup")),
                new QueueSignedIdentifier().setId("bare").setAccessPolicy(new QueueAccessPolicy().setPermissions("r"))));
        List<QueueSignedIdentifier> policies = queue.getAccessPolicy().stream().toList();
        assertEquals(List.of("whole", "bare"), policies.stream().map(QueueSignedIdentifier::getId).toList());
        assertEquals(start, policies.get(0).getAccessPolicy().getStartsOn());
        assertEquals(start.plusDays(1), policies.get(0).getAccessPolicy().getExpiresOn());
        assertEquals("raup", policies.get(0).getAccessPolicy().getPermissions());
        queue.setAccessPolicy(List.of());
        assertEquals(0, queue.getAccessPolicy().stream().count());
    }

    private static void tooManyPolicies(Fixture f) {
        QueueClient queue = f.queue();
        List<QueueSignedIdentifier> policies = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            policies.add(new QueueSignedIdentifier().setId("p" + i).setAccessPolicy(new QueueAccessPolicy().setPermissions("r")));
        }
        queue.setAccessPolicy(policies);
        policies.add(new QueueSignedIdentifier().setId("p5").setAccessPolicy(new QueueAccessPolicy().setPermissions("r")));
        Expect.error(400, "InvalidXmlDocument", () -> queue.setAccessPolicy(policies));
        assertEquals(5, queue.getAccessPolicy().stream().count());
    }

    private static void serviceProperties(Fixture f) {
        QueueServiceProperties before = f.service().getProperties();
        try {
            QueueRetentionPolicy week = new QueueRetentionPolicy().setEnabled(true).setDays(7);
            f.service().setProperties(new QueueServiceProperties()
                    .setAnalyticsLogging(new QueueAnalyticsLogging().setVersion("1.0").setDelete(true).setRead(false).setWrite(true).setRetentionPolicy(week))
                    .setHourMetrics(new QueueMetrics().setVersion("1.0").setEnabled(true).setIncludeApis(true).setRetentionPolicy(week))
                    .setMinuteMetrics(new QueueMetrics().setVersion("1.0").setEnabled(false).setRetentionPolicy(new QueueRetentionPolicy().setEnabled(false)))
                    .setCors(List.of(corsRule("http://a.example,http://b.example"), corsRule("*"))));
            QueueServiceProperties after = f.service().getProperties();
            assertTrue(after.getAnalyticsLogging().isDelete());
            assertFalse(after.getAnalyticsLogging().isRead());
            assertEquals(7, after.getAnalyticsLogging().getRetentionPolicy().getDays());
            assertTrue(after.getHourMetrics().isEnabled() && after.getHourMetrics().isIncludeApis());
            assertFalse(after.getMinuteMetrics().isEnabled());
            assertEquals("http://a.example,http://b.example", after.getCors().get(0).getAllowedOrigins());
            assertEquals(60, after.getCors().get(1).getMaxAgeInSeconds());
        } finally {
            f.service().setProperties(before);
        }
    }

    private static void partialServiceProperties(Fixture f) {
        QueueServiceProperties before = f.service().getProperties();
        try {
            f.service().setProperties(new QueueServiceProperties().setCors(List.of(corsRule("http://a.example"))));
            f.service().setProperties(new QueueServiceProperties().setHourMetrics(
                    new QueueMetrics().setVersion("1.0").setEnabled(false).setRetentionPolicy(new QueueRetentionPolicy().setEnabled(true).setDays(3))));
            assertEquals(1, f.service().getProperties().getCors().size());
            assertEquals(3, f.service().getProperties().getHourMetrics().getRetentionPolicy().getDays());
        } finally {
            f.service().setProperties(before);
        }
    }

    private static void tooManyCorsRules(Fixture f) {
        List<QueueCorsRule> rules = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            rules.add(corsRule("http://" + i + ".example"));
        }
        Expect.error(400, "InvalidXmlDocument", () -> f.service().setProperties(new QueueServiceProperties().setCors(rules)));
    }

    static QueueCorsRule corsRule(String origins) {
        return new QueueCorsRule().setAllowedOrigins(origins).setAllowedMethods("GET,PUT").setAllowedHeaders("x-ms-*,content-type")
                .setExposedHeaders("x-ms-request-id,x-ms-meta-*").setMaxAgeInSeconds(60);
    }

    private static QueueServiceClient secondary(Fixture f) {
        return Fixture.sdk(f.target()).endpoint(f.target().queueEndpoint().orElseThrow() + "-secondary").buildClient();
    }

    private static void secondaryReads(Fixture f) {
        QueueClient queue = f.queue();
        queue.sendMessage("seen");
        assertEquals("seen", secondary(f).getQueueClient(queue.getQueueName()).peekMessage().getBody().toString());
    }

    private static void secondaryWrites(Fixture f) {
        QueueClient queue = secondary(f).getQueueClient(f.queue().getQueueName());
        Expect.error(403, "InsufficientAccountPermissions", () -> queue.sendMessage("refused"));
    }

    private static void extremeNames(Fixture f) {
        String three = "z" + Integer.toString((int) (System.nanoTime() & 0x3ff) % 1296 + 1296, 36).substring(0, 2);
        f.service().getQueueClient(f.owned(three)).createIfNotExists();
        assertThrows(RuntimeException.class, () -> f.service().createQueue(three + "-"));
        f.service().createQueue(f.owned(prefix() + "b".repeat(63 - prefix().length())));
    }

    private static List<String> names(Fixture f, String prefix) {
        return f.service().listQueues(new QueuesSegmentOptions().setPrefix(prefix), Duration.ofSeconds(30), Context.NONE).stream().map(QueueItem::getName).toList();
    }

    private static String prefix() {
        return "list-" + UUID.randomUUID().toString().substring(0, 13) + "-";
    }
}
