package io.lazuli.storage.protocol.table.batch;

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
    private static final int ANSWER_BYTES = 768;

    private final String batchBoundary;
    private final String changeSetBoundary;

    /**
     * An answer inside of the batch.
     *
     * @param headers names and values by turns, Content-Type included if there is a body; values are one line each
     * @param body empty if there is none
     */
    public record Answer(int status, List<String> headers, byte[] body) {}

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
    public byte[] changes(List<Answer> answers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(ANSWER_BYTES * (1 + answers.size()));
        text(out, "--" + batchBoundary + "\r\nContent-Type: multipart/mixed; boundary=" + changeSetBoundary + "\r\n\r\n");
        for (Answer answer : answers) {
            text(out, "--" + changeSetBoundary + "\r\n");
            answer(out, answer);
        }
        text(out, "--" + changeSetBoundary + "--\r\n--" + batchBoundary + "--\r\n");
        return out.toByteArray();
    }

    public byte[] query(Answer answer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(ANSWER_BYTES + answer.body().length);
        text(out, "--" + batchBoundary + "\r\n");
        answer(out, answer);
        text(out, "--" + batchBoundary + "--\r\n");
        return out.toByteArray();
    }

    private static void answer(ByteArrayOutputStream out, Answer answer) {
        StringBuilder head = new StringBuilder(ANSWER_BYTES)
                .append("Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 ")
                .append(answer.status()).append(' ').append(reason(answer.status())).append("\r\n");
        for (int i = 0; i < answer.headers().size(); i += 2) {
            head.append(answer.headers().get(i)).append(": ").append(oneLine(answer.headers().get(i + 1))).append("\r\n");
        }
        text(out, head.append("\r\n").toString());
        out.writeBytes(answer.body());
        text(out, "\r\n");
    }

    /** A value that came from the client must not begin a header of its own. */
    private static String oneLine(String value) {
        return value.replace('\r', ' ').replace('\n', ' ');
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 412 -> "Precondition Failed";
            case 413 -> "Request Entity Too Large";
            case 415 -> "Unsupported Media Type";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            default -> "Unknown";
        };
    }
}
