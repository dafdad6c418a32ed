// What a function may know of itself.
import {
  actionGeneric as action,
  anyApi as api,
  mutationGeneric as mutation,
  queryGeneric as query,
} from "convex/server";

const self = async (ctx: any) => {
  const { name, componentPath } = await ctx.meta.getFunctionMetadata();
  return [name, componentPath];
};

export const asQuery = query({ args: {}, handler: self });
export const asMutation = mutation({ args: {}, handler: self });
export const asAction = action({ args: {}, handler: self });
export const nested = mutation({
  args: {},
  handler: async (ctx) => [await self(ctx), await ctx.runQuery(api.about.asQuery, {}), await self(ctx)],
});
export const byAction = action({
  args: {},
  handler: async (ctx) => [await self(ctx), await ctx.runMutation(api.about.nested, {})],
});
