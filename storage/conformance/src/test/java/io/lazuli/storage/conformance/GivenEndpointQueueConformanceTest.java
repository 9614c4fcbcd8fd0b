package io.lazuli.storage.conformance;

import io.lazuli.security.ConnectionString;
import io.lazuli.storage.protocol.conformance.QueueServiceConformance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The queue cases against whatever service {@code -Dlazuli.conformance.connection-string=…} names. */
@EnabledIfSystemProperty(named = GivenEndpointQueueConformanceTest.CONNECTION_STRING, matches = ".+")
class GivenEndpointQueueConformanceTest extends QueueServiceConformance {

    static final String CONNECTION_STRING = "lazuli.conformance.connection-string";

    @Override
    protected ConnectionString target() {
        return ConnectionString.parse(System.getProperty(CONNECTION_STRING));
    }
}
