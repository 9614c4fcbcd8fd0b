package io.lazuli.storage.protocol.http;

import io.lazuli.security.Permission;
import io.lazuli.security.ResourceType;

/**
 * What an operation asks of whoever is not the account's owner.
 *
 * @param resource the queue or table that it works on; empty for the account's service itself; null if only the signature names it, as
 *     for a batch whose operations are required one by one
 * @param ofAccount what an account's signature must have. Source: "Create an account SAS"
 * @param ofService what a signature for the resource must have. Source: "Create a service SAS"
 */
public record Requirement(ResourceType resourceType, String resource, Permission ofAccount, Permission ofService) {}
