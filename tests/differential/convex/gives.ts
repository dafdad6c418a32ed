// One function per kind of result validator; each returns what it is told to.
import { mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { v, type Validator } from "convex/values";

const gives = (returns: Validator<any, "required", any>) =>
  query({ args: { it: v.optional(v.any()) }, returns, handler: async (_, { it }) => it });

export const text = gives(v.string());
export const number = gives(v.number());
export const big = gives(v.int64());
export const flag = gives(v.boolean());
export const nil = gives(v.null());
export const raw = gives(v.bytes());
export const either = gives(v.union(v.string(), v.number()));
export const nullable = gives(v.union(v.string(), v.null()));
export const words = gives(v.union(v.literal("a"), v.literal("b")));
export const list = gives(v.array(v.number()));
export const record = gives(v.record(v.string(), v.number()));
export const person = gives(v.id("people"));

// Writes first: a result that does not fit takes the write back.
export const afterWrite = mutation({
  args: { label: v.string(), it: v.any() },
  returns: v.string(),
  handler: async (ctx, { label, it }) => {
    await ctx.db.insert("rows", { label });
    return it;
  },
});
