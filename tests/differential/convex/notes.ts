// Text search. Relevance is each side's own, so labels come back sorted.
import { mutationGeneric as mutation, paginationOptsValidator, queryGeneric as query } from "convex/server";
import { v } from "convex/values";

const asked = { text: v.string(), topic: v.optional(v.string()), pinned: v.optional(v.boolean()) };

function search(ctx: any, { text, topic, pinned }: any) {
  return ctx.db.query("notes").withSearchIndex("by_text", (q: any) => {
    let found = q.search("text", text);
    if (topic !== undefined) found = found.eq("topic", topic);
    if (pinned !== undefined) found = found.eq("pinned", pinned);
    return found;
  });
}

const labels = (notes: any[]) => notes.map((note) => note.label).sort();

export const add = mutation({
  args: { notes: v.array(v.any()) },
  handler: async (ctx, { notes }) => {
    for (const note of notes) await ctx.db.insert("notes", { pinned: false, ...note });
  },
});

export const change = mutation({
  args: { label: v.string(), text: v.optional(v.string()) },
  handler: async (ctx, { label, text }) => {
    const notes = await ctx.db.query("notes").collect();
    const note = notes.find((one) => one.label === label)!;
    if (text === undefined) await ctx.db.delete(note._id);
    else await ctx.db.patch(note._id, { text });
  },
});

export const find = query({
  args: asked,
  handler: async (ctx, args) => labels(await search(ctx, args).collect()),
});

export const countOf = query({
  args: { ...asked, n: v.number() },
  handler: async (ctx, { n, ...args }) => (await search(ctx, args).take(n)).length,
});

export const filtered = query({
  args: { ...asked, label: v.string() },
  handler: async (ctx, { label, ...args }) =>
    labels(await search(ctx, args).filter((q: any) => q.neq(q.field("label"), label)).collect()),
});

export const page = query({
  args: { ...asked, opts: paginationOptsValidator },
  handler: async (ctx, { opts, ...args }) => labels((await search(ctx, args).paginate(opts)).page),
});

export const addAndFind = mutation({
  args: { note: v.any(), ...asked },
  handler: async (ctx, { note, ...args }) => {
    await ctx.db.insert("notes", { pinned: false, ...note });
    return labels(await search(ctx, args).collect());
  },
});
