package io.lazuli.storage.protocol.table.batch;

import io.lazuli.storage.protocol.multipart.HttpAnswer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the answer to a {@code $batch}, which is 202 whatever came of it: one answer per change in order, or the one error that ended
 * the transaction. Official clients read it line by line and look for header names in this spelling. Source: "Performing entity group
 * transactions".
 */
public final class BatchWriter {

    public static final int STATUS = 202;

    private static final String BATCH = "batchresponse_";
    private static final String CHANGE_SET = "changesetresponse_";

    private final String batchBoundary;
    private final String changeSetBoundary;

    /** @param batchId random, so that no body holds it; {@code changeSetId} another */
    public BatchWriter(String batchId, String changeSetId) {
        this.batchBoundary = BATCH + batchId;
        this.changeSetBoundary = CHANGE_SET + changeSetId;
    }

    /** Of the whole answer. */
    public String contentType() {
        return "multipart/mixed; boundary=" + batchBoundary;
    }

    /** @param answers of the changes, or the error alone */
    public byte[] changes(List<HttpAnswer> answers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(HttpAnswer.EXPECTED_BYTES * (1 + answers.size()));
        text(out, "--" + batchBoundary + "\r\nContent-Type: multipart/mixed; boundary=" + changeSetBoundary + "\r\n\r\n");
        for (HttpAnswer answer : answers) {
            text(out, "--" + changeSetBoundary + "\r\n");
            answer.write(null, out);
        }
        text(out, "--" + changeSetBoundary + "--\r\n--" + batchBoundary + "--\r\n");
        return out.toByteArray();
    }

    public byte[] query(HttpAnswer answer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(HttpAnswer.EXPECTED_BYTES + answer.body().length);
        text(out, "--" + batchBoundary + "\r\n");
        answer.write(null, out);
        text(out, "--" + batchBoundary + "--\r\n");
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
