// The published news, live, through Convex's own client: prints the titles whenever they change.
//   node live.mjs [URL] [--once]
import { ConvexClient } from "convex/browser";

const words = process.argv.slice(2);
const once = words.includes("--once");
const url =
  words.find((word) => word !== "--once") ?? process.env.REACTOR_URL ?? "http://127.0.0.1:3210";
const client = new ConvexClient(url);

function show({ news }) {
  console.log(`\nPublished news, newest first (${new Date().toLocaleTimeString()})`);
  for (const { title, isPremium } of news) console.log(`${isPremium ? " * " : "   "}${title}`);
  if (once) client.close();
}

function stop(error) {
  console.error(error.message);
  process.exitCode = 1;
  client.close();
}

client.onUpdate("news:list", { limit: 10, fields: "card" }, show, stop);
process.on("SIGINT", () => client.close().then(() => process.exit()));
