// The tables of both sides; project/schema.py says the same in Python.
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  values: defineTable({ value: v.any() }),
  people: defineTable({
    name: v.string(),
    motto: v.union(v.string(), v.null()),
    role: v.union(v.literal("user"), v.literal("admin")),
    tags: v.array(v.string()),
    scores: v.record(v.string(), v.number()),
    age: v.optional(v.number()),
    nick: v.optional(v.union(v.string(), v.null())),
    home: v.optional(v.object({ city: v.string(), zip: v.optional(v.string()) })),
    big: v.optional(v.int64()),
    raw: v.optional(v.bytes()),
    extra: v.optional(v.any()),
  }).index("by_name", ["name"]),
  pets: defineTable({ name: v.string(), owner: v.id("people") }).index("by_owner", ["owner"]),
  shapes: defineTable(
    v.union(
      v.object({ kind: v.literal("circle"), radius: v.number() }),
      v.object({ kind: v.literal("box"), width: v.number(), height: v.number() }),
    ),
  ),
  rows: defineTable({
    label: v.string(),
    a: v.optional(v.any()),
    b: v.optional(v.any()),
    inner: v.optional(v.object({ x: v.optional(v.any()) })),
  })
    .index("by_label", ["label"])
    .index("by_a", ["a"])
    .index("by_a_and_b", ["a", "b"])
    .index("by_inner_x", ["inner.x"]),
  notes: defineTable({
    label: v.string(),
    text: v.string(),
    topic: v.optional(v.string()),
    pinned: v.boolean(),
  }).searchIndex("by_text", { searchField: "text", filterFields: ["topic", "pinned"] }),
});
