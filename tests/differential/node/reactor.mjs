// A running reactor server, called through Convex's own clients.
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { anyApi, makeFunctionReference } from "convex/server";
import WebSocket from "ws";

export function openReactor({ side, url, siteUrl, adminKey }) {
  const clients = new Map();
  const admin = new ConvexHttpClient(url, { logger: false });
  admin.setAdminAuth(adminKey);

  function clientOf(identity) {
    const name = JSON.stringify(identity);
    if (!clients.has(name)) clients.set(name, opened(identity));
    return clients.get(name);
  }

  function opened(identity) {
    const client =
      side === "http"
        ? new ConvexHttpClient(url, { logger: false })
        : new ConvexClient(url, { webSocketConstructor: WebSocket, logger: false });
    if (identity !== null) client.setAdminAuth(adminKey, identity);
    return client;
  }

  const backend = {
    call: (kind, path, args, identity) =>
      clientOf(identity)[kind](makeFunctionReference(path), args),
    fetch: (path, init, identity) => {
      const headers = { ...init.headers };
      if (identity !== null) {
        const acting = Buffer.from(JSON.stringify(identity)).toString("base64");
        headers.authorization = `Convex ${adminKey}:${acting}`;
      }
      return fetch(siteUrl + path, { ...init, headers });
    },
  };
  return {
    async start() {
      await admin.function(anyApi.upkeep.clear, undefined, {});
      return backend;
    },
    async close() {
      for (const client of clients.values()) await client.close?.();
    },
  };
}
