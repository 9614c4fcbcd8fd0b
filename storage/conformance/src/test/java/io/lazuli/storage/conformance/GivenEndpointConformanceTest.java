package io.lazuli.storage.conformance;

import io.lazuli.security.ConnectionString;
import io.lazuli.storage.protocol.conformance.BlobServiceConformance;
import io.lazuli.storage.protocol.conformance.QueueServiceConformance;
import io.lazuli.storage.protocol.conformance.TableServiceConformance;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The cases against whatever service {@code -Dlazuli.conformance.connection-string=…} names; another account of it is named by
 * {@code -Dlazuli.conformance.other-connection-string=…}, and two more, in which blobs are kept when they are deleted, without and with versioning,
 * by {@code -Dlazuli.conformance.keeping-connection-string=…} and {@code -Dlazuli.conformance.versioning-connection-string=…}.
 */
@EnabledIfSystemProperty(named = GivenEndpointConformanceTest.CONNECTION_STRING, matches = ".+")
class GivenEndpointConformanceTest {

    static final String CONNECTION_STRING = "lazuli.conformance.connection-string";
    private static final String OTHER_CONNECTION_STRING = "lazuli.conformance.other-connection-string";
    private static final String KEEPING_CONNECTION_STRING = "lazuli.conformance.keeping-connection-string";
    private static final String VERSIONING_CONNECTION_STRING = "lazuli.conformance.versioning-connection-string";

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

        @Override
        protected ConnectionString keepingTarget(boolean versioning) {
            String text = System.getProperty(versioning ? VERSIONING_CONNECTION_STRING : KEEPING_CONNECTION_STRING);
            if (text == null) {
                return null;
            }
            ConnectionString target = ConnectionString.parse(text);
            keepDeleted(target);
            return target;
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
