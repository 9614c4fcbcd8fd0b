// The blob cases of the JavaScript SDK, one a line: a promise and what shows it. What it creates it removes.
import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import {
  AccountSASPermissions, AccountSASResourceTypes, AccountSASServices, BlobSASPermissions, BlobServiceClient, ContainerSASPermissions,
  StorageSharedKeyCredential, generateAccountSASQueryParameters, generateBlobSASQueryParameters,
} from "@azure/storage-blob";

const ACCOUNT = "devstoreaccount1";
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const given = process.argv[2] ?? `http://127.0.0.1:10000/${ACCOUNT}`;
const connectionString = given.includes("AccountName=")
  ? given
  : `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${given};`;
const options = { retryOptions: { maxTries: 4, retryDelayInMs: 500 } };
const service = BlobServiceClient.fromConnectionString(connectionString, options);
const field = (name) => connectionString.match(new RegExp(`${name}=([^;]+)`))[1];
const endpoint = field("BlobEndpoint");
const credential = new StorageSharedKeyCredential(field("AccountName"), field("AccountKey"));

const created = [];
const freeName = () => { const name = `js-${randomUUID()}`; created.push(name); return name; };
const newContainer = async (access) => { const container = service.getContainerClient(freeName()); await container.create({ access }); return container; };
const containerWith = async (...names) => { const container = await newContainer(); for (const name of names) await put(container, name, name); return container; };
const put = async (container, name, text, more) => { const blob = container.getBlockBlobClient(name); await blob.upload(text, Buffer.byteLength(text), more); return blob; };
const newBlob = async (text = "hello", more) => put(await newContainer(), "blob", text, more);
const text = async (blob, ...range) => (await blob.downloadToBuffer(...range)).toString();
const all = async (pages) => { const items = []; for await (const item of pages) items.push(item); return items; };
const names = async (container, more) => (await all(container.listBlobsFlat(more))).map((blob) => blob.name);
const refused = async (status, code, call) => {
  await assert.rejects(call, (error) => { assert.equal(error.statusCode, status, error.message); assert.equal(error.code ?? error.details?.errorCode, code); return true; });
};
const until = async (what, condition) => {
  for (const giveUp = Date.now() + 60_000; !(await condition());) {
    assert.ok(Date.now() < giveUp, `never happened: ${what}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
};
const soon = () => new Date(Date.now() + 3_600_000);
const byAccountSas = (permissions, types) => new BlobServiceClient(`${endpoint}?${generateAccountSASQueryParameters({
  expiresOn: soon(), permissions: AccountSASPermissions.parse(permissions), resourceTypes: AccountSASResourceTypes.parse(types).toString(), services: AccountSASServices.parse("b").toString(),
}, credential)}`, undefined, options);
const byContainerSas = (container, permissions) => new BlobServiceClient(`${endpoint}?${generateBlobSASQueryParameters({ containerName: container.containerName, permissions: ContainerSASPermissions.parse(permissions), expiresOn: soon() }, credential)}`, undefined, options).getContainerClient(container.containerName);
const blobSas = (blob, permissions) => generateBlobSASQueryParameters({ containerName: blob.containerName, blobName: blob.name, permissions: BlobSASPermissions.parse(permissions), expiresOn: soon() }, credential).toString();
const keepingProperties = async (check) => { const before = await service.getProperties(); try { await check(); } finally { await service.setProperties({ blobAnalyticsLogging: before.blobAnalyticsLogging, hourMetrics: before.hourMetrics, minuteMetrics: before.minuteMetrics, cors: before.cors ?? [], deleteRetentionPolicy: before.deleteRetentionPolicy, staticWebsite: before.staticWebsite }); } };

const cases = {
  "a container is created, listed and deleted": async () => { const container = await newContainer(); assert.deepEqual((await all(service.listContainers({ prefix: container.containerName }))).map((one) => one.name), [container.containerName]); await container.delete(); assert.equal(await container.exists(), false); },
  "a container that exists answers 409": async () => { const container = await newContainer(); await refused(409, "ContainerAlreadyExists", () => container.create()); assert.equal((await container.createIfNotExists()).succeeded, false); },
  "no container answers 404": () => refused(404, "ContainerNotFound", () => service.getContainerClient(freeName()).getProperties()),
  "a container's metadata come back": async () => { const container = await newContainer(); await container.setMetadata({ color: "blue and green" }); assert.deepEqual((await container.getProperties()).metadata, { color: "blue and green" }); assert.deepEqual((await all(service.listContainers({ prefix: container.containerName, includeMetadata: true })))[0].metadata, { color: "blue and green" }); },
  "a container's access policies come back": async () => { const container = await newContainer(); await container.setAccessPolicy("blob", [{ id: "one", accessPolicy: { startsOn: new Date("2024-01-02T03:04:05Z"), expiresOn: new Date("2034-01-02T03:04:05Z"), permissions: "rl" } }]); const read = await container.getAccessPolicy(); assert.equal(read.blobPublicAccess, "blob"); assert.deepEqual(read.signedIdentifiers.map((one) => [one.id, one.accessPolicy.permissions, one.accessPolicy.expiresOn.valueOf()]), [["one", "rl", Date.parse("2034-01-02T03:04:05Z")]]); },
  "a container's lease keeps it": async () => { const container = await newContainer(); const lease = container.getBlobLeaseClient(); await lease.acquireLease(-1); assert.equal((await container.getProperties()).leaseState, "leased"); await refused(412, "LeaseIdMissing", () => container.delete()); await lease.breakLease(0); assert.equal((await container.getProperties()).leaseState, "broken"); },
  "a name with capitals is refused": () => refused(400, "InvalidResourceName", () => service.createContainer("Capitals")),
  "a name of two characters is refused": () => refused(400, "OutOfRangeInput", () => service.createContainer("ab")),
  "containers page through": async () => { const prefix = `jp-${randomUUID()}-`; for (const end of "cabde") { created.push(prefix + end); await service.createContainer(prefix + end); } const read = []; for await (const page of service.listContainers({ prefix }).byPage({ maxPageSize: 2 })) read.push(...page.containerItems.map((one) => one.name.slice(-1))); assert.deepEqual(read, [..."abcde"]); },
  "service properties come back": () => keepingProperties(async () => { await service.setProperties({ ...(await service.getProperties()), cors: [{ allowedOrigins: "http://a.example", allowedMethods: "GET", allowedHeaders: "x-ms-*", exposedHeaders: "", maxAgeInSeconds: 60 }], staticWebsite: { enabled: true, indexDocument: "index.html", errorDocument404Path: "404.html" }, deleteRetentionPolicy: { enabled: true, days: 5 } }); const read = await service.getProperties(); assert.equal(read.cors[0].allowedOrigins, "http://a.example"); assert.equal(read.staticWebsite.indexDocument, "index.html"); assert.equal(read.deleteRetentionPolicy.days, 5); }),
  "account information": async () => { const read = await service.getAccountInfo(); assert.equal(read.accountKind, "StorageV2"); assert.equal(read.isHierarchicalNamespaceEnabled, false); },
  "a blob comes back": async () => { const blob = await newBlob("hello"); assert.equal(await text(blob), "hello"); const read = await blob.getProperties(); assert.deepEqual([read.contentLength, read.blobType, read.contentType, read.accessTier], [5, "BlockBlob", "application/octet-stream", "Hot"]); },
  "an empty blob comes back": async () => { const blob = await newBlob(""); const read = await blob.download(); assert.equal(read.contentLength, 0); },
  "headers and metadata come back": async () => { const blob = await newBlob("x", { blobHTTPHeaders: { blobContentType: "text/plain", blobCacheControl: "no-cache", blobContentLanguage: "en" }, metadata: { color: "blue" } }); const read = await blob.getProperties(); assert.deepEqual([read.contentType, read.cacheControl, read.contentLanguage, read.metadata.color], ["text/plain", "no-cache", "en", "blue"]); },
  "changed headers come back": async () => { const blob = await newBlob(); await blob.setHTTPHeaders({ blobContentType: "text/html" }); assert.equal((await blob.getProperties()).contentType, "text/html"); },
  "a range comes back": async () => { const blob = await newBlob("0123456789"); assert.equal(await text(blob, 3, 4), "3456"); assert.equal((await blob.download(8)).contentRange, "bytes 8-9/10"); },
  "a range behind the end answers 416": async () => { const blob = await newBlob("0123"); await refused(416, "InvalidRange", () => blob.download(10)); },
  "the digest of a blob comes back": async () => { const blob = await newBlob("hello"); assert.deepEqual(Buffer.from((await blob.getProperties()).contentMD5), createHash("md5").update("hello").digest()); },
  "a wrong digest is refused": async () => { const container = await newContainer(); await refused(400, "Md5Mismatch", () => container.getBlockBlobClient("b").stageBlock(Buffer.from("0001").toString("base64"), "x", 1, { transactionalContentMD5: createHash("md5").update("y").digest() })); },
  "no blob answers 404": async () => { const container = await newContainer(); await refused(404, "BlobNotFound", () => container.getBlobClient("none").download()); assert.equal(await container.getBlobClient("none").exists(), false); },
  "an old ETag answers 412, a present one 304": async () => { const blob = await newBlob(); const { etag } = await blob.getProperties(); await blob.upload("x", 1); await refused(412, "ConditionNotMet", () => blob.upload("y", 1, { conditions: { ifMatch: etag } })); const now = (await blob.getProperties()).etag; await assert.rejects(() => blob.download(0, undefined, { conditions: { ifNoneMatch: now } }), (error) => error.statusCode === 304); },
  "what exists is not overwritten if nothing may": async () => { const blob = await newBlob(); await refused(409, "BlobAlreadyExists", () => blob.upload("y", 1, { conditions: { ifNoneMatch: "*" } })); },
  "blocks become a blob": async () => { const blob = (await newContainer()).getBlockBlobClient("b"); const ids = ["0001", "0002"].map((id) => Buffer.from(id).toString("base64")); await blob.stageBlock(ids[0], "hello ", 6); await blob.stageBlock(ids[1], "world", 5); assert.equal((await blob.getBlockList("uncommitted")).uncommittedBlocks.length, 2); await blob.commitBlockList(ids); assert.equal(await text(blob), "hello world"); assert.deepEqual((await blob.getBlockList("committed")).committedBlocks.map((one) => one.size), [6, 5]); },
  "a missing block is refused": async () => { const blob = (await newContainer()).getBlockBlobClient("b"); await refused(400, "InvalidBlockList", () => blob.commitBlockList([Buffer.from("0001").toString("base64")])); },
  "5 MB in parallel blocks come back": async () => { const blob = (await newContainer()).getBlockBlobClient("b"); const bytes = randomBytes(5_000_000); await blob.uploadData(bytes, { blockSize: 1 << 20, concurrency: 4, maxSingleShotSize: 1 << 20 }); assert.deepEqual(await blob.downloadToBuffer(0, undefined, { blockSize: 700_000, concurrency: 4 }), bytes); },
  "appends become a blob": async () => { const blob = (await newContainer()).getAppendBlobClient("b"); await blob.create(); await blob.appendBlock("hello ", 6); assert.equal((await blob.appendBlock("world", 5)).blobAppendOffset, "6"); assert.equal(await text(blob), "hello world"); await refused(412, "AppendPositionConditionNotMet", () => blob.appendBlock("x", 1, { conditions: { appendPosition: 3 } })); },
  "pages become a blob": async () => { const blob = (await newContainer()).getPageBlobClient("b"); await blob.create(2048); await blob.uploadPages(Buffer.alloc(512, 7), 512, 512); const read = await blob.downloadToBuffer(); assert.deepEqual([read.length, read[511], read[512], read[1023], read[1024]], [2048, 0, 7, 7, 0]); assert.deepEqual((await blob.getPageRanges(0, 2048)).pageRange, [{ offset: 512, count: 511 }]); },
  "a snapshot stays as it was": async () => { const blob = await newBlob("old"); const { snapshot } = await blob.createSnapshot(); await blob.upload("new", 3); assert.equal(await text(blob.withSnapshot(snapshot)), "old"); assert.equal(await text(blob), "new"); await refused(409, "SnapshotsPresent", () => blob.delete()); await blob.delete({ deleteSnapshots: "include" }); },
  "a lease keeps a blob": async () => { const blob = await newBlob(); const lease = blob.getBlobLeaseClient(); await lease.acquireLease(15); await refused(412, "LeaseIdMissing", () => blob.upload("x", 1)); await blob.upload("x", 1, { conditions: { leaseId: lease.leaseId } }); await lease.releaseLease(); await blob.upload("y", 1); },
  "a copy is as its source": async () => { const source = await newBlob("copied", { metadata: { color: "blue" } }); const copy = (service.getContainerClient(source.containerName)).getBlobClient("copy"); const poller = await copy.beginCopyFromURL(source.url); assert.equal((await poller.pollUntilDone()).copyStatus, "success"); assert.equal(await text(copy), "copied"); assert.equal((await copy.getProperties()).metadata.color, "blue"); },
  "a tier comes back": async () => { const blob = await newBlob(); await blob.setAccessTier("Cool"); assert.equal((await blob.getProperties()).accessTier, "Cool"); },
  "an archived blob cannot be read": async () => { const blob = await newBlob(); await blob.setAccessTier("Archive"); await refused(409, "BlobArchived", () => blob.download()); },
  "tags come back and find": async () => { const blob = await newBlob(); const project = randomUUID(); await blob.setTags({ project, n: "1" }); assert.deepEqual((await blob.getTags()).tags, { project, n: "1" }); assert.deepEqual((await all(service.findBlobsByTags(`project='${project}'`))).map((one) => [one.containerName, one.name]), [[blob.containerName, "blob"]]); assert.deepEqual((await all(service.getContainerClient(blob.containerName).findBlobsByTags(`project='${project}' AND n='2'`))), []); },
  "blobs are listed in order, page by page": async () => { const container = await containerWith("c", "a", "b/2", "b/1"); assert.deepEqual(await names(container), ["a", "b/1", "b/2", "c"]); const sizes = []; for await (const page of container.listBlobsFlat().byPage({ maxPageSize: 3 })) sizes.push(page.segment.blobItems.length); assert.equal(sizes.reduce((sum, size) => sum + size), 4); assert.deepEqual(await names(container, { prefix: "b/" }), ["b/1", "b/2"]); },
  "a hierarchy is listed": async () => { const container = await containerWith("c", "a", "b/2", "b/1"); assert.deepEqual((await all(container.listBlobsByHierarchy("/"))).map((one) => `${one.kind} ${one.name}`).sort(), ["blob a", "blob c", "prefix b/"]); },
  "snapshots, metadata and tags are listed": async () => { const blob = await newBlob("x", { metadata: { color: "blue" } }); await blob.setTags({ k: "v" }); await blob.createSnapshot(); const container = service.getContainerClient(blob.containerName); const items = await all(container.listBlobsFlat({ includeSnapshots: true, includeMetadata: true, includeTags: true })); assert.deepEqual(items.map((one) => [!!one.snapshot, one.metadata?.color]), [[true, "blue"], [false, "blue"]]); assert.deepEqual(items[1].tags, { k: "v" }); },
  "odd names come back": async () => { const odd = [" x ", "a&b<c>", "a+b", "a%20b", "a'b\"", "é漢😀", "dir//x"]; const container = await containerWith(...odd); assert.deepEqual((await names(container)).sort(), [...odd].sort()); for (const name of odd) assert.equal(await text(container.getBlobClient(name)), name); },
  "a name that XML cannot hold comes back": async () => { const container = await containerWith("a\uFFFE +b"); assert.deepEqual(await names(container), ["a\uFFFE +b"]); },
  "a batch deletes": async () => { const container = await containerWith("a", "b c", "d"); const answer = await service.getBlobBatchClient().deleteBlobs(["a", "b c", "none"].map((name) => container.getBlobClient(name))); assert.deepEqual(answer.subResponses.map((one) => [one.status, one.errorCode]), [[202, undefined], [202, undefined], [404, "BlobNotFound"]]); assert.deepEqual(await names(container), ["d"]); },
  "a batch sets tiers": async () => { const container = await containerWith("a", "b"); const answer = await container.getBlobBatchClient().setBlobsAccessTier(["a", "b"].map((name) => container.getBlobClient(name)), "Cool"); assert.equal(answer.subResponsesSucceededCount, 2); assert.equal((await container.getBlobClient("b").getProperties()).accessTier, "Cool"); },
  "everybody reads a public blob": async () => { const container = await newContainer("blob"); await put(container, "a", "public"); const answer = await fetch(container.getBlobClient("a").url); assert.deepEqual([answer.status, await answer.text()], [200, "public"]); assert.ok((await fetch(`${container.url}?restype=container&comp=list`)).status >= 400); },
  "nobody else reads a private blob": async () => { const blob = await newBlob(); assert.ok((await fetch(blob.url)).status >= 401); },
  "an account signature is accepted": async () => { const blob = await newBlob("hello"); assert.equal(await text(byAccountSas("r", "o").getContainerClient(blob.containerName).getBlobClient("blob")), "hello"); },
  "an account signature without the right is refused": async () => { const blob = await newBlob(); await refused(403, "AuthorizationPermissionMismatch", () => byAccountSas("r", "o").getContainerClient(blob.containerName).getBlobClient("blob").delete()); },
  "a container's signature is accepted": async () => { const container = await containerWith("a"); const by = byContainerSas(container, "rwl"); assert.deepEqual(await names(by), ["a"]); await put(by, "b", "x"); await refused(403, "AuthorizationPermissionMismatch", () => by.getBlobClient("a").delete()); },
  "a blob's signature is for this blob": async () => { const blob = await newBlob("hello"); await put(service.getContainerClient(blob.containerName), "other", "x"); const sas = blobSas(blob, "r"); assert.equal(await (await fetch(`${blob.url}?${sas}`)).text(), "hello"); assert.equal((await fetch(`${blob.url.replace(/blob$/, "other")}?${sas}`)).status, 403); },
  "a wrong key is refused": () => refused(403, "AuthenticationFailed", () => new BlobServiceClient(endpoint, new StorageSharedKeyCredential(field("AccountName"), Buffer.from("this is nobody's key").toString("base64")), options).getProperties()),
  "a deleted blob comes back": () => keepingProperties(async () => { await service.setProperties({ ...(await service.getProperties()), deleteRetentionPolicy: { enabled: true, days: 1 } }); const blob = await newBlob("kept"); await until("deleted softly", async () => { await blob.upload("kept", 4); await blob.delete(); try { await blob.undelete(); return await blob.exists(); } catch (error) { return false; } }); assert.equal(await text(blob), "kept"); }),
};

let passed = 0;
let failed = 0;
for (const [promise, check] of Object.entries(cases)) {
  try {
    await check();
    passed++;
  } catch (error) {
    failed++;
    console.log(`FAILED ${promise}\n       ${String(error?.message ?? error).split("\n").slice(0, 6).join("\n       ")}`);
  }
}
for (const name of created) await service.getContainerClient(name).deleteIfExists().catch(() => {});
console.log(`blobs: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
