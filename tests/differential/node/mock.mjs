// Convex's own mock, with the functions of convex/*.ts.
import { convexTest } from "convex-test";
import { makeFunctionReference } from "convex/server";
import { build } from "esbuild";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

export async function openMock() {
  const sources = (await readdir(join(ROOT, "convex"))).filter((name) => name.endsWith(".ts"));
  // Inside node_modules, so that the built files find `convex` where the sources do.
  const built = await mkdtemp(join(ROOT, "node_modules", ".built-"));
  await build({
    entryPoints: sources.map((name) => join(ROOT, "convex", name)),
    outdir: built,
    outExtension: { ".js": ".mjs" },
    format: "esm",
    platform: "node",
  });
  const load = (name) => import(join(built, `${name}.mjs`));
  const names = sources.map((name) => name.replace(/\.ts$/, ""));
  const modules = { "./convex/_generated/api.js": async () => ({}) };
  for (const name of names) modules[`./convex/${name}.ts`] = () => load(name);
  const schema = (await load("schema")).default;

  return {
    async start() {
      const test = convexTest({ schema, modules });
      const as = (identity) => (identity === null ? test : test.withIdentity(identity));
      return {
        call: (kind, path, args, identity) =>
          as(identity)[kind](makeFunctionReference(path), args),
        fetch: (path, init, identity) => as(identity).fetch(path, init),
      };
    },
    close: () => rm(built, { recursive: true }),
  };
}
