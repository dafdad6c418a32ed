// Failures of every kind.
import { actionGeneric as action, mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { ConvexError, v } from "convex/values";

const refuseWith = async (_: unknown, { data }: { data: any }) => {
  throw new ConvexError(data);
};
const crashWith = async (_: unknown, { message }: { message: string }) => {
  throw new Error(message);
};

export const refuse = query({ args: { data: v.any() }, handler: refuseWith });
export const refuseAction = action({ args: { data: v.any() }, handler: refuseWith });
export const crash = query({ args: { message: v.string() }, handler: crashWith });
export const crashWrite = mutation({ args: { message: v.string() }, handler: crashWith });
export const crashAction = action({ args: { message: v.string() }, handler: crashWith });

export const refuseWrite = mutation({
  args: { data: v.any() },
  handler: async (ctx, { data }) => {
    await ctx.db.insert("rows", { label: "refused" });
    throw new ConvexError(data);
  },
});
