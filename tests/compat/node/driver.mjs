// Drives npm `convex`'s ConvexClient and ConvexHttpClient; see support/client.py for the protocol.
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { compareValues, convexToJson, jsonToConvex } from "convex/values";
import { answer, emit, errorLine, serve, valueLine } from "./values.mjs";

const { url, options } = JSON.parse(process.argv[2]);
const silent = { logVerbose() {}, log() {}, warn() {}, error() {} };
const logger = {
  ...silent,
  log: (...parts) => emit({ event: "log", text: parts.join(" ") }),
  warn: (...parts) => emit({ event: "warn", text: parts.join(" ") }),
  error: (...parts) => emit({ event: "error", text: parts.join(" ") }),
};
const client = new ConvexClient(url, {
  logger,
  unsavedChangesWarning: false,
  onServerDisconnectError: (message) => emit({ event: "disconnected", text: message }),
  ...options,
});
const http = new ConvexHttpClient(url, { logger: silent });
const listeners = new Map();

function report(id) {
  return [
    (value) => emit({ sub: id, ...valueLine(value) }),
    (error) => emit({ sub: id, ...errorLine(error) }),
  ];
}

/** Adds `by` to a number that a live query shows, before the server has answered. */
function optimistic({ query, args, by }) {
  return (store) => {
    const before = store.getQuery(query, args);
    if (before !== undefined) store.setQuery(query, args, before + by);
  };
}

function mutation({ path, args, optimisticUpdate }) {
  const update = optimisticUpdate && { optimisticUpdate: optimistic(optimisticUpdate) };
  return client.mutation(path, jsonToConvex(args), update);
}

async function batch({ path, list }) {
  const settled = await Promise.allSettled(list.map((args) => mutation({ path, args })));
  return settled.map((one) => one.value ?? null);
}

async function compared(path, kind, wire) {
  const sent = jsonToConvex(wire);
  const got = await client[kind](path, { value: sent });
  return { same: compareValues(sent, got) === 0, got };
}

/** What an app does with an upload URL: posts the bytes, and gets the id to save. */
async function upload({ url, base64, type }) {
  const body = Buffer.from(base64, "base64");
  const response = await fetch(url, { method: "POST", headers: { "Content-Type": type }, body });
  return response.json();
}

async function download({ url, headers }) {
  const response = await fetch(url, { headers });
  const body = Buffer.from(await response.arrayBuffer()).toString("base64");
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
}

serve({
  query: ({ id, path, args }) => answer(id, client.query(path, jsonToConvex(args))),
  mutation: (command) => answer(command.id, mutation(command)),
  action: ({ id, path, args }) => answer(id, client.action(path, jsonToConvex(args))),
  batch: (command) => answer(command.id, batch(command)),
  compared: ({ id, path, kind, wire }) => answer(id, compared(path, kind, wire)),
  subscribe: ({ id, path, args }) => {
    listeners.set(id, client.onUpdate(path, jsonToConvex(args), ...report(id)));
  },
  paginate: ({ id, path, args, initialNumItems }) => {
    const page = client.onPaginatedUpdate_experimental(
      path,
      jsonToConvex(args),
      { initialNumItems },
      ({ results, status }) => emit({ sub: id, value: { results: convexToJson(results), status } }),
      report(id)[1],
    );
    listeners.set(id, page);
  },
  loadMore: ({ id, sub, count }) =>
    answer(id, Promise.resolve(listeners.get(sub).getCurrentValue().loadMore(count))),
  unsubscribe: ({ id, sub }) => {
    listeners.get(sub)();
    listeners.delete(sub);
    answer(id, Promise.resolve(null));
  },
  // Every Transition, with the values of all live queries as they are right after it.
  watchAll: ({ id }) =>
    client.client.addOnTransitionHandler(() => {
      const values = {};
      for (const [number, listener] of listeners) {
        Object.assign(values, { [number]: valueLine(listener.getCurrentValue()).value });
      }
      emit({ sub: id, value: values });
    }),
  setAuth: ({ tokens }) => {
    client.setAuth(
      async ({ forceRefreshToken }) => {
        emit({ event: "fetchToken", force: forceRefreshToken });
        return tokens.length > 1 ? tokens.shift() : tokens[0];
      },
      (value) => emit({ event: "authChange", value }),
    );
  },
  clearAuth: ({ id }) => answer(id, Promise.resolve(client.client.clearAuth())),
  state: ({ id }) => answer(id, Promise.resolve({ ...client.connectionState() })),
  httpAuth: ({ id, token }) => answer(id, Promise.resolve(http.setAuth(token))),
  httpQuery: ({ id, path, args }) => answer(id, http.query(path, jsonToConvex(args))),
  httpConsistent: ({ id, path, args }) =>
    answer(id, http.consistentQuery(path, jsonToConvex(args))),
  httpMutation: ({ id, path, args }) => answer(id, http.mutation(path, jsonToConvex(args))),
  upload: (command) => answer(command.id, upload(command)),
  download: (command) => answer(command.id, download(command)),
  httpAction: ({ id, path, args }) => answer(id, http.action(path, jsonToConvex(args))),
  // What only an admin may do: address a component, as the CLI and the dashboard do.
  adminAuth: ({ id, key }) => {
    client.client.setAdminAuth(key);
    http.setAdminAuth(key);
    answer(id, Promise.resolve(null));
  },
  httpFunction: ({ id, path, component, args }) =>
    answer(id, http.function(path, component, jsonToConvex(args))),
  mutationIn: ({ id, path, component, args }) =>
    answer(id, client.client.mutationInternal(path, jsonToConvex(args), undefined, component)),
  subscribeIn: ({ id, path, component, args }) => {
    const options = { componentPath: component };
    const { queryToken } = client.client.subscribe(path, jsonToConvex(args), options);
    const [onValue, onError] = report(id);
    client.client.addOnTransitionHandler(() => {
      try {
        const value = client.client.localQueryResultByToken(queryToken);
        if (value !== undefined) onValue(value);
      } catch (error) {
        onError(error);
      }
    });
  },
});
