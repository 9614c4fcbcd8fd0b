// What the cases of all three services share: whom they ask, what they expect of a refusal, and how they are run and told.
import assert from "node:assert/strict";

const ACCOUNT = "devstoreaccount1";
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const PATIENCE_MILLIS = 60_000;
const POLL_MILLIS = 50;
const VALID_MILLIS = 3_600_000;

/**
 * The connection string that the command line gives, or the one of the endpoint that it gives, with the development account.
 * `endpointField` is what the string calls the service's endpoint.
 */
export const connection = (endpointField, defaultPort) => {
  const given = process.argv[2] ?? `http://127.0.0.1:${defaultPort}/${ACCOUNT}`;
  const text = given.includes("AccountName=") ? given : `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};${endpointField}=${given};`;
  const field = (name) => text.match(new RegExp(`${name}=([^;]+)`))?.[1];
  return { text, endpoint: field(endpointField), account: field("AccountName"), key: field("AccountKey") };
};

/** A key that is no account's. */
export const STRANGE_KEY = Buffer.from("this is nobody's key").toString("base64");

export const refused = async (status, code, call) => {
  await assert.rejects(call, (error) => {
    assert.equal(error.statusCode, status, error.message);
    assert.equal(error.details?.odataError?.code ?? error.code ?? error.details?.errorCode, code);
    return true;
  });
};

export const all = async (pages) => {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
};

export const until = async (what, condition) => {
  for (const giveUp = Date.now() + PATIENCE_MILLIS; !(await condition());) {
    assert.ok(Date.now() < giveUp, `never happened: ${what}`);
    await new Promise((wake) => setTimeout(wake, POLL_MILLIS));
  }
};

export const soon = () => new Date(Date.now() + VALID_MILLIS);

/** Runs `cases` (promise: what shows it) one after the other, then `remove`s each of `created`, and ends: with status 0 if all have passed. */
export const run = async (what, cases, created, remove) => {
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
  for (const name of created) await remove(name).catch(() => {});
  console.log(`${what}: ${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
};
