// Every value, there and back.
import { actionGeneric as action, mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { v } from "convex/values";

const value = { value: v.any() };

export const echo = query({ args: value, handler: async (_, args) => args.value });
export const echoWrite = mutation({ args: value, handler: async (_, args) => args.value });
export const echoAction = action({ args: value, handler: async (_, args) => args.value });
export const nothing = query({ args: {}, handler: async () => {} });

export const store = mutation({
  args: value,
  handler: async (ctx, args) => await ctx.db.insert("values", { value: args.value }),
});

export const load = query({
  args: { id: v.id("values") },
  handler: async (ctx, { id }) => (await ctx.db.get(id))?.value,
});

export const all = query({
  args: {},
  handler: async (ctx) => (await ctx.db.query("values").collect()).map((one) => one.value),
});
