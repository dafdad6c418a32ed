// The tables of a component; project/ledger/schema.py says the same in Python.
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  entries: defineTable({ text: v.string() }),
});
