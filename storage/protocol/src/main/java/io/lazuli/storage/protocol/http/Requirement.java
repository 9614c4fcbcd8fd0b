package io.lazuli.storage.protocol.http;

import io.lazuli.security.Permission;
import io.lazuli.security.ResourceType;
import io.lazuli.storage.partition.blob.ContainerState.PublicAccess;

/**
 * What an operation asks of whoever is not the account's owner.
 *
 * @param resource the container, queue or table that it works on; empty for the account's service itself; null if only the signature names it, as
 *     for a batch whose operations are required one by one
 * @param blob the blob that it works on, null if it is none
 * @param ofAccount what an account's signature must have. Source: "Create an account SAS"
 * @param ofService what a signature for the resource must have. Source: "Create a service SAS"
 * @param ofPublic what a container must let everybody do so that nobody need say who asks; NONE if it cannot. Source: "Configure anonymous read
 *     access for containers and blobs"
 */
public record Requirement(
        ResourceType resourceType, String resource, String blob, Permission ofAccount, Permission ofService, PublicAccess ofPublic) {

    /** Of a service without blobs. */
    public Requirement(ResourceType resourceType, String resource, Permission ofAccount, Permission ofService) {
        this(resourceType, resource, null, ofAccount, ofService, PublicAccess.NONE);
    }
}
