// Index ranges, orders, filters and pages; a query is selection by its arguments.
import { mutationGeneric as mutation, paginationOptsValidator, queryGeneric as query } from "convex/server";
import { v, type GenericId } from "convex/values";

const selection = {
  index: v.optional(v.string()),
  range: v.optional(v.array(v.any())),
  order: v.optional(v.union(v.literal("asc"), v.literal("desc"))),
  filter: v.optional(v.array(v.any())),
};

// A range or filter is a list of [operator, field, value]; "absent" and "present" take no value.
function ranged(q: any, range: any[]) {
  for (const [op, field, value] of range) {
    if (op === "absent") q = q.eq(field, undefined);
    else if (op === "present") q = q.gt(field, undefined);
    else q = q[op](field, value);
  }
  return q;
}

function select(ctx: any, args: any) {
  let rows = ctx.db.query("rows");
  if (args.index !== undefined) {
    rows = rows.withIndex(args.index, (q: any) => ranged(q, args.range ?? []));
  }
  if (args.order !== undefined) rows = rows.order(args.order);
  for (const [op, field, value] of args.filter ?? []) {
    if (op === "not") rows = rows.filter((q: any) => q.not(q.eq(q.field(field), value)));
    else if (op === "absent") rows = rows.filter((q: any) => q.eq(q.field(field), undefined));
    else if (op === "oneOf")
      rows = rows.filter((q: any) => q.or(...value.map((one: any) => q.eq(q.field(field), one))));
    else if (op === "between")
      rows = rows.filter((q: any) =>
        q.and(q.gte(q.field(field), value[0]), q.lte(q.field(field), value[1])),
      );
    else rows = rows.filter((q: any) => q[op](q.field(field), value));
  }
  return rows;
}

export const add = mutation({
  args: { rows: v.array(v.any()) },
  handler: async (ctx, { rows }) => {
    const ids = [];
    for (const row of rows) ids.push(await ctx.db.insert("rows", row));
    return ids;
  },
});

export const remove = mutation({
  args: { labels: v.array(v.string()) },
  handler: async (ctx, { labels }) => {
    for (const label of labels) {
      const row = await ctx.db
        .query("rows")
        .withIndex("by_label", (q) => q.eq("label", label))
        .unique();
      await ctx.db.delete(row!._id);
    }
  },
});

export const move = mutation({
  args: { label: v.string(), a: v.any() },
  handler: async (ctx, { label, a }) => {
    const row = await ctx.db
      .query("rows")
      .withIndex("by_label", (q) => q.eq("label", label))
      .unique();
    await ctx.db.patch(row!._id, { a });
  },
});

export const read = query({
  args: { ...selection, end: v.optional(v.string()), n: v.optional(v.number()) },
  handler: async (ctx, args) => {
    const rows = select(ctx, args);
    switch (args.end ?? "collect") {
      case "collect":
        return (await rows.collect()).map((row: any) => row.label);
      case "take":
        return (await rows.take(args.n)).map((row: any) => row.label);
      case "first":
        return (await rows.first())?.label ?? null;
      case "unique":
        return (await rows.unique())?.label ?? null;
      case "iterate": {
        const labels = [];
        for await (const row of rows) {
          if (args.n !== undefined && labels.length >= args.n) break;
          labels.push(row.label);
        }
        return labels;
      }
      default:
        throw new Error(`no end ${args.end}`);
    }
  },
});

export const page = query({
  args: { ...selection, opts: paginationOptsValidator },
  handler: async (ctx, { opts, ...args }) => {
    const { page, isDone, continueCursor } = await select(ctx, args).paginate(opts);
    return { page: page.map((row: any) => row.label), isDone, continueCursor };
  },
});

export const twoPages = query({
  args: { opts: paginationOptsValidator },
  handler: async (ctx, { opts }) => {
    await ctx.db.query("rows").paginate(opts);
    return await ctx.db.query("rows").paginate(opts);
  },
});

export const orderedTwice = query({
  args: {},
  handler: async (ctx) => await (ctx.db.query("rows").order("asc") as any).order("desc").collect(),
});

export const usedTwice = query({
  args: {},
  handler: async (ctx) => {
    const rows = ctx.db.query("rows");
    const first = await rows.first();
    return [first?.label, (await rows.collect()).length, (await rows.order("desc").first())?.label];
  },
});

export const orderedUsedTwice = query({
  args: {},
  handler: async (ctx) => {
    const rows = ctx.db.query("rows").order("desc");
    await rows.collect();
    return await rows.collect();
  },
});

export const byIds = query({
  args: { ids: v.array(v.string()) },
  handler: async (ctx, { ids }) => {
    const rows = await Promise.all(ids.map((id) => ctx.db.get(id as GenericId<"rows">)));
    return rows.map((row) => row?.label ?? null);
  },
});

// Reads its own writes: the rows of this mutation stand in their places among the stored ones.
export const addAndRead = mutation({
  args: { rows: v.array(v.any()), drop: v.array(v.string()), ...selection },
  handler: async (ctx, { rows, drop, ...args }) => {
    for (const row of rows) await ctx.db.insert("rows", row);
    for (const label of drop) {
      const found = await ctx.db
        .query("rows")
        .withIndex("by_label", (q) => q.eq("label", label))
        .unique();
      await ctx.db.delete(found!._id);
    }
    return (await select(ctx, args).collect()).map((row: any) => row.label);
  },
});
