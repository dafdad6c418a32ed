// Single documents: stored, read, changed, removed, against a schema.
import { mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { v, type GenericId } from "convex/values";

export const insert = mutation({
  args: { table: v.string(), doc: v.any() },
  handler: async (ctx, { table, doc }) => await ctx.db.insert(table, doc),
});

export const get = query({
  args: { id: v.string() },
  handler: async (ctx, { id }) => await ctx.db.get(id as GenericId<string>),
});

export const patch = mutation({
  args: { id: v.string(), set: v.any(), unset: v.optional(v.array(v.string())) },
  handler: async (ctx, { id, set, unset }) => {
    const changes = { ...set };
    for (const name of unset ?? []) changes[name] = undefined;
    await ctx.db.patch(id as GenericId<string>, changes);
  },
});

export const replace = mutation({
  args: { id: v.string(), doc: v.any() },
  handler: async (ctx, { id, doc }) => await ctx.db.replace(id as GenericId<string>, doc),
});

export const remove = mutation({
  args: { id: v.string() },
  handler: async (ctx, { id }) => await ctx.db.delete(id as GenericId<string>),
});

export const normalize = query({
  args: { table: v.string(), text: v.string() },
  handler: async (ctx, { table, text }) => ctx.db.normalizeId(table, text),
});

export const all = query({
  args: { table: v.string() },
  handler: async (ctx, { table }) => await ctx.db.query(table).collect(),
});

// Several writes of one mutation, and what it sees after each.
export const story = mutation({
  args: { doc: v.any() },
  handler: async (ctx, { doc }) => {
    const id = await ctx.db.insert("people", doc);
    const inserted = await ctx.db.get(id);
    await ctx.db.patch(id, { name: "patched" });
    const patched = await ctx.db.get(id);
    const found = await ctx.db
      .query("people")
      .withIndex("by_name", (q) => q.eq("name", "patched"))
      .collect();
    await ctx.db.delete(id);
    return { inserted, patched, found, gone: await ctx.db.get(id) };
  },
});

// What a failing write leaves behind when its error is caught.
export const caught = mutation({
  args: { good: v.any(), bad: v.any() },
  handler: async (ctx, { good, bad }) => {
    await ctx.db.insert("people", good);
    let failed = false;
    try {
      await ctx.db.insert("people", bad);
    } catch {
      failed = true;
    }
    return { failed, count: (await ctx.db.query("people").collect()).length };
  },
});

export const twice = mutation({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    await ctx.db.delete(id as GenericId<string>);
    await ctx.db.delete(id as GenericId<string>);
  },
});

export const withPets = query({
  args: {},
  handler: async (ctx) => {
    const people = await ctx.db.query("people").withIndex("by_name").collect();
    return await Promise.all(
      people.map(async (person) => {
        const pets = await ctx.db
          .query("pets")
          .withIndex("by_owner", (q) => q.eq("owner", person._id))
          .collect();
        return { name: person.name, pets: pets.map((pet) => pet.name) };
      }),
    );
  },
});
