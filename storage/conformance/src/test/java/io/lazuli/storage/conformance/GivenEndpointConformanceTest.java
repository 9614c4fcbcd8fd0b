package io.lazuli.storage.conformance;

import io.lazuli.security.ConnectionString;
import io.lazuli.storage.protocol.conformance.BlobServiceConformance;
import io.lazuli.storage.protocol.conformance.QueueServiceConformance;
import io.lazuli.storage.protocol.conformance.TableServiceConformance;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The cases against whatever service {@code -Dlazuli.conformance.connection-string=…} names; another account of it is named by
 * {@code -Dlazuli.conformance.other-connection-string=…}.
 */
@EnabledIfSystemProperty(named = GivenEndpointConformanceTest.CONNECTION_STRING, matches = ".+")
class GivenEndpointConformanceTest {

    static final String CONNECTION_STRING = "lazuli.conformance.connection-string";
    private static final String OTHER_CONNECTION_STRING = "lazuli.conformance.other-connection-string";

    @Nested
    class Blobs extends BlobServiceConformance {

        @Override
        protected ConnectionString target() {
            return ConnectionString.parse(System.getProperty(CONNECTION_STRING));
        }

        @Override
        protected ConnectionString otherTarget() {
            return ConnectionString.parse(System.getProperty(OTHER_CONNECTION_STRING));
        }
    }

    @Nested
    class Queues extends QueueServiceConformance {

        @Override
        protected ConnectionString target() {
            return ConnectionString.parse(System.getProperty(CONNECTION_STRING));
        }

        @Override
        protected ConnectionString otherTarget() {
            return ConnectionString.parse(System.getProperty(OTHER_CONNECTION_STRING));
        }
    }

    @Nested
    class Tables extends TableServiceConformance {

        @Override
        protected ConnectionString target() {
            return ConnectionString.parse(System.getProperty(CONNECTION_STRING));
        }

        @Override
        protected ConnectionString otherTarget() {
            return ConnectionString.parse(System.getProperty(OTHER_CONNECTION_STRING));
        }
    }
}
