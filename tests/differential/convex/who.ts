// Who is asking.
import {
  anyApi as api,
  actionGeneric as action,
  mutationGeneric as mutation,
  queryGeneric as query,
} from "convex/server";

const identity = async (ctx: any) => await ctx.auth.getUserIdentity();

export const me = query({ args: {}, handler: identity });
export const meWrite = mutation({ args: {}, handler: identity });
export const meAction = action({ args: {}, handler: identity });
export const meNested = mutation({ args: {}, handler: async (ctx) => await ctx.runQuery(api.who.me, {}) });
export const meByAction = action({ args: {}, handler: async (ctx) => await ctx.runQuery(api.who.me, {}) });
