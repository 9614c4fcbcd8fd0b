package io.lazuli.storage.protocol.table;

import io.lazuli.security.QueryString;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.table.json.MetadataLevel;

/**
 * What a query asks beside its resource. Options that OData has and the service has not are refused, all others ignored. Source:
 * "Querying tables and entities", "Query operators supported for the Table service".
 *
 * @param filter null for none
 * @param top 1 to {@link #MAX_TOP}
 */
record QueryOptions(MetadataLevel level, String filter, Projection projection, int top) {

    /** The most entities, or tables, of one answer. */
    static final int MAX_TOP = 1000;

    private static final int MAX_TOP_DIGITS = 9;

    /** @throws StorageException NotImplemented, InvalidInput, or an error about the form of the answer */
    static QueryOptions read(ServiceRequest request) {
        return read(request.query(), request.header("Accept"));
    }

    static QueryOptions read(QueryString query, String accept) {
        String filter = null;
        String select = null;
        String top = null;
        String format = null;
        for (QueryString.Parameter parameter : query.parameters()) {
            if (parameter.name().startsWith("$")) {
                switch (parameter.name()) {
                    case "$filter" -> filter = parameter.value();
                    case "$select" -> select = parameter.value();
                    case "$top" -> top = parameter.value();
                    case "$format" -> format = parameter.value();
                    case "$orderby", "$skip", "$skiptoken", "$expand", "$inlinecount", "$count", "$search", "$apply" ->
                            throw new StorageException(StorageErrorCode.NOT_IMPLEMENTED);
                    default -> throw TableErrors.invalidInput("'" + TableErrors.echoed(parameter.name()) + "' is no query option.");
                }
            }
        }
        boolean filtered = filter != null && !filter.isBlank();
        return new QueryOptions(PayloadFormat.ofAnswer(format, accept), filtered ? filter : null, Projection.parse(select), top(top));
    }

    private static int top(String text) {
        if (text == null) {
            return MAX_TOP;
        }
        boolean digits = !text.isEmpty() && text.length() <= MAX_TOP_DIGITS;
        for (int i = 0; digits && i < text.length(); i++) {
            digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        int top = digits ? Integer.parseInt(text) : 0;
        if (top < 1 || top > MAX_TOP) {
            throw TableErrors.invalidInput("$top must be a number from 1 to " + MAX_TOP + ".");
        }
        return top;
    }
}
