// Convex's own mock, with the functions of convex/*.ts.
import { convexTest } from "convex-test";
import { makeFunctionReference } from "convex/server";
import { build } from "esbuild";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const COMPONENTS = { ledger: "ledger", spare: "ledger" };

export async function openMock() {
  const sources = await readdir(join(ROOT, "convex"), { recursive: true });
  const names = sources.filter((name) => name.endsWith(".ts")).map((name) => name.slice(0, -3));
  // Inside node_modules, so that the built files find `convex` where the sources do.
  const built = await mkdtemp(join(ROOT, "node_modules", ".built-"));
  await build({
    entryPoints: names.map((name) => join(ROOT, "convex", `${name}.ts`)),
    outbase: join(ROOT, "convex"),
    outdir: built,
    outExtension: { ".js": ".mjs" },
    format: "esm",
    platform: "node",
  });
  const load = (name) => import(join(built, `${name}.mjs`));

  // The modules of one folder, as Vite's import.meta.glob would give them.
  function modulesIn(folder) {
    const inside = names.filter((name) => dirname(name) === folder);
    const modules = inside.map((name) => [`./${basename(name)}.ts`, () => load(name)]);
    return { "./_generated/api.js": async () => ({}), ...Object.fromEntries(modules) };
  }

  const schema = (await load("schema")).default;
  const mounted = [];
  for (const [name, folder] of Object.entries(COMPONENTS)) {
    mounted.push([name, (await load(`${folder}/schema`)).default, modulesIn(folder)]);
  }

  return {
    async start() {
      const test = convexTest({ schema, modules: modulesIn(".") });
      for (const component of mounted) test.registerComponent(...component);
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
