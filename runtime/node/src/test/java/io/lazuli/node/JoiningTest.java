package io.lazuli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class JoiningTest {

    private static final HostPort ONE = HostPort.parse("127.0.0.1:25520");
    private static final HostPort TWO = HostPort.parse("127.0.0.1:25620");
    private static final HostPort THREE = HostPort.parse("127.0.0.1:25720");

    @Test
    void aNodeWithNobodyToAskFormsACloud() {
        assertEquals(List.of(ONE), Joining.decide(ONE, false, List.of(), List.of(), List.of()).seeds());
        assertEquals(List.of(ONE), Joining.decide(ONE, false, List.of(), List.of(ONE), List.of(ONE)).seeds());
    }

    @Test
    void aNodeThatIsToldToFormAsksNobody() {
        assertEquals(List.of(TWO), Joining.decide(TWO, true, List.of(ONE), List.of(), List.of(ONE, TWO)).seeds());
    }

    @Test
    void aNewNodeNeverFormsWhereItWasToldToJoin() {
        assertEquals(List.of(TWO, THREE), Joining.decide(ONE, false, List.of(TWO, THREE), List.of(), List.of()).seeds());
    }

    @Test
    void onlyTheLowestRememberedMemberMayFormAgain() {
        List<HostPort> remembered = List.of(ONE, TWO, THREE);
        assertEquals(List.of(ONE, TWO, THREE), Joining.decide(ONE, false, List.of(), List.of(), remembered).seeds());
        assertEquals(List.of(ONE, THREE), Joining.decide(TWO, false, List.of(), List.of(), remembered).seeds());
        assertEquals(List.of(ONE, TWO), Joining.decide(THREE, false, List.of(), List.of(), remembered).seeds());
    }

    @Test
    void aMemberNeverFormsWhereThisStartNamesANodeToJoin() {
        Joining joining = Joining.decide(ONE, false, List.of(TWO), List.of(), List.of(ONE, TWO, THREE));
        assertEquals(List.of(TWO, THREE), joining.seeds());
        assertEquals(Joining.ASK_AGAIN_MILLIS, joining.retryMillis());
    }

    @Test
    void aMemberThatMayFormWaitsLongForOthers() {
        Joining joining = Joining.decide(ONE, false, List.of(), List.of(TWO), List.of(ONE, TWO, THREE));
        assertEquals(List.of(ONE, TWO, THREE), joining.seeds());
        assertEquals(Joining.FORM_AFTER_MILLIS, joining.retryMillis());
    }


    @Test
    void aNodeThatWasDownedWaitsLongestBeforeItGoesOnAlone() {
        Joining lowest = Joining.again(ONE, List.of(), List.of(ONE, TWO, THREE));
        assertEquals(List.of(ONE, TWO, THREE), lowest.seeds());
        assertEquals(Joining.FORM_AFTER_DOWNED_MILLIS, lowest.retryMillis());
        assertEquals(new Joining(List.of(ONE, THREE), Joining.ASK_AGAIN_MILLIS), Joining.again(TWO, List.of(), List.of(ONE, TWO, THREE)));
    }
}
