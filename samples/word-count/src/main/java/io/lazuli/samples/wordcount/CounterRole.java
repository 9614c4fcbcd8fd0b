package io.lazuli.samples.wordcount;

import io.lazuli.role.RoleContext;
import io.lazuli.role.RoleQueue;
import io.lazuli.role.WorkerRole;
import java.time.Duration;
import java.util.List;

/**
 * Takes lines from one queue and puts each line's word counts to another. For every line the counts are put, durably,
 * <em>before</em> the line is deleted: whatever crashes in between, the line comes back and its counts are put once more,
 * never not at all. Whoever adds the counts up ({@link Totals}) takes each line's id once, so duplicates collapse.
 */
public final class CounterRole implements WorkerRole {

    private static final int MAX_BATCH = 16;
    private static final Duration IDLE = Duration.ofMillis(200);

    private RoleQueue lines;
    private RoleQueue totals;
    private Duration visibility;
    private Duration work;
    /** As many lines as this instance can work off before they are visible to others again, with a margin. */
    private int batchSize;

    @Override
    public void onStart(RoleContext context) {
        lines = context.queue(context.setting("lines-queue"));
        totals = context.queue(context.setting("totals-queue"));
        visibility = Duration.ofSeconds(Long.parseLong(context.setting("visibility-seconds")));
        work = Duration.ofMillis(Long.parseLong(context.setting("work-millis")));
        batchSize = (int) Math.clamp(visibility.toMillis() / 4 / Math.max(1, work.toMillis()), 1, MAX_BATCH);
        lines.createIfAbsent();
        totals.createIfAbsent();
    }

    @Override
    public void run(RoleContext context) throws InterruptedException {
        while (!context.stopping()) {
            long receivedAt = System.nanoTime();
            List<RoleQueue.Message> batch = lines.receive(batchSize, visibility);
            if (batch.isEmpty()) {
                context.pause(IDLE);
            }
            for (RoleQueue.Message message : batch) {
                boolean stillOurs = System.nanoTime() - receivedAt < visibility.toNanos() / 2;
                if (context.stopping() || !stillOurs) {
                    break;
                }
                count(message, context);
            }
        }
    }

    private void count(RoleQueue.Message message, RoleContext context) throws InterruptedException {
        try {
            TotalsMessage counted = TotalsMessage.of(LineMessage.parse(message.text()));
            if (work.isPositive() && !context.pause(work)) {
                return;
            }
            totals.put(counted.encode());
        } catch (IllegalArgumentException e) {
            context.logger().log(System.Logger.Level.WARNING, "dropped a message that is no line: " + e.getMessage());
        }
        lines.delete(message);
    }
}
