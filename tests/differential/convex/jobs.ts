// Functions that run later.
import {
  actionGeneric as action,
  anyApi as api,
  internalMutationGeneric as internalMutation,
  mutationGeneric as mutation,
  queryGeneric as query,
} from "convex/server";
import { v, type GenericId } from "convex/values";

type Job = GenericId<"_scheduled_functions">;
const SOON_MS = 1000;
const when = { ms: v.number(), label: v.string() };

export const after = mutation({
  args: when,
  handler: async (ctx, { ms, label }) => await ctx.scheduler.runAfter(ms, api.calls.add, { label }),
});

export const at = mutation({
  args: when,
  handler: async (ctx, { ms, label }) =>
    await ctx.scheduler.runAt(new Date(Date.now() + ms), api.calls.add, { label }),
});

export const several = mutation({
  args: { labels: v.array(v.string()) },
  handler: async (ctx, { labels }) => {
    for (const label of labels) await ctx.scheduler.runAfter(0, api.calls.add, { label });
    return (await ctx.db.query("rows").collect()).length;
  },
});

export const afterAndFail = mutation({
  args: when,
  handler: async (ctx, { ms, label }) => {
    await ctx.scheduler.runAfter(ms, api.calls.add, { label });
    throw new Error("after scheduling");
  },
});

export const childFails = mutation({
  args: when,
  handler: async (ctx, args) => {
    await ctx.scheduler.runAfter(0, api.calls.add, { label: "kept" });
    try {
      await ctx.runMutation(api.jobs.afterAndFail, args);
    } catch {
      return "failed";
    }
    return null;
  },
});

export const failing = mutation({
  args: {},
  handler: async (ctx) =>
    await ctx.scheduler.runAfter(0, api.calls.addThenThrow, { label: "lost" }),
});

export const anAction = mutation({
  args: {},
  handler: async (ctx) => await ctx.scheduler.runAfter(0, api.calls.actionWrites, {}),
});

export const failingAction = mutation({
  args: {},
  handler: async (ctx) => await ctx.scheduler.runAfter(0, api.calls.actionFailsLate, {}),
});

export const anInternal = mutation({
  args: {},
  handler: async (ctx) => await ctx.scheduler.runAfter(0, api.calls.secretAdd, { label: "secret" }),
});

export const fromAction = action({
  args: when,
  handler: async (ctx, { ms, label }) => await ctx.scheduler.runAfter(ms, api.calls.add, { label }),
});

export const fromActionThatFails = action({
  args: when,
  handler: async (ctx, { ms, label }) => {
    await ctx.scheduler.runAfter(ms, api.calls.add, { label });
    throw new Error("after scheduling");
  },
});

export const chain = mutation({
  args: { left: v.number() },
  handler: async (ctx, { left }) => {
    await ctx.db.insert("rows", { label: `${left} left` });
    if (left > 0) await ctx.scheduler.runAfter(0, api.jobs.chain, { left: left - 1 });
  },
});

export const noteCaller = internalMutation({
  args: {},
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    await ctx.db.insert("rows", { label: identity === null ? "nobody" : "somebody" });
  },
});

export const whoLater = mutation({
  args: {},
  handler: async (ctx) => await ctx.scheduler.runAfter(0, api.jobs.noteCaller, {}),
});

export const cancel = mutation({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    await ctx.scheduler.cancel(id as Job);
  },
});

export const scheduleAndCancel = mutation({
  args: { label: v.string() },
  handler: async (ctx, { label }) => {
    const id = await ctx.scheduler.runAfter(0, api.calls.add, { label });
    await ctx.scheduler.cancel(id);
    return id;
  },
});

export const cancelByAction = action({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    await ctx.scheduler.cancel(id as Job);
  },
});

export const isCompleted = query({
  args: { id: v.string() },
  handler: async (ctx, { id }) => (await ctx.db.system.get(id as Job))?.completedTime !== undefined,
});

export const state = query({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    const job = await ctx.db.system.get(id as Job);
    if (job === null) return null;
    return { name: job.name.replace(".js", ""), args: job.args, kind: job.state.kind };
  },
});

export const unfinished = query({
  args: {},
  handler: async (ctx) => {
    const jobs = await ctx.db.system.query("_scheduled_functions").collect();
    const open = jobs.filter((job) => ["pending", "inProgress"].includes(job.state.kind));
    return open.filter((job) => job.scheduledTime < Date.now() + SOON_MS).length;
  },
});
