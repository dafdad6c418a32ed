// Files: stored, read, described, removed.
import {
  actionGeneric as action,
  anyApi as api,
  mutationGeneric as mutation,
  queryGeneric as query,
} from "convex/server";
import { v, type GenericId } from "convex/values";

type File = GenericId<"_storage">;

export const store = action({
  args: { text: v.string(), type: v.optional(v.string()) },
  handler: async (ctx, { text, type }) =>
    await ctx.storage.store(new Blob([text], type === undefined ? {} : { type })),
});

export const storeBytes = action({
  args: { data: v.bytes() },
  handler: async (ctx, { data }) => await ctx.storage.store(new Blob([data], { type: "a/b" })),
});

export const read = action({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    const blob = await ctx.storage.get(id as File);
    return blob === null ? null : { text: await blob.text(), size: blob.size };
  },
});

export const readBytes = action({
  args: { id: v.string() },
  handler: async (ctx, { id }) => await (await ctx.storage.get(id as File))!.arrayBuffer(),
});

export const hasUrl = query({
  args: { id: v.string() },
  handler: async (ctx, { id }) => (await ctx.storage.getUrl(id as File)) !== null,
});

export const described = query({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    const file = await ctx.db.system.get(id as File);
    return file === null ? null : { size: file.size, sha256: file.sha256 };
  },
});

export const typeOf = query({
  args: { id: v.string() },
  handler: async (ctx, { id }) => (await ctx.db.system.get(id as File))!.contentType ?? null,
});

export const count = query({
  args: {},
  handler: async (ctx) => (await ctx.db.system.query("_storage").collect()).length,
});

export const remove = mutation({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    await ctx.storage.delete(id as File);
  },
});

export const removeAndLook = mutation({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    await ctx.storage.delete(id as File);
    return await ctx.db.system.get(id as File);
  },
});

export const removeAndFail = mutation({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    await ctx.storage.delete(id as File);
    throw new Error("after deleting");
  },
});

export const takes = query({
  args: { file: v.id("_storage") },
  handler: async () => "taken",
});

export const uploadUrl = mutation({
  args: {},
  handler: async (ctx) => typeof (await ctx.storage.generateUploadUrl()),
});

export const storeAndRecord = action({
  args: { text: v.string() },
  handler: async (ctx, { text }) => {
    const id = await ctx.storage.store(new Blob([text]));
    await ctx.runMutation(api.calls.add, { label: `file of ${text.length}` });
    return await ctx.runQuery(api.files.hasUrl, { id });
  },
});
