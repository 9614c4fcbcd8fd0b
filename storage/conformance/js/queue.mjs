// The queue cases of the JavaScript SDK, one a line: a promise and what shows it. What it creates it removes.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import {
  AccountSASPermissions, AccountSASResourceTypes, AccountSASServices, QueueServiceClient, StorageSharedKeyCredential,
  generateAccountSASQueryParameters,
} from "@azure/storage-queue";
import { STRANGE_KEY, all, connection, refused, run, soon, until } from "./cases.mjs";

const given = connection("QueueEndpoint", 10001);
const options = { retryOptions: { maxTries: 4, retryDelayInMs: 500 } };
const service = QueueServiceClient.fromConnectionString(given.text, options);
const { endpoint } = given;

const created = [];
const freeName = () => { const name = `js-${randomUUID()}`; created.push(name); return name; };
const newQueue = async () => { const queue = service.getQueueClient(freeName()); await queue.create(); return queue; };
const queueWith = async (...texts) => { const queue = await newQueue(); for (const text of texts) await queue.sendMessage(text); return queue; };
const texts = (messages) => messages.map((message) => message.messageText);
const receive = async (queue, options) => (await queue.receiveMessages(options)).receivedMessageItems;
const roundTrip = async (text) => {
  const queue = await queueWith(text);
  assert.deepEqual(texts((await queue.peekMessages()).peekedMessageItems), [text]);
  assert.deepEqual(texts(await receive(queue)), [text]);
};
const list = async (options) => (await all(service.listQueues(options))).map((queue) => queue.name);
const bySas = (permissions, types, services = "q", expiresOn = soon()) => new QueueServiceClient(`${endpoint}?${generateAccountSASQueryParameters({
  expiresOn, permissions: AccountSASPermissions.parse(permissions), resourceTypes: AccountSASResourceTypes.parse(types).toString(), services: AccountSASServices.parse(services).toString(),
}, new StorageSharedKeyCredential(given.account, given.key))}`, undefined, options);
const corsRule = { allowedOrigins: "http://a.example", allowedMethods: "GET,PUT", allowedHeaders: "x-ms-*", exposedHeaders: "x-ms-request-id", maxAgeInSeconds: 60 };
const keepingProperties = async (check) => { const before = await service.getProperties(); try { await check(); } finally { await service.setProperties({ queueAnalyticsLogging: before.queueAnalyticsLogging, hourMetrics: before.hourMetrics, minuteMetrics: before.minuteMetrics, cors: before.cors ?? [] }); } };

const cases = {
  "create answers 201": async () => assert.equal((await service.createQueue(freeName()))._response.status, 201),
  "create answers 204 for the same metadata": async () => { const name = freeName(); await service.createQueue(name, { metadata: { color: "blue" } }); assert.equal((await service.createQueue(name, { metadata: { color: "blue" } }))._response.status, 204); },
  "create answers 409 for other metadata": async () => { const queue = await newQueue(); await refused(409, "QueueAlreadyExists", () => queue.create({ metadata: { color: "red" } })); },
  "createIfNotExists is content with what exists": async () => assert.equal((await (await newQueue()).createIfNotExists()).succeeded, false),
  "exists tells": async () => { assert.equal(await (await newQueue()).exists(), true); assert.equal(await service.getQueueClient(freeName()).exists(), false); },
  "delete answers 204": async () => assert.equal((await (await newQueue()).delete())._response.status, 204),
  "delete of no queue answers 404": () => refused(404, "QueueNotFound", () => service.deleteQueue(freeName())),
  "deleteIfExists of no queue is quiet": async () => assert.equal((await service.getQueueClient(freeName()).deleteIfExists()).succeeded, false),
  "metadata comes back": async () => { const queue = await newQueue(); await queue.setMetadata({ color: "blue", _size1: "3" }); assert.deepEqual((await queue.getProperties()).metadata, { color: "blue", _size1: "3" }); },
  "odd metadata names are signed alike": async () => { const queue = await newQueue(); const odd = { a: "1", a_b: "2", ab: "3", a1: "4", _a: "5", aa: "6", a_: "7", a__b: "8", a_1: "9" }; await queue.setMetadata(odd); assert.deepEqual((await queue.getProperties()).metadata, odd); },
  "the number of messages is told": async () => assert.equal((await (await queueWith("a", "b", "c")).getProperties()).approximateMessagesCount, 3),
  "list finds by prefix, in order": async () => { const prefix = `js-${randomUUID().slice(0, 13)}-`; for (const end of ["b", "a", "c"]) { created.push(prefix + end); await service.createQueue(prefix + end); } assert.deepEqual(await list({ prefix }), ["a", "b", "c"].map((end) => prefix + end)); },
  "list pages": async () => { const prefix = `js-${randomUUID().slice(0, 13)}-`; for (const end of "abcde") { created.push(prefix + end); await service.createQueue(prefix + end); } const sizes = []; for await (const page of service.listQueues({ prefix }).byPage({ maxPageSize: 2 })) sizes.push(page.queueItems.length); assert.deepEqual(sizes, [2, 2, 1]); },
  "list includes metadata when asked": async () => { const name = freeName(); await service.createQueue(name, { metadata: { color: "blue" } }); for await (const queue of service.listQueues({ prefix: name, includeMetadata: true })) assert.deepEqual(queue.metadata, { color: "blue" }); },
  "access policies come back": async () => { const queue = await newQueue(); const policy = { id: "one", accessPolicy: { startsOn: new Date("2024-01-02T03:04:05Z"), expiresOn: new Date("2034-01-02T03:04:05Z"), permissions: "raup" } }; await queue.setAccessPolicy([policy]); assert.deepEqual((await queue.getAccessPolicy()).signedIdentifiers, [policy]); },
  "six access policies are refused": async () => { const queue = await newQueue(); await refused(400, "InvalidXmlDocument", () => queue.setAccessPolicy([..."abcdef"].map((id) => ({ id, accessPolicy: { permissions: "r" } })))); },
  "service properties come back": () => keepingProperties(async () => { const retentionPolicy = { enabled: true, days: 5 }; await service.setProperties({ queueAnalyticsLogging: { version: "1.0", deleteProperty: true, read: true, write: false, retentionPolicy }, hourMetrics: { version: "1.0", enabled: true, includeAPIs: false, retentionPolicy }, minuteMetrics: { version: "1.0", enabled: false, retentionPolicy: { enabled: false } }, cors: [corsRule] }); const after = await service.getProperties(); assert.equal(after.queueAnalyticsLogging.retentionPolicy.days, 5); assert.equal(after.hourMetrics.enabled, true); assert.deepEqual(after.cors, [corsRule]); }),
  "statistics are not for the primary location": () => refused(400, "InvalidQueryParameterValue", () => service.getStatistics()),
  "statistics of the secondary location are live": async () => assert.equal((await new QueueServiceClient(`${endpoint}-secondary`, new StorageSharedKeyCredential(given.account, given.key)).getStatistics())._response.bodyAsText.match(/^<.*?><StorageServiceStats><GeoReplication><Status>(\w+)</)?.[1], "live"), // the client itself looks for another root element than the documented one
  "plain text comes back": () => roundTrip("hello"),
  "markup comes back": () => roundTrip("<a href=\"x\">&amp; ]]> 'q'</a>"),
  "every script comes back": () => roundTrip("é Ж 漢字 😀"),
  "64 KiB come back": () => roundTrip("x".repeat(64 * 1024)),
  "one byte more is refused": async () => { const queue = await newQueue(); await refused(413, "RequestBodyTooLarge", () => queue.sendMessage("x".repeat(64 * 1024 + 1))); },
  "a control character is refused": async () => { const queue = await newQueue(); await refused(400, "InvalidXmlDocument", () => queue.sendMessage("\u0001")); },
  "put answers id, receipt and times": async () => { const sent = await (await newQueue()).sendMessage("x", { messageTimeToLive: 100, visibilityTimeout: 20 }); assert.match(sent.messageId, /^[0-9a-f-]{36}$/); assert.ok(sent.popReceipt); assert.equal(sent.expiresOn - sent.insertedOn, 100_000); assert.equal(sent.nextVisibleOn - sent.insertedOn, 20_000); },
  "a message may live for ever": async () => assert.equal((await (await newQueue()).sendMessage("x", { messageTimeToLive: -1 })).expiresOn.getUTCFullYear(), 9999),
  "a message that may not live is refused": async () => { const queue = await newQueue(); await refused(400, "InvalidQueryParameterValue", () => queue.sendMessage("x", { messageTimeToLive: 0 })); },
  "a message hidden for longer than it lives is refused": async () => { const queue = await newQueue(); await refused(400, "InvalidQueryParameterValue", () => queue.sendMessage("x", { messageTimeToLive: 10, visibilityTimeout: 10 })); },
  "a message disappears when its time is over": async () => { const queue = await newQueue(); await queue.sendMessage("x", { messageTimeToLive: 1 }); await until("it is gone", async () => (await queue.peekMessages()).peekedMessageItems.length === 0); },
  "a hidden message is not seen": async () => { const queue = await newQueue(); await queue.sendMessage("x", { visibilityTimeout: 3600 }); assert.deepEqual(await receive(queue), []); },
  "a received message reappears": async () => { const queue = await queueWith("x"); const [first] = await receive(queue, { visibilityTimeout: 1 }); let second; await until("it reappears", async () => ([second] = await receive(queue)) && second !== undefined); assert.equal(second.messageId, first.messageId); assert.equal(second.dequeueCount, 2); await refused(400, "PopReceiptMismatch", () => queue.deleteMessage(first.messageId, first.popReceipt)); },
  "messages come in order, 32 at most": async () => { const sent = Array.from({ length: 40 }, (_, i) => `m${i}`); const queue = await queueWith(...sent); assert.deepEqual(texts(await receive(queue, { numberOfMessages: 32 })).concat(texts(await receive(queue, { numberOfMessages: 32 }))), sent); },
  "33 messages cannot be asked for": async () => { const queue = await newQueue(); await refused(400, "OutOfRangeQueryParameterValue", () => queue.receiveMessages({ numberOfMessages: 33 })); },
  "eight days cannot be asked for": async () => { const queue = await newQueue(); await refused(400, "OutOfRangeQueryParameterValue", () => queue.receiveMessages({ visibilityTimeout: 8 * 24 * 3600 })); },
  "peek shows and changes nothing": async () => { const queue = await queueWith("a", "b"); for (let round = 0; round < 2; round++) assert.deepEqual(texts((await queue.peekMessages({ numberOfMessages: 32 })).peekedMessageItems), ["a", "b"]); },
  "update changes text and receipt": async () => { const queue = await queueWith("one"); const [message] = await receive(queue); const updated = await queue.updateMessage(message.messageId, message.popReceipt, "two", 0); assert.notEqual(updated.popReceipt, message.popReceipt); assert.deepEqual(texts(await receive(queue)), ["two"]); await refused(400, "PopReceiptMismatch", () => queue.updateMessage(message.messageId, message.popReceipt, "three", 0)); },
  "update without text keeps it": async () => { const queue = await queueWith("one"); const [message] = await receive(queue); await queue.updateMessage(message.messageId, message.popReceipt, undefined, 0); assert.deepEqual(texts(await receive(queue)), ["one"]); },
  "delete answers 204, then 404": async () => { const queue = await queueWith("x"); const [message] = await receive(queue); assert.equal((await queue.deleteMessage(message.messageId, message.popReceipt))._response.status, 204); await refused(404, "MessageNotFound", () => queue.deleteMessage(message.messageId, message.popReceipt)); },
  "clear removes all": async () => { const queue = await queueWith("a", "b"); await receive(queue); assert.equal((await queue.clearMessages())._response.status, 204); assert.equal((await queue.getProperties()).approximateMessagesCount, 0); },
  "put to no queue answers 404": () => refused(404, "QueueNotFound", () => service.getQueueClient(freeName()).sendMessage("x")),
  "a name with capitals is refused": () => refused(400, "InvalidResourceName", () => service.createQueue("Capitals")),
  "a name of two characters is refused": () => refused(400, "OutOfRangeInput", () => service.createQueue("ab")),
  "100 messages at once are put, received and deleted": async () => { const queue = await newQueue(); const sent = Array.from({ length: 100 }, (_, i) => `m${i}`); await Promise.all(sent.map((text) => queue.sendMessage(text))); const got = []; while (got.length < sent.length) { const batch = await receive(queue, { numberOfMessages: 32 }); assert.ok(batch.length > 0); got.push(...texts(batch)); await Promise.all(batch.map((message) => queue.deleteMessage(message.messageId, message.popReceipt))); } assert.deepEqual(got.sort(), sent.sort()); },
  "an account signature is accepted": async () => { const queue = await queueWith("x"); assert.deepEqual(texts(await receive(bySas("p", "o").getQueueClient(queue.name))), ["x"]); },
  "a wrong permission is refused": async () => { const queue = await newQueue(); await refused(403, "AuthorizationPermissionMismatch", () => bySas("r", "o").getQueueClient(queue.name).sendMessage("x")); },
  "a wrong resource type is refused": async () => { const queue = await newQueue(); await refused(403, "AuthorizationResourceTypeMismatch", () => bySas("a", "sc").getQueueClient(queue.name).sendMessage("x")); },
  "a wrong service is refused": async () => { const queue = await newQueue(); await refused(403, "AuthorizationServiceMismatch", () => bySas("a", "o", "bt").getQueueClient(queue.name).sendMessage("x")); },
  "an expired signature is refused": async () => { const queue = await newQueue(); await refused(403, "AuthenticationFailed", () => bySas("a", "o", "q", new Date(Date.now() - 1000)).getQueueClient(queue.name).sendMessage("x")); },
  "a wrong key is refused": () => refused(403, "AuthenticationFailed", () => new QueueServiceClient(endpoint, new StorageSharedKeyCredential(given.account, STRANGE_KEY), options).getProperties()),
};

await run("queues", cases, created, (name) => service.getQueueClient(name).deleteIfExists());
