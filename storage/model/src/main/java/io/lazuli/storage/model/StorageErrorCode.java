package io.lazuli.storage.model;

/**
 * The documented errors of the storage services, each with its HTTP status and message: the one place where they are made.
 * Sources: "Common REST API error codes", "Queue service error codes", "Table service error codes", "SAS error codes" and
 * "CORS support" of the Azure Storage REST reference.
 */
public enum StorageErrorCode {
    // Who asks
    NO_AUTHENTICATION_INFORMATION("NoAuthenticationInformation", 401, "Server failed to authenticate the request. Please refer to the information in the www-authenticate header."),
    UNSUPPORTED_AUTHENTICATION("InvalidAuthenticationInfo", 401, "Server failed to authenticate the request. Please refer to the information in the www-authenticate header."),
    INVALID_AUTHENTICATION_INFO("InvalidAuthenticationInfo", 400, "Authentication information is not given in the correct format. Check the value of Authorization header."),
    AUTHENTICATION_FAILED("AuthenticationFailed", 403, "Server failed to authenticate the request. Make sure the value of the Authorization header is formed correctly including the signature."),
    AUTHORIZATION_FAILURE("AuthorizationFailure", 403, "This request is not authorized to perform this operation."),
    AUTHORIZATION_PERMISSION_MISMATCH("AuthorizationPermissionMismatch", 403, "This request is not authorized to perform this operation using this permission."),
    AUTHORIZATION_PROTOCOL_MISMATCH("AuthorizationProtocolMismatch", 403, "This request is not authorized to perform this operation using this protocol."),
    AUTHORIZATION_RESOURCE_TYPE_MISMATCH("AuthorizationResourceTypeMismatch", 403, "This request is not authorized to perform this operation using this resource type."),
    AUTHORIZATION_SERVICE_MISMATCH("AuthorizationServiceMismatch", 403, "This request is not authorized to perform this operation using this service."),
    AUTHORIZATION_SOURCE_IP_MISMATCH("AuthorizationSourceIPMismatch", 403, "This request is not authorized to perform this operation using this source IP."),
    INSUFFICIENT_ACCOUNT_PERMISSIONS("InsufficientAccountPermissions", 403, "The account being accessed does not have sufficient permissions to execute this operation."),
    CORS_PREFLIGHT_FAILURE("CorsPreflightFailure", 403, "CORS not enabled or no matching rule found for this request."),
    ACCOUNT_ALREADY_EXISTS("AccountAlreadyExists", 409, "The specified account already exists."),
    ACCOUNT_IS_DISABLED("AccountIsDisabled", 403, "The specified account is disabled."),

    // How it asks: request line and headers
    INVALID_URI("InvalidUri", 400, "The requested URI does not represent any resource on the server."),
    REQUEST_URL_FAILED_TO_PARSE("RequestUrlFailedToParse", 400, "The url in the request could not be parsed."),
    INVALID_HTTP_VERB("InvalidHttpVerb", 400, "The HTTP verb specified was not recognized by the server."),
    UNSUPPORTED_HTTP_VERB("UnsupportedHttpVerb", 405, "The resource doesn't support specified Http Verb."),
    INVALID_RESOURCE_NAME("InvalidResourceName", 400, "The specified resource name contains invalid characters."),
    INVALID_HEADER_VALUE("InvalidHeaderValue", 400, "The value for one of the HTTP headers is not in the correct format."),
    MISSING_REQUIRED_HEADER("MissingRequiredHeader", 400, "An HTTP header that's mandatory for this request is not specified."),
    UNSUPPORTED_HEADER("UnsupportedHeader", 400, "One of the HTTP headers specified in the request is not supported."),
    CONDITION_HEADERS_NOT_SUPPORTED("ConditionHeadersNotSupported", 400, "Condition headers are not supported."),
    EMPTY_METADATA_KEY("EmptyMetadataKey", 400, "The key for one of the metadata key-value pairs is empty."),
    INVALID_METADATA("InvalidMetadata", 400, "The metadata specified is invalid. It has characters that are not permitted."),
    METADATA_TOO_LARGE("MetadataTooLarge", 400, "The metadata specified exceeds the maximum permissible limit."),
    INVALID_INPUT("InvalidInput", 400, "One of the request inputs is not valid."),
    OUT_OF_RANGE_INPUT("OutOfRangeInput", 400, "One of the request inputs is out of range."),
    INVALID_QUERY_PARAMETER_VALUE("InvalidQueryParameterValue", 400, "Value for one of the query parameters specified in the request URI is invalid."),
    OUT_OF_RANGE_QUERY_PARAMETER_VALUE("OutOfRangeQueryParameterValue", 400, "One of the query parameters specified in the request URI is outside the permissible range."),
    MISSING_REQUIRED_QUERY_PARAMETER("MissingRequiredQueryParameter", 400, "A query parameter that's mandatory for this request is not specified."),
    UNSUPPORTED_QUERY_PARAMETER("UnsupportedQueryParameter", 400, "One of the query parameters specified in the request URI is not supported."),
    INVALID_MARKER("InvalidMarker", 400, "The specified marker is invalid."),

    // How it asks: body
    MISSING_CONTENT_LENGTH_HEADER("MissingContentLengthHeader", 411, "Content-Length HTTP header is not specified."),
    REQUEST_BODY_TOO_LARGE("RequestBodyTooLarge", 413, "The request body is too large and exceeds the maximum permissible limit."),
    INVALID_XML_DOCUMENT("InvalidXmlDocument", 400, "XML specified is not syntactically valid."),
    INVALID_XML_NODE_VALUE("InvalidXmlNodeValue", 400, "The value for one of the XML nodes is not in the correct format."),
    MISSING_REQUIRED_XML_NODE("MissingRequiredXmlNode", 400, "An XML node that's mandatory for this request is not specified."),
    UNSUPPORTED_XML_NODE("UnsupportedXmlNode", 400, "One of the XML nodes specified in the request body is not supported."),
    MESSAGE_TOO_LARGE("MessageTooLarge", 400, "The message exceeds the maximum allowed size."),

    // What it asks for
    RESOURCE_NOT_FOUND("ResourceNotFound", 404, "The specified resource does not exist."),
    QUEUE_NOT_FOUND("QueueNotFound", 404, "The specified queue does not exist."),
    QUEUE_ALREADY_EXISTS("QueueAlreadyExists", 409, "The specified queue already exists."),
    QUEUE_BEING_DELETED("QueueBeingDeleted", 409, "The specified queue is being deleted."),
    QUEUE_DISABLED("QueueDisabled", 409, "The specified queue has been disabled by the administrator."),
    QUEUE_NOT_EMPTY("QueueNotEmpty", 409, "The specified queue is not empty."),
    MESSAGE_NOT_FOUND("MessageNotFound", 404, "The specified message does not exist."),
    POP_RECEIPT_MISMATCH("PopReceiptMismatch", 400, "The specified pop receipt did not match the pop receipt for a dequeued message."),

    // Tables
    TABLE_NOT_FOUND("TableNotFound", 404, "The table specified does not exist."),
    TABLE_ALREADY_EXISTS("TableAlreadyExists", 409, "The table specified already exists."),
    TABLE_BEING_DELETED("TableBeingDeleted", 409, "The specified table is being deleted."),
    ENTITY_ALREADY_EXISTS("EntityAlreadyExists", 409, "The specified entity already exists."),
    UPDATE_CONDITION_NOT_SATISFIED("UpdateConditionNotSatisfied", 412, "The update condition specified in the request was not satisfied."),
    ENTITY_TOO_LARGE("EntityTooLarge", 400, "The entity is larger than the maximum size permitted."),
    TOO_MANY_PROPERTIES("TooManyProperties", 400, "The entity contains more properties than allowed. Each entity can include up to 252 properties to store data. Each entity also has 3 system properties."),
    DUPLICATE_PROPERTIES_SPECIFIED("DuplicatePropertiesSpecified", 400, "A property is specified more than one time."),
    PROPERTIES_NEED_VALUE("PropertiesNeedValue", 400, "The values are not specified for all properties in the entity."),
    PROPERTY_NAME_INVALID("PropertyNameInvalid", 400, "The property name is invalid."),
    PROPERTY_NAME_TOO_LONG("PropertyNameTooLong", 400, "The property name exceeds the maximum allowed length."),
    PROPERTY_VALUE_TOO_LARGE("PropertyValueTooLarge", 400, "The property value exceeds the maximum allowed size (64KB). If the property value is a string, it is UTF-16 encoded and the maximum number of characters should be 32K or less."),
    INVALID_VALUE_TYPE("InvalidValueType", 400, "The value specified is invalid."),
    INVALID_DUPLICATE_ROW("InvalidDuplicateRow", 400, "The batch request contains multiple changes with same row key. An entity can appear only once in a batch request."),
    COMMANDS_IN_BATCH_ACT_ON_DIFFERENT_PARTITIONS("CommandsInBatchActOnDifferentPartitions", 400, "All commands in a batch must operate on same entity group."),
    ATOM_FORMAT_NOT_SUPPORTED("AtomFormatNotSupported", 415, "Atom format is not supported."),
    MEDIA_TYPE_NOT_SUPPORTED("MediaTypeNotSupported", 415, "None of the provided media types are supported."),
    X_METHOD_NOT_USING_POST("XMethodNotUsingPost", 400, "The request uses X-HTTP-Method with an HTTP verb other than POST."),
    X_METHOD_INCORRECT_VALUE("XMethodIncorrectValue", 400, "The specified X-HTTP-Method is invalid."),
    METHOD_NOT_ALLOWED("MethodNotAllowed", 405, "The requested method is not allowed on the specified resource."),
    NOT_IMPLEMENTED("NotImplemented", 501, "The requested operation is not implemented on the specified resource."),

    // What the server can do
    SERVER_BUSY("ServerBusy", 503, "The server is currently unable to receive requests. Please retry your request."),
    OPERATION_TIMED_OUT("OperationTimedOut", 500, "The operation could not be completed within the permitted time."),
    INTERNAL_ERROR("InternalError", 500, "The server encountered an internal error. Please retry the request.");

    private final String code;
    private final int status;
    private final String message;

    StorageErrorCode(String code, int status, String message) {
        this.code = code;
        this.status = status;
        this.message = message;
    }

    public String code() {
        return code;
    }

    public int status() {
        return status;
    }

    public String message() {
        return message;
    }
}
