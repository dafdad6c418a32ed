// Functions that call functions.
import {
  anyApi as api,
  actionGeneric as action,
  internalActionGeneric as internalAction,
  internalMutationGeneric as internalMutation,
  internalQueryGeneric as internalQuery,
  mutationGeneric as mutation,
  queryGeneric as query,
} from "convex/server";
import { ConvexError, v } from "convex/values";

const label = { label: v.string() };

export const labelsOf = async (ctx: any) =>
  (await ctx.db.query("rows").withIndex("by_label").collect()).map((row: any) => row.label);

export const labels = query({ args: {}, handler: labelsOf });

export const count = query({
  args: {},
  handler: async (ctx) => (await ctx.db.query("rows").collect()).length,
});

export const add = mutation({
  args: label,
  handler: async (ctx, args) => {
    await ctx.db.insert("rows", { label: args.label });
  },
});

export const addThenThrow = mutation({
  args: label,
  handler: async (ctx, args) => {
    await ctx.db.insert("rows", { label: args.label });
    throw new Error("after the write");
  },
});

export const refuse = mutation({
  args: { data: v.any() },
  handler: async (ctx, { data }) => {
    await ctx.db.insert("rows", { label: "refused" });
    throw new ConvexError(data);
  },
});

export const secretAdd = internalMutation({
  args: label,
  handler: async (ctx, args) => {
    await ctx.db.insert("rows", { label: args.label });
    return "secret";
  },
});

export const secretCount = internalQuery({ args: {}, handler: async () => 1 });
export const secretAct = internalAction({ args: {}, handler: async () => "acted" });

export const mutationInMutation = mutation({
  args: {},
  handler: async (ctx) => {
    await ctx.runMutation(api.calls.add, { label: "inner" });
    await ctx.db.insert("rows", { label: "outer" });
    return await ctx.runQuery(api.calls.labels, {});
  },
});

export const childFails = mutation({
  args: {},
  handler: async (ctx) => {
    await ctx.db.insert("rows", { label: "before" });
    let failed = false;
    try {
      await ctx.runMutation(api.calls.addThenThrow, { label: "lost" });
    } catch {
      failed = true;
    }
    await ctx.db.insert("rows", { label: "after" });
    return { failed, labels: await labelsOf(ctx) };
  },
});

export const grandchildFails = mutation({
  args: {},
  handler: async (ctx) => {
    const inner = await ctx.runMutation(api.calls.childFails, {});
    return { inner, count: await ctx.runQuery(api.calls.count, {}) };
  },
});

export const childUncaught = mutation({
  args: {},
  handler: async (ctx) => {
    await ctx.db.insert("rows", { label: "before" });
    await ctx.runMutation(api.calls.addThenThrow, { label: "lost" });
  },
});

export const parentFails = mutation({
  args: {},
  handler: async (ctx) => {
    await ctx.runMutation(api.calls.add, { label: "inner" });
    throw new Error("after the child");
  },
});

export const childSees = mutation({
  args: {},
  handler: async (ctx) => {
    await ctx.db.insert("rows", { label: "mine" });
    return await ctx.runQuery(api.calls.count, {});
  },
});

export const queryInQuery = query({
  args: {},
  handler: async (ctx) => [await ctx.runQuery(api.calls.count, {}), await ctx.runQuery(api.calls.labels, {})],
});

export const catchesData = mutation({
  args: { data: v.any() },
  handler: async (ctx, { data }) => {
    try {
      await ctx.runMutation(api.calls.refuse, { data });
    } catch (error) {
      return { data: error instanceof ConvexError ? error.data : "no ConvexError" };
    }
    return null;
  },
});

export const callsSecret = mutation({
  args: {},
  handler: async (ctx) => await ctx.runMutation(api.calls.secretAdd, { label: "by secret" }),
});

export const badArguments = mutation({
  args: {},
  handler: async (ctx) => {
    try {
      await ctx.runMutation(api.calls.add, { label: 5 } as any);
    } catch {
      return "refused";
    }
    return "taken";
  },
});

export const missing = mutation({
  args: {},
  handler: async (ctx) => {
    try {
      await ctx.runMutation(api.calls.nowhere, {});
    } catch {
      return "refused";
    }
    return "taken";
  },
});

export const wrongKind = mutation({
  args: {},
  handler: async (ctx) => {
    try {
      await ctx.runMutation(api.calls.count, {});
    } catch {
      return "refused";
    }
    return "taken";
  },
});

export const actionWrites = action({
  args: {},
  handler: async (ctx) => {
    await ctx.runMutation(api.calls.add, { label: "one" });
    const between = await ctx.runQuery(api.calls.count, {});
    await ctx.runMutation(api.calls.add, { label: "two" });
    return [between, await ctx.runQuery(api.calls.count, {})];
  },
});

export const actionFailsLate = action({
  args: {},
  handler: async (ctx) => {
    await ctx.runMutation(api.calls.add, { label: "kept" });
    throw new Error("too late to undo");
  },
});

export const actionChild = action({
  args: {},
  handler: async (ctx) => {
    let failed = false;
    try {
      await ctx.runMutation(api.calls.addThenThrow, { label: "lost" });
    } catch {
      failed = true;
    }
    return { failed, count: await ctx.runQuery(api.calls.count, {}) };
  },
});

export const tell = action({
  args: { data: v.any() },
  handler: async (ctx, { data }) => {
    await ctx.runMutation(api.calls.refuse, { data });
  },
});

export const actionInAction = action({
  args: {},
  handler: async (ctx) => await ctx.runAction(api.calls.actionWrites, {}),
});

export const dataThroughLayers = action({
  args: { data: v.any() },
  handler: async (ctx, { data }) => {
    await ctx.runAction(api.calls.tell, { data });
  },
});

export const dataCaughtOutside = action({
  args: { data: v.any() },
  handler: async (ctx, { data }) => {
    try {
      await ctx.runAction(api.calls.tell, { data });
    } catch (error) {
      return { data: error instanceof ConvexError ? error.data : "no ConvexError" };
    }
    return null;
  },
});

export const together = action({
  args: {},
  handler: async (ctx) => {
    await Promise.all(["x", "y", "z"].map((one) => ctx.runMutation(api.calls.add, { label: one })));
    return await ctx.runQuery(api.calls.labels, {});
  },
});
