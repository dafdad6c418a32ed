// Calls into components: `ledger` is mounted twice, under two names.
import {
  actionGeneric as action,
  componentsGeneric,
  mutationGeneric as mutation,
  queryGeneric as query,
} from "convex/server";
import { ConvexError, v } from "convex/values";

const { ledger, spare } = componentsGeneric() as any;
const text = { text: v.string() };

export const add = mutation({
  args: text,
  handler: async (ctx, args) => await ctx.runMutation(ledger.entries.add, args),
});

export const addToBoth = mutation({
  args: text,
  handler: async (ctx, args) => {
    await ctx.runMutation(ledger.entries.add, args);
    await ctx.runMutation(spare.entries.add, { text: `spare ${args.text}` });
  },
});

export const all = query({
  args: {},
  handler: async (ctx) => [
    await ctx.runQuery(ledger.entries.all, {}),
    await ctx.runQuery(spare.entries.all, {}),
    (await ctx.db.query("rows").collect()).map((row) => row.label),
  ],
});

export const childFails = mutation({
  args: text,
  handler: async (ctx, args) => {
    await ctx.db.insert("rows", { label: "before" });
    await ctx.runMutation(ledger.entries.add, { text: "kept" });
    try {
      await ctx.runMutation(ledger.entries.addAndRefuse, args);
    } catch (error) {
      return error instanceof ConvexError ? error.data : "no ConvexError";
    }
    return null;
  },
});

export const parentFails = mutation({
  args: text,
  handler: async (ctx, args) => {
    await ctx.runMutation(ledger.entries.add, args);
    throw new Error("after the component");
  },
});

export const uncaught = mutation({
  args: text,
  handler: async (ctx, args) => {
    await ctx.runMutation(ledger.entries.addAndRefuse, args);
  },
});

export const get = query({
  args: { id: v.string() },
  handler: async (ctx, { id }) => await ctx.runQuery(ledger.entries.get, { id }),
});

export const me = query({
  args: {},
  handler: async (ctx) => [
    (await ctx.auth.getUserIdentity()) === null ? "nobody" : "somebody",
    await ctx.runQuery(ledger.entries.me, {}),
  ],
});

export const badArguments = mutation({
  args: {},
  handler: async (ctx) => {
    await ctx.runMutation(ledger.entries.add, { text: 5 });
  },
});

export const fromAction = action({
  args: text,
  handler: async (ctx, args) => {
    const shouted = await ctx.runAction(ledger.entries.shout, args);
    await ctx.runMutation(ledger.entries.add, { text: shouted });
    return await ctx.runQuery(ledger.entries.all, {});
  },
});
