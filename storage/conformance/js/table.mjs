// The table cases of the JavaScript SDK, one a line: a promise and what shows it. What it creates it removes.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { AzureNamedKeyCredential, AzureSASCredential, TableClient, TableServiceClient, TableTransaction, generateAccountSas, generateTableSas, odata } from "@azure/data-tables";
import { STRANGE_KEY, all, connection, refused, run, soon } from "./cases.mjs";

const given = connection("TableEndpoint", 10002);
const { endpoint } = given;
const credential = new AzureNamedKeyCredential(given.account, given.key);
const options = { allowInsecureConnection: true, retryOptions: { maxRetries: 4, retryDelayInMs: 500 } };
const service = new TableServiceClient(endpoint, credential, options);

const created = [];
const freeName = () => { const name = `Js${randomUUID().replaceAll("-", "")}`; created.push(name); return name; };
const client = (name, by = credential) => new TableClient(endpoint, name, by, options);
const newTable = async (...entities) => { const table = client(freeName()); await table.createTable(); for (const entity of entities) await table.createEntity({ partitionKey: "p", ...entity }); return table; };
const keys = async (table, queryOptions) => (await all(table.listEntities({ queryOptions }))).map((entity) => entity.rowKey);
const roundTrip = async (value) => { const table = await newTable({ rowKey: "r", value }); return (await table.getEntity("p", "r")).value; };
const same = async (value) => assert.deepEqual(await roundTrip(value), value);
const typed = async (type, value) => { const table = await newTable({ rowKey: "r", value: { type, value } }); assert.deepEqual((await table.getEntity("p", "r", { disableTypeConversion: true })).value, { type, value }); };
const many = async (count) => { const table = await newTable(); for (let first = 0; first < count; first += 100) await table.submitTransaction(Array.from({ length: Math.min(100, count - first) }, (_, i) => ["create", { partitionKey: "p", rowKey: String(first + i).padStart(5, "0"), n: first + i }])); return table; };
const byTableSas = (table, permissions, more = {}) => client(table.tableName, new AzureSASCredential(generateTableSas(table.tableName, credential, { permissions, expiresOn: soon(), ...more })));
const byAccountSas = (permissions, services = { table: true }) => new AzureSASCredential(generateAccountSas(credential, { permissions, services, resourceTypes: "sco", expiresOn: soon() }));

const cases = {
  "create answers and lists": async () => { const name = freeName(); await service.createTable(name); assert.deepEqual((await all(service.listTables({ queryOptions: { filter: odata`TableName eq ${name}` } }))).map((table) => table.name), [name]); },
  "create again is quiet": async () => { const table = await newTable(); await service.createTable(table.tableName); },
  "list of tables pages": async () => { const prefix = `Jp${randomUUID().replaceAll("-", "").slice(0, 10)}x`; for (const end of "cabde") { created.push(prefix + end); await service.createTable(prefix + end); } const sizes = []; for await (const page of service.listTables({ queryOptions: { filter: odata`TableName ge ${prefix} and TableName lt ${prefix + "z"}` } }).byPage({ maxPageSize: 2 })) sizes.push(...page.map((table) => table.name.slice(-1))); assert.deepEqual(sizes, [..."abcde"]); },
  "delete removes the table": async () => { const table = await newTable(); await table.deleteTable(); assert.equal((await all(service.listTables({ queryOptions: { filter: odata`TableName eq ${table.tableName}` } }))).length, 0); },
  "a name with an underscore is refused": () => refused(400, "InvalidResourceName", () => service.createTable("a_b_c")),
  "access policies come back": async () => { const table = await newTable(); const policy = { id: "one", accessPolicy: { start: new Date("2024-01-02T03:04:05Z"), expiry: new Date("2034-01-02T03:04:05Z"), permission: "raud" } }; await table.setAccessPolicy([policy]); assert.deepEqual(await all((await table.getAccessPolicy()).map((one) => ({ id: one.id, accessPolicy: one.accessPolicy }))), [policy]); },
  "service properties come back": async () => { const before = await service.getProperties(); try { await service.setProperties({ ...before, cors: [{ allowedOrigins: "http://a.example", allowedMethods: "GET", allowedHeaders: "x-ms-*", exposedHeaders: "", maxAgeInSeconds: 60 }] }); assert.equal((await service.getProperties()).cors[0].allowedOrigins, "http://a.example"); } finally { await service.setProperties({ ...before, cors: before.cors ?? [] }); } },
  "text comes back": () => same("hello"),
  "empty text comes back": () => same(""),
  "every script comes back": () => same("é Ж 漢字 😀"),
  "a number comes back": () => same(42),
  "a fraction comes back": () => same(-1.5),
  "a boolean comes back": () => same(true),
  "a 64-bit number comes back": async () => assert.equal(await roundTrip(9223372036854775807n), 9223372036854775807n),
  "the least 64-bit number comes back": async () => assert.equal(await roundTrip(-9223372036854775808n), -9223372036854775808n),
  "a date comes back": async () => assert.equal((await roundTrip(new Date("2020-02-29T12:00:00.123Z"))).valueOf(), new Date("2020-02-29T12:00:00.123Z").valueOf()),
  "bytes come back": async () => assert.deepEqual([...await roundTrip(new Uint8Array([0, 1, 255]))], [0, 1, 255]),
  "a date of seven digits comes back": () => typed("DateTime", "2013-08-02T17:37:43.9004348Z"),
  "a guid comes back": () => typed("Guid", "c9da6455-213d-42c9-9a79-3e9149a57833"),
  "a typed 64-bit number comes back": () => typed("Int64", "5"),
  "NaN comes back": () => typed("Double", "NaN"),
  "null is not stored": async () => { const table = await newTable({ rowKey: "r", kept: 1, gone: null }); assert.equal("gone" in await table.getEntity("p", "r"), false); },
  "an etag and a timestamp come with it": async () => { const table = await newTable({ rowKey: "r" }); const read = await table.getEntity("p", "r"); assert.match(read.etag, /^W\/"datetime'.*'"$/); assert.match(read.timestamp, /^\d{4}-.*\.\d{7}Z$/); },
  "insert twice answers 409": async () => { const table = await newTable({ rowKey: "r" }); await refused(409, "EntityAlreadyExists", () => table.createEntity({ partitionKey: "p", rowKey: "r" })); },
  "a read of nothing answers 404": async () => { const table = await newTable(); await refused(404, "ResourceNotFound", () => table.getEntity("p", "r")); },
  "a read from no table answers 404": () => refused(404, "TableNotFound", () => client(freeName()).getEntity("p", "r")),
  "update merges": async () => { const table = await newTable({ rowKey: "r", a: 1 }); await table.updateEntity({ partitionKey: "p", rowKey: "r", b: 2 }, "Merge"); const read = await table.getEntity("p", "r"); assert.deepEqual([read.a, read.b], [1, 2]); },
  "update replaces": async () => { const table = await newTable({ rowKey: "r", a: 1 }); await table.updateEntity({ partitionKey: "p", rowKey: "r", b: 2 }, "Replace"); const read = await table.getEntity("p", "r"); assert.deepEqual([read.a, read.b], [undefined, 2]); },
  "update of an old version answers 412": async () => { const table = await newTable({ rowKey: "r", a: 1 }); const { etag } = await table.getEntity("p", "r"); await table.updateEntity({ partitionKey: "p", rowKey: "r", a: 2 }); await refused(412, "UpdateConditionNotSatisfied", () => table.updateEntity({ partitionKey: "p", rowKey: "r", a: 3 }, "Merge", { etag })); },
  "upsert inserts and replaces": async () => { const table = await newTable(); for (const a of [1, 2]) await table.upsertEntity({ partitionKey: "p", rowKey: "r", a }, "Replace"); assert.equal((await table.getEntity("p", "r")).a, 2); },
  "delete removes": async () => { const table = await newTable({ rowKey: "r" }); await table.deleteEntity("p", "r"); await refused(404, "ResourceNotFound", () => table.getEntity("p", "r")); },
  "delete of nothing answers 404": async () => { const table = await newTable(); await refused(404, "ResourceNotFound", () => table.deleteEntity("p", "r")); },
  "odd keys are found": async () => { const odd = ["o'clock", "a b", "100%", "a+b", "é漢😀", "a&b=c"]; const table = await newTable(...odd.map((rowKey) => ({ rowKey }))); for (const rowKey of odd) assert.equal((await table.getEntity("p", rowKey)).rowKey, rowKey); assert.deepEqual((await keys(table, { filter: odata`RowKey eq ${"o'clock"}` })), ["o'clock"]); },
  "a key with a slash is refused": async () => { const table = await newTable(); await refused(400, "OutOfRangeInput", () => table.createEntity({ partitionKey: "p", rowKey: "a/b" })); },
  "a property name with a dash is refused": async () => { const table = await newTable(); await refused(400, "PropertyNameInvalid", () => table.createEntity({ partitionKey: "p", rowKey: "r", "a-b": 1 })); },
  "more than 64 KiB of text is refused": async () => { const table = await newTable(); await refused(400, "PropertyValueTooLarge", () => table.createEntity({ partitionKey: "p", rowKey: "r", a: "x".repeat(32 * 1024 + 1) })); },
  "a filter finds": async () => { const table = await newTable({ rowKey: "1", n: 1, s: "a" }, { rowKey: "2", n: 2, s: "b" }, { rowKey: "3", n: 3, s: "a" }); assert.deepEqual(await keys(table, { filter: odata`n gt ${1} and s eq ${"a"}` }), ["3"]); assert.deepEqual(await keys(table, { filter: "not (n eq 2) or s eq 'b'" }), ["1", "2", "3"]); },
  "a filter of a date finds": async () => { const table = await newTable({ rowKey: "1", t: new Date("2020-01-01T00:00:00Z") }, { rowKey: "2", t: new Date("2021-01-01T00:00:00Z") }); assert.deepEqual(await keys(table, { filter: odata`t gt ${new Date("2020-06-01T00:00:00Z")}` }), ["2"]); },
  "a wrong filter is refused": async () => { const table = await newTable(); await refused(400, "InvalidInput", () => keys(table, { filter: "n gt" })); },
  "select answers these properties": async () => { const table = await newTable({ rowKey: "1", n: 1, s: "a" }); const [entity] = await all(table.listEntities({ queryOptions: { select: ["s"] } })); assert.equal(entity.s, "a"); assert.equal(entity.n, undefined); },
  "1,250 entities come in order, page by page": async () => { const table = await many(1250); const read = await keys(table); assert.equal(read.length, 1250); assert.deepEqual(read, [...read].sort()); const sizes = []; for await (const page of table.listEntities().byPage({ maxPageSize: 500 })) sizes.push(page.length); assert.deepEqual(sizes.filter((size) => size > 0), [500, 500, 250]); },
  "a page's token goes on": async () => { const table = await many(10); const first = await table.listEntities().byPage({ maxPageSize: 4 }).next(); const second = await table.listEntities().byPage({ maxPageSize: 4, continuationToken: first.value.continuationToken }).next(); assert.deepEqual(second.value.map((entity) => entity.n), [4, 5, 6, 7]); },
  "a transaction happens as one": async () => { const table = await newTable({ rowKey: "1", n: 1 }, { rowKey: "2", n: 2 }); const transaction = new TableTransaction(); transaction.createEntity({ partitionKey: "p", rowKey: "3", n: 3 }); transaction.updateEntity({ partitionKey: "p", rowKey: "1", n: 10 }, "Merge"); transaction.deleteEntity("p", "2"); transaction.upsertEntity({ partitionKey: "p", rowKey: "4", n: 4 }, "Replace"); assert.equal((await table.submitTransaction(transaction.actions)).status, 202); assert.deepEqual((await all(table.listEntities())).map((entity) => entity.n), [10, 3, 4]); },
  "a failed transaction changes nothing": async () => { const table = await newTable({ rowKey: "2", n: 2 }); await refused(409, "EntityAlreadyExists", () => table.submitTransaction([["create", { partitionKey: "p", rowKey: "1" }], ["create", { partitionKey: "p", rowKey: "2" }]])); assert.deepEqual(await keys(table), ["2"]); },
  "a transaction of 101 is refused": async () => { const table = await newTable(); await refused(400, "InvalidInput", () => table.submitTransaction(Array.from({ length: 101 }, (_, i) => ["create", { partitionKey: "p", rowKey: `${i}` }]))); assert.deepEqual(await keys(table), []); },
  "an account signature is accepted": async () => { const table = await newTable({ rowKey: "r" }); assert.deepEqual(await keys(client(table.tableName, byAccountSas({ query: true }))), ["r"]); },
  "an account signature without the right is refused": async () => { const table = await newTable(); await refused(403, "AuthorizationPermissionMismatch", () => client(table.tableName, byAccountSas({ query: true })).createEntity({ partitionKey: "p", rowKey: "r" })); },
  "a table's signature is accepted": async () => { const table = await newTable(); const by = byTableSas(table, { add: true, query: true, update: true, delete: true }); await by.createEntity({ partitionKey: "p", rowKey: "r", n: 1 }); await by.updateEntity({ partitionKey: "p", rowKey: "r", n: 2 }); assert.equal((await by.getEntity("p", "r")).n, 2); await by.deleteEntity("p", "r"); },
  "a table's signature without the right is refused": async () => { const table = await newTable(); await refused(403, "AuthorizationPermissionMismatch", () => byTableSas(table, { query: true }).createEntity({ partitionKey: "p", rowKey: "r" })); },
  "a table's signature keeps to its range": async () => { const table = await newTable({ rowKey: "1" }, { rowKey: "2" }, { rowKey: "3" }); const by = byTableSas(table, { query: true }, { startPartitionKey: "p", startRowKey: "2", endPartitionKey: "p", endRowKey: "2" }); assert.deepEqual(await keys(by), ["2"]); },
  "an expired signature is refused": async () => { const table = await newTable(); await refused(403, "AuthenticationFailed", () => keys(byTableSas(table, { query: true }, { expiresOn: new Date(Date.now() - 1000) }))); },
  "a wrong key is refused": () => refused(403, "AuthenticationFailed", () => new TableServiceClient(endpoint, new AzureNamedKeyCredential(given.account, STRANGE_KEY), options).getProperties()),
};

await run("tables", cases, created, (name) => service.deleteTable(name));
