package io.lazuli.storage.protocol.queue;

import io.lazuli.kernel.Clock;
import io.lazuli.security.AccountKeys;
import io.lazuli.security.StorageService;
import io.lazuli.storage.model.StorageErrorCode;
import io.lazuli.storage.model.StorageException;
import io.lazuli.storage.partition.queue.QueueService;
import io.lazuli.storage.protocol.http.Access;
import io.lazuli.storage.protocol.http.Authorizer;
import io.lazuli.storage.protocol.http.ConditionHeaders;
import io.lazuli.storage.protocol.http.Reply;
import io.lazuli.storage.protocol.http.ServiceRequest;
import io.lazuli.storage.protocol.http.StorageProtocol;
import io.lazuli.storage.protocol.service.AclRequests;
import io.lazuli.storage.protocol.service.ServiceRequests;
import java.util.concurrent.CompletionStage;

/**
 * The Azure Queue REST protocol: finds the operation, authenticates and authorizes the request, validates names and
 * parameters, and hands it to {@link QueueService}. One per event loop; keeps nothing but verified signatures.
 */
final class QueueProtocol implements StorageProtocol {

    private static final String POLICY_LETTERS = "raup";

    private final QueueService queues;
    private final Authorizer authorizer;
    private final ServiceRequests serviceRequests;
    private final AclRequests aclRequests;
    private final QueueRequests queueRequests;
    private final MessageRequests messageRequests;

    QueueProtocol(QueueService queues, AccountKeys accounts, Clock clock) {
        this.queues = queues;
        this.authorizer = new Authorizer(StorageService.QUEUE, accounts, clock);
        this.serviceRequests = new ServiceRequests(StorageService.QUEUE, queues::getServiceProperties, queues::changeServiceProperties, clock);
        this.aclRequests = new AclRequests(queues::getAccessPolicies, queues::setAccessPolicies, POLICY_LETTERS);
        this.queueRequests = new QueueRequests(queues);
        this.messageRequests = new MessageRequests(queues);
    }

    @Override
    public StorageService service() {
        return StorageService.QUEUE;
    }

    @Override
    public String serverName() {
        return "Lazuli-Queue/1.0";
    }

    @Override
    public PlannedRequest plan(ServiceRequest request) {
        QueueOperation operation = QueueOperation.of(request);
        if (operation == QueueOperation.PREFLIGHT) {
            return serviceRequests.preflight(request, authorizer.isAccount(request.account()));
        }
        Access access = authorizer.authorize(request, operation.requirement(request.segments().isEmpty() ? "" : request.segments().get(0)));
        if (operation.isWrite()) {
            request.requirePrimary();
        }
        if (ConditionHeaders.arePresent(request)) {
            throw new StorageException(StorageErrorCode.CONDITION_HEADERS_NOT_SUPPORTED);
        }
        String queue = request.segments().isEmpty() ? "" : QueueNames.check(request.segments().get(0));
        String messageId = request.segments().size() < 3 ? "" : request.segments().get(2);
        return plan(operation, request, queue, messageId)
                .allowedBy(access, named -> queues.getAccessPolicies(request.account(), named));
    }

    private PlannedRequest plan(QueueOperation operation, ServiceRequest request, String queue, String messageId) {
        return switch (operation) {
            case PREFLIGHT -> throw new IllegalStateException("answered without credentials");
            case LIST_QUEUES -> queueRequests.list(request);
            case GET_SERVICE_PROPERTIES -> serviceRequests.getProperties(request);
            case SET_SERVICE_PROPERTIES -> serviceRequests.setProperties(request);
            case GET_SERVICE_STATS -> serviceRequests.stats(request);
            case CREATE_QUEUE -> queueRequests.create(request, queue);
            case DELETE_QUEUE -> queueRequests.delete(request, queue);
            case GET_METADATA -> queueRequests.getMetadata(request, queue);
            case SET_METADATA -> queueRequests.setMetadata(request, queue);
            case GET_ACL -> aclRequests.get(request, queue);
            case SET_ACL -> aclRequests.set(request, queue);
            case PUT_MESSAGE -> messageRequests.put(request, queue);
            case GET_MESSAGES -> messageRequests.receive(request, queue);
            case PEEK_MESSAGES -> messageRequests.peek(request, queue);
            case CLEAR_MESSAGES -> messageRequests.clear(request, queue);
            case UPDATE_MESSAGE -> messageRequests.update(request, queue, messageId);
            case DELETE_MESSAGE -> messageRequests.delete(request, queue, messageId);
        };
    }

    @Override
    public CompletionStage<Reply> withCors(ServiceRequest request, Reply reply) {
        return serviceRequests.withCors(request, reply);
    }
}
