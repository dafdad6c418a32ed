// Runs scenarios on one side and prints what came of each step, as wire JSON, a line per case.
// Standard input: {"side": "mock" | "http" | "socket", "url", "siteUrl", "adminKey", "cases"}.
import { ConvexError, convexToJson, jsonToConvex } from "convex/values";
import { openMock } from "./mock.mjs";
import { openReactor } from "./reactor.mjs";

console.log = console.info = console.warn = console.debug = console.error;

const WAIT_MS = 20;
const WAITS_MAX = 500;

let input = "";
for await (const piece of process.stdin) input += piece;
const request = JSON.parse(input);
const side = request.side === "mock" ? await openMock() : openReactor(request);

for (const steps of request.cases) {
  const backend = await side.start();
  const kept = {};
  const outcomes = [];
  for (const step of steps) {
    const outcome = await outcomeOf(() => take(backend, step, kept));
    if (step.keep) kept[step.keep] = outcome.value;
    outcomes.push(outcome);
  }
  process.stdout.write(JSON.stringify(outcomes) + "\n");
}
await side.close();
process.exit(0); // far timers of the mock would keep the process

async function take(backend, step, kept) {
  if (step.kind === "request") return await respond(backend, step);
  if (step.kind === "settle") return { value: await settle(backend) };
  const args = fromWire(step.args, kept);
  const result = await backend.call(step.kind, step.path, args, step.identity);
  return { value: toWire(result) };
}

async function outcomeOf(body) {
  try {
    return await body();
  } catch (error) {
    const failed = { error: String(error?.message ?? error) };
    if (error instanceof ConvexError) failed.data = toWire(error.data);
    return failed;
  }
}

async function respond(backend, { method, path, body, headers, identity }) {
  const init = { method, headers: headers ?? {} };
  if (body !== null) init.body = body;
  const answer = await backend.fetch(path, init, identity);
  const shown = ["content-type", "x-said"].map((name) => [
    name,
    answer.headers.get(name)?.toLowerCase().replaceAll("; ", ";") ?? null,
  ]);
  return { value: [answer.status, await answer.text(), Object.fromEntries(shown)] };
}

// Waits until no job that is due waits or runs.
async function settle(backend) {
  for (let waits = 0; waits < WAITS_MAX; waits++) {
    await new Promise((done) => setTimeout(done, WAIT_MS));
    if ((await backend.call("query", "jobs:unfinished", {}, null)) === 0) return null;
  }
  throw new Error("jobs that are due never finished");
}

// {"$ref": [name, key…]} is what an earlier step gave, {"$undefined": true} JavaScript's undefined.
function fromWire(wire, kept) {
  if (Array.isArray(wire)) return wire.map((item) => fromWire(item, kept));
  if (wire === null || typeof wire !== "object") return wire;
  if ("$undefined" in wire) return undefined;
  if ("$ref" in wire) {
    const [name, ...keys] = wire.$ref;
    return jsonToConvex(keys.reduce((inside, key) => inside[key], kept[name]));
  }
  const entries = Object.entries(wire);
  if (entries.some(([name]) => name.startsWith("$"))) return jsonToConvex(wire);
  return Object.fromEntries(entries.map(([name, item]) => [name, fromWire(item, kept)]));
}

function toWire(value) {
  return value === undefined ? null : convexToJson(value);
}
