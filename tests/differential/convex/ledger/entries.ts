// The functions of a component.
import { actionGeneric as action, mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { ConvexError, v } from "convex/values";

const text = { text: v.string() };

export const add = mutation({
  args: text,
  handler: async (ctx, args) => await ctx.db.insert("entries", { text: args.text }),
});

export const addAndRefuse = mutation({
  args: text,
  handler: async (ctx, args) => {
    await ctx.db.insert("entries", { text: args.text });
    throw new ConvexError({ refused: args.text });
  },
});

export const all = query({
  args: {},
  handler: async (ctx) => (await ctx.db.query("entries").collect()).map((entry) => entry.text),
});

export const get = query({
  args: { id: v.id("entries") },
  handler: async (ctx, { id }) => (await ctx.db.get(id))?.text ?? null,
});

export const me = query({
  args: {},
  handler: async (ctx) => ((await ctx.auth.getUserIdentity()) === null ? "nobody" : "somebody"),
});

export const shout = action({ args: text, handler: async (_, args) => args.text.toUpperCase() });
