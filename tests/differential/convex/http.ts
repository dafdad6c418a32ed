// HTTP actions: exact paths, prefixes, methods, bodies, failures.
import { anyApi as api, httpActionGeneric as httpAction, httpRouter } from "convex/server";
import { ConvexError } from "convex/values";

const http = httpRouter();
const said = (text: string) => httpAction(async () => new Response(text));

http.route({
  path: "/echo",
  method: "POST",
  handler: httpAction(async (_, request) => {
    return new Response(await request.text(), {
      status: 201,
      headers: { "content-type": request.headers.get("content-type") ?? "none", "x-said": "yes" },
    });
  }),
});

http.route({
  path: "/seen",
  method: "GET",
  handler: httpAction(async (_, request) => {
    const url = new URL(request.url);
    return Response.json({
      method: request.method,
      path: url.pathname,
      q: url.searchParams.get("q"),
      header: request.headers.get("x-sent"),
    });
  }),
});

for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const) {
  http.route({ path: "/methods", method, handler: said(method) });
}
http.route({ path: "/files/one", method: "GET", handler: said("exact") });
http.route({ pathPrefix: "/files/", method: "GET", handler: said("prefix") });
http.route({ pathPrefix: "/files/deep/", method: "GET", handler: said("deeper prefix") });
http.route({
  path: "/empty",
  method: "POST",
  handler: httpAction(async () => new Response(null, { status: 204 })),
});
http.route({
  path: "/bytes",
  method: "POST",
  handler: httpAction(async (_, request) => {
    const given = new Uint8Array(await request.arrayBuffer());
    return Response.json([given.length, ...given.slice(0, 4)]);
  }),
});
http.route({
  path: "/add",
  method: "POST",
  handler: httpAction(async (ctx, request) => {
    await ctx.runMutation(api.calls.add, await request.json());
    return Response.json(await ctx.runQuery(api.calls.count, {}));
  }),
});
http.route({
  path: "/me",
  method: "GET",
  handler: httpAction(async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    return new Response(identity === null ? "nobody" : identity.subject);
  }),
});
http.route({
  path: "/caught",
  method: "POST",
  handler: httpAction(async (ctx) => {
    try {
      await ctx.runMutation(api.calls.refuse, { data: { code: "NO" } });
    } catch (error) {
      return Response.json(error instanceof ConvexError ? error.data : null, { status: 403 });
    }
    return new Response("taken");
  }),
});

export default http;
