package io.lazuli.storage.partition.table.directory;

import io.lazuli.kernel.Asking;
import io.lazuli.storage.partition.table.RangeReply;
import io.lazuli.storage.partition.table.RangeRequest;
import io.lazuli.storage.partition.table.directory.TableDirectory.RangeAnswered;
import io.lazuli.storage.partition.table.directory.TableDirectory.TellAgain;
import java.time.Duration;

/** Tells ranges what to do, again and again until the answer settles it. Owned by a directory's actor. */
final class Errands {

    /** Before a range that did not answer or could not do it now is told again. */
    private static final Duration TELL_AGAIN_AFTER = Duration.ofMillis(300);

    /** Decides about an answer, null if there was none in time; runs in the actor. */
    @FunctionalInterface
    interface Answer {

        /** False: tell it again. */
        boolean settles(RangeReply reply);
    }

    /** One thing told to one range. */
    static final class Errand {

        private final RangeIntent.Order order;
        private final Duration timeout;
        private final Answer answer;
        private boolean dropped;

        private Errand(RangeIntent.Order order, Duration timeout, Answer answer) {
            this.order = order;
            this.timeout = timeout;
            this.answer = answer;
        }

        /** Nobody wants its answer any more. */
        void drop() {
            dropped = true;
        }
    }

    private final Incarnation incarnation;

    Errands(Incarnation incarnation) {
        this.incarnation = incarnation;
    }

    Errand tell(RangeIntent.Order order, long timeoutMillis, Answer answer) {
        Errand errand = new Errand(order, Duration.ofMillis(timeoutMillis), answer);
        tell(errand);
        return errand;
    }

    void answered(RangeAnswered answered) {
        Errand errand = answered.errand();
        if (!errand.dropped && !errand.answer.settles(answered.reply()) && !errand.dropped) {
            incarnation.context.getLog().debug("a range of {} is told again: {}", incarnation.partition, answered);
            incarnation.context.scheduleOnce(TELL_AGAIN_AFTER, incarnation.context.getSelf(), new TellAgain(incarnation.epoch, errand));
        }
    }

    void again(TellAgain again) {
        if (!again.errand().dropped) {
            tell(again.errand());
        }
    }

    private void tell(Errand errand) {
        incarnation.pipe(
                Asking.<RangeRequest, RangeReply>ask(
                        incarnation.needs.ranges(), errand.order::to, errand.timeout, incarnation.context.getSystem()),
                (reply, error) -> new RangeAnswered(incarnation.epoch, errand, reply, error));
    }
}
