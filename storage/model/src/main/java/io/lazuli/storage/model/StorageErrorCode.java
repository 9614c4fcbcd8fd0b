package io.lazuli.storage.model;

/**
 * The documented errors of the storage services, each with its HTTP status and message: the one place where they are made.
 * Sources: "Common REST API error codes", "Queue service error codes", "Table service error codes", "Blob service error
 * codes", "SAS error codes" and "CORS support" of the Azure Storage REST reference.
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

    // Containers
    CONTAINER_NOT_FOUND("ContainerNotFound", 404, "The specified container does not exist."),
    CONTAINER_ALREADY_EXISTS("ContainerAlreadyExists", 409, "The specified container already exists."),
    CONTAINER_BEING_DELETED("ContainerBeingDeleted", 409, "The specified container is being deleted."),
    CONTAINER_HOLDS_IMMUTABLE_BLOBS("ContainerImmutableStorageWithVersioningEnabled", 409,
            "The operation is not allowed as the container holds blobs that are immutable due to a policy or a legal hold."),
    CONTAINER_DISABLED("ContainerDisabled", 409, "The specified container has been disabled by the administrator."),
    WEB_CONTENT_NOT_FOUND("WebContentNotFound", 404, "The requested content does not exist."),

    // Blobs
    BLOB_NOT_FOUND("BlobNotFound", 404, "The specified blob does not exist."),
    BLOB_ALREADY_EXISTS("BlobAlreadyExists", 409, "The specified blob already exists."),
    UNAUTHORIZED_BLOB_OVERWRITE("UnauthorizedBlobOverwrite", 403, "This request is not authorized to perform blob overwrites."),
    PUBLIC_ACCESS_NOT_PERMITTED("PublicAccessNotPermitted", 409, "Public access is not permitted on this storage account."),
    INVALID_BLOB_TYPE("InvalidBlobType", 409, "The blob type is invalid for this operation."),
    INVALID_BLOCK_ID("InvalidBlockId", 400, "The specified block ID is invalid. The block ID must be Base64-encoded."),
    INVALID_BLOB_OR_BLOCK("InvalidBlobOrBlock", 400, "The specified blob or block content is invalid."),
    INVALID_BLOCK_LIST("InvalidBlockList", 400, "The specified block list is invalid."),
    BLOCK_COUNT_EXCEEDS_LIMIT("BlockCountExceedsLimit", 409, "The uncommitted block count cannot exceed the maximum limit of 100,000 blocks."),
    BLOCK_LIST_TOO_LONG("BlockListTooLong", 400, "The block list may not contain more than 50,000 blocks."),
    INVALID_MD5("InvalidMd5", 400, "The MD5 value specified in the request is invalid. MD5 value must be 128 bits and base64 encoded."),
    MD5_MISMATCH("Md5Mismatch", 400, "The MD5 value specified in the request did not match with the MD5 value calculated by the server."),
    CRC64_MISMATCH("Crc64Mismatch", 400, "The CRC64 value specified in the request did not match with the CRC64 value calculated by the server."),
    INVALID_RANGE("InvalidRange", 416, "The range specified is invalid for the current size of the resource."),
    INVALID_PAGE_RANGE("InvalidPageRange", 416, "The page range specified is invalid."),
    CONDITION_NOT_MET("ConditionNotMet", 412, "The condition specified using HTTP conditional header(s) is not met."),
    /** The same for a read that asks for what has changed. */
    NOT_MODIFIED("ConditionNotMet", 304, "The condition specified using HTTP conditional header(s) is not met."),
    TARGET_CONDITION_NOT_MET("TargetConditionNotMet", 412, "The target condition specified using HTTP conditional header(s) is not met."),
    SOURCE_CONDITION_NOT_MET("SourceConditionNotMet", 412, "The source condition specified using HTTP conditional header(s) is not met."),
    MULTIPLE_CONDITION_HEADERS_NOT_SUPPORTED("MultipleConditionHeadersNotSupported", 400, "Multiple condition headers are not supported."),
    APPEND_POSITION_CONDITION_NOT_MET("AppendPositionConditionNotMet", 412, "The append position condition specified was not met."),
    MAX_BLOB_SIZE_CONDITION_NOT_MET("MaxBlobSizeConditionNotMet", 412, "The max blob size condition specified was not met."),
    SEQUENCE_NUMBER_CONDITION_NOT_MET("SequenceNumberConditionNotMet", 412, "The sequence number condition specified was not met."),
    SEQUENCE_NUMBER_INCREMENT_TOO_LARGE("SequenceNumberIncrementTooLarge", 409, "The sequence number increment cannot be performed because it would result in overflow of the sequence number."),
    INVALID_VERSION_FOR_PAGE_BLOB_OPERATION("InvalidVersionForPageBlobOperation", 400, "All operations on page blobs require at least version 2009-09-19."),
    PREVIOUS_SNAPSHOT_NOT_FOUND("PreviousSnapshotNotFound", 409, "The previous snapshot is not found."),
    PREVIOUS_SNAPSHOT_CANNOT_BE_NEWER("PreviousSnapshotCannotBeNewer", 400, "The prevsnapshot query parameter value cannot be newer than snapshot query parameter value."),
    PREVIOUS_SNAPSHOT_OPERATION_NOT_SUPPORTED("PreviousSnapshotOperationNotSupported", 409, "The operation for reading page ranges is not supported on the previous snapshot."),
    BLOB_IS_SEALED("BlobIsSealed", 409, "The specified blob is sealed and its contents can't be modified unless the blob is re-created after a delete."),
    BLOB_MODIFIED_WHILE_READING("BlobModifiedWhileReading", 409, "The blob has been modified while being read."),
    BLOB_OVERWRITTEN("BlobOverwritten", 409, "The blob has been recreated since the previous snapshot was taken."),
    SNAPSHOTS_PRESENT("SnapshotsPresent", 409, "This operation is not permitted while the blob has snapshots."),
    SNAPSHOT_COUNT_EXCEEDED("SnapshotCountExceeded", 409, "The snapshot count against this blob has been exceeded."),
    BLOB_ARCHIVED("BlobArchived", 409, "This operation is not permitted on an archived blob."),
    BLOB_BEING_REHYDRATED("BlobBeingRehydrated", 409, "This operation is not permitted because the blob is being rehydrated."),
    BLOB_NOT_ARCHIVED("BlobNotArchived", 409, "The operation is not permitted on a blob that is not in the archive tier."),
    BLOB_TIER_INADEQUATE_FOR_CONTENT_LENGTH("BlobTierInadequateForContentLength", 409, "Specified blob tier size limit cannot be less than content length."),
    INVALID_BLOB_TIER("InvalidBlobTier", 400, "The specified blob tier is invalid."),
    INVALID_TAGS("InvalidTags", 400, "The tags specified are invalid. It contains characters that are not permitted."),
    TAGS_TOO_LARGE("TagsTooLarge", 400, "The tags specified exceed the maximum permissible limit."),
    BLOB_IMMUTABLE_DUE_TO_POLICY("BlobImmutableDueToPolicy", 409, "This operation is not permitted as the blob is immutable due to a policy."),
    BLOB_IMMUTABLE_DUE_TO_LEGAL_HOLD("BlobImmutableDueToLegalHold", 409, "This operation is not permitted as the blob is immutable due to a legal hold."),
    OPERATION_NOT_ALLOWED_ON_ROOT_BLOB("OperationNotAllowedOnRootBlob", 409, "The specified operation isn't allowed on the root blob."),
    ENCRYPTION_SCOPE_NOT_FOUND("EncryptionScopeNotFound", 404, "The specified encryption scope does not exist."),
    EXCEEDS_MAX_BATCH_REQUEST_COUNT("ExceedsMaxBatchRequestCount", 400, "The batch operation exceeds maximum number of allowed subrequests."),
    ALL_BATCH_SUB_REQUESTS_SHOULD_BE_SAME_API("AllBatchSubRequestsShouldBeSameApi", 400, "The batch operation does not support multiple subrequest APIs."),

    // Leases
    LEASE_ALREADY_PRESENT("LeaseAlreadyPresent", 409, "There is already a lease present."),
    LEASE_ALREADY_BROKEN("LeaseAlreadyBroken", 409, "The lease has already been broken and cannot be broken again."),
    LEASE_ID_MISSING("LeaseIdMissing", 412, "There is currently a lease on the resource and no lease ID was specified in the request."),
    LEASE_ID_MISMATCH_WITH_BLOB_OPERATION("LeaseIdMismatchWithBlobOperation", 412, "The lease ID specified did not match the lease ID for the blob."),
    LEASE_ID_MISMATCH_WITH_CONTAINER_OPERATION("LeaseIdMismatchWithContainerOperation", 412, "The lease ID specified did not match the lease ID for the container."),
    LEASE_ID_MISMATCH_WITH_LEASE_OPERATION("LeaseIdMismatchWithLeaseOperation", 409, "The lease ID specified did not match the lease ID for the resource."),
    LEASE_NOT_PRESENT_WITH_BLOB_OPERATION("LeaseNotPresentWithBlobOperation", 412, "There is currently no lease on the blob."),
    LEASE_NOT_PRESENT_WITH_CONTAINER_OPERATION("LeaseNotPresentWithContainerOperation", 412, "There is currently no lease on the container."),
    LEASE_NOT_PRESENT_WITH_LEASE_OPERATION("LeaseNotPresentWithLeaseOperation", 409, "There is currently no lease on the resource."),
    LEASE_LOST("LeaseLost", 412, "A lease ID was specified, but the lease for the resource has expired."),
    LEASE_IS_BREAKING_AND_CANNOT_BE_ACQUIRED("LeaseIsBreakingAndCannotBeAcquired", 409, "The lease ID matched, but the lease is currently in breaking state and cannot be acquired until it is broken."),
    LEASE_IS_BREAKING_AND_CANNOT_BE_CHANGED("LeaseIsBreakingAndCannotBeChanged", 409, "The lease ID matched, but the lease is currently in breaking state and cannot be changed."),
    LEASE_IS_BROKEN_AND_CANNOT_BE_RENEWED("LeaseIsBrokenAndCannotBeRenewed", 409, "The lease ID matched, but the lease has been broken explicitly and cannot be renewed."),
    INFINITE_LEASE_DURATION_REQUIRED("InfiniteLeaseDurationRequired", 412, "The lease ID matched, but the specified lease must be an infinite-duration lease."),

    // Copies
    CANNOT_VERIFY_COPY_SOURCE("CannotVerifyCopySource", 500, "Could not verify the copy source within the specified time."),
    COPY_SOURCE_NOT_FOUND("CannotVerifyCopySource", 404, "The specified resource does not exist."),
    COPY_SOURCE_NOT_ALLOWED("CannotVerifyCopySource", 403, "This request is not authorized to perform this operation."),
    INVALID_SOURCE_BLOB_TYPE("InvalidSourceBlobType", 409, "The copy source blob type is invalid for this operation."),
    INVALID_SOURCE_BLOB_URL("InvalidSourceBlobUrl", 409, "The source URL for incremental copy request must be valid Azure Storage blob URL."),
    COPY_ACROSS_ACCOUNTS_NOT_SUPPORTED("CopyAcrossAccountsNotSupported", 400, "The copy source account and destination account must be the same."),
    PENDING_COPY_OPERATION("PendingCopyOperation", 409, "There is currently a pending copy operation."),
    NO_PENDING_COPY_OPERATION("NoPendingCopyOperation", 409, "There is currently no pending copy operation."),
    COPY_ID_MISMATCH("CopyIdMismatch", 409, "The specified copy ID did not match the copy ID for the pending copy operation."),
    FEATURE_NOT_SUPPORTED_FOR_ACCOUNT("FeatureNotSupportedForAccount", 409, "The feature is not supported for this account."),

    // What the server can do
    SERVER_BUSY("ServerBusy", 503, "The server is currently unable to receive requests. Please retry your request."),
    INSUFFICIENT_STORAGE("InsufficientStorage", 507, "The server has not enough room to store what the request brings. Please retry your request later."),
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
