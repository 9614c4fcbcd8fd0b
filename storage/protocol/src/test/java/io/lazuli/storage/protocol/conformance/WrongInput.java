package io.lazuli.storage.protocol.conformance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A request that must be refused, as a line of a table tells it: {@code verb | path | header | body | status code}.
 *
 * @param header of the form {@code Name: value}, or empty
 */
record WrongInput(String method, String path, String header, String body, int status, String code) {

    static List<WrongInput> all(String table) {
        List<WrongInput> all = new ArrayList<>();
        for (String line : table.lines().toList()) {
            String[] columns = line.split("\\|", -1);
            String[] outcome = columns[4].trim().split(" ");
            all.add(new WrongInput(columns[0].trim(), columns[1].trim(), columns[2].trim(), columns[3].trim(), Integer.parseInt(outcome[0]), outcome[1]));
        }
        return all;
    }

    /** Its own line. */
    String promise() {
        return String.join(" ", method, path, header, body, "->", String.valueOf(status), code);
    }

    Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        if (!header.isEmpty()) {
            headers.put(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 1).trim().replace("{8K}", "x".repeat(8 * 1024)));
        }
        return headers;
    }
}
