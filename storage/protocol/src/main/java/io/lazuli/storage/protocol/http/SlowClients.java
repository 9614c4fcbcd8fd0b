package io.lazuli.storage.protocol.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which clients lose their connection so that others get memory. What is streamed is held in memory while a client does not take it, or does not
 * send the rest; nothing can be done about that but to end it, and nothing needs to be done while there is enough for all. So when transfers
 * wait for memory, those clients that have moved nothing for {@code slow-after} are cut, the longest idle first, some at each sweep, until nobody waits.
 */
final class SlowClients {

    /** Fewer bytes that a client sends are no sign of life. */
    static final int STEP_BYTES = 64 * 1024;

    /** At one sweep of one event loop: some MiB in all, before it is seen whether more is needed. */
    static final int MAX_CUT = 16;

    private static final Logger log = LoggerFactory.getLogger(SlowClients.class);

    private record Slow(Exchange exchange, long sinceNanos) {}

    private SlowClients() {}

    /** @param beforeNanos who has moved something since then stays */
    static List<Exchange> toCut(Collection<Exchange> underWay, long beforeNanos) {
        List<Slow> slow = new ArrayList<>();
        for (Exchange exchange : underWay) {
            exchange.slowSinceNanos().ifPresent(since -> {
                if (since - beforeNanos <= 0) {
                    slow.add(new Slow(exchange, since));
                }
            });
        }
        if (slow.isEmpty()) {
            return List.of();
        }
        log.info("transfers wait for memory; of {} clients that do not move their bytes {} are cut", slow.size(), Math.min(MAX_CUT, slow.size()));
        return slow.stream().sorted(Comparator.comparingLong(client -> client.sinceNanos - beforeNanos)).limit(MAX_CUT)
                .map(Slow::exchange).toList();
    }
}
