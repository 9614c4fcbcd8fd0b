package io.lazuli.admin;

import io.lazuli.security.AccountName;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads and checks what a request names: path, query and JSON body. Wrong input is {@link AdminException} 400. */
final class Parameters {

    static final int MAX_MESSAGE_BYTES = 64 << 10;
    static final int MAX_OVERRIDES = 1_000;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern QUEUE = Pattern.compile("(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*");

    static String deployment(String name) {
        return name("deployment", name);
    }

    static String role(String name) {
        return name("role", name);
    }

    private static String name(String what, String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new AdminException(400, "InvalidName",
                    "a " + what + "'s name has 1 to 63 of a-z, 0-9 and -, and a hyphen neither first nor last");
        }
        return name;
    }

    static String account(String name) {
        if (!AccountName.isValid(name)) {
            throw new AdminException(400, "InvalidName", "an account's name has 3 to 24 of a-z and 0-9");
        }
        return name;
    }

    static String queue(String name) {
        if (name == null || !QUEUE.matcher(name).matches()) {
            throw new AdminException(400, "InvalidName",
                    "a queue's name has 3 to 63 of a-z, 0-9 and -, and no hyphen first, last or beside another");
        }
        return name;
    }

    /** The parameter's only value, or the fallback if it is not given. */
    static String text(RoutingContext request, String name, String fallback) {
        List<String> values = request.queryParam(name);
        if (values.size() > 1) {
            throw AdminErrors.invalid("'" + name + "' is given more than once");
        }
        return values.isEmpty() ? fallback : values.getFirst();
    }

    static long number(RoutingContext request, String name, long fallback, long min, long max) {
        String text = text(request, name, Long.toString(fallback));
        return number(name, text, min, max);
    }

    static long number(String name, String text, long min, long max) {
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw AdminErrors.invalid("'" + name + "' must be a whole number from " + min + " to " + max);
        }
        throw AdminErrors.invalid("'" + name + "' must be a whole number from " + min + " to " + max);
    }

    static boolean bool(RoutingContext request, String name, boolean fallback) {
        return switch (text(request, name, Boolean.toString(fallback))) {
            case "true" -> true;
            case "false" -> false;
            default -> throw AdminErrors.invalid("'" + name + "' must be true or false");
        };
    }

    /** {@code count=role=n}, repeated. */
    static Map<String, Integer> counts(RoutingContext request) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String text : bounded(request.queryParam("count"))) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw AdminErrors.invalid("'count=" + text + "' should be count=role=number");
            }
            String role = role(text.substring(0, equals));
            counts.put(role, (int) number("count of role " + role, text.substring(equals + 1), 0, Integer.MAX_VALUE));
        }
        return counts;
    }

    /** {@code set=role.key=value}, repeated. */
    static Map<String, Map<String, String>> settings(RoutingContext request) {
        Map<String, Map<String, String>> settings = new LinkedHashMap<>();
        for (String text : bounded(request.queryParam("set"))) {
            int dot = text.indexOf('.');
            int equals = text.indexOf('=');
            if (dot < 1 || equals < dot + 2) {
                throw AdminErrors.invalid("'set=" + text + "' should be set=role.key=value");
            }
            settings.computeIfAbsent(role(text.substring(0, dot)), role -> new LinkedHashMap<>())
                    .put(text.substring(dot + 1, equals), text.substring(equals + 1));
        }
        return settings;
    }

    private static List<String> bounded(List<String> values) {
        if (values.size() > MAX_OVERRIDES) {
            throw AdminErrors.invalid("at most " + MAX_OVERRIDES + " counts and settings can be given");
        }
        return values;
    }

    /** The body as it came, not checked. */
    static byte[] bytes(RoutingContext request) {
        Buffer body = request.body().buffer();
        return body == null ? new byte[0] : body.getBytes();
    }

    static JsonObject body(RoutingContext request) {
        Buffer body = request.body().buffer();
        try {
            if (body != null && body.length() > 0) {
                return body.toJsonObject();
            }
        } catch (DecodeException | ClassCastException e) {
            throw AdminErrors.invalid("the body is no JSON object");
        }
        throw AdminErrors.invalid("the request needs a JSON object as its body");
    }

    /** {@code {"role":n,…}}. */
    static Map<String, Integer> countsInBody(RoutingContext request) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Map.Entry<String, Object> count : body(request)) {
            if (!(count.getValue() instanceof Integer number)) {
                throw AdminErrors.invalid("'" + count.getKey() + "' must be a whole number of instances");
            }
            counts.put(role(count.getKey()), number);
        }
        if (counts.isEmpty()) {
            throw AdminErrors.invalid("no role is named; the body should be {\"role\": number}");
        }
        return counts;
    }

    /** {@code {"text":"…"}}, 1 byte to 64 KiB. */
    static String messageText(RoutingContext request) {
        if (!(body(request).getValue("text") instanceof String text)) {
            throw AdminErrors.invalid("the body should be {\"text\": \"the message\"}");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_MESSAGE_BYTES) {
            throw new AdminException(400, "MessageTooLarge", "a message has at most " + MAX_MESSAGE_BYTES + " bytes");
        }
        return text;
    }

    private Parameters() {}
}
