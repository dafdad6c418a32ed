// Drives npm `convex`'s ConvexReactClient through its hooks, in a real React tree without a DOM.
import { createElement } from "react";
import { create } from "react-test-renderer";
import {
  ConvexProviderWithAuth,
  ConvexReactClient,
  useConvexAuth,
  useMutation,
  usePaginatedQuery,
  useQuery,
} from "convex/react";
import { makeFunctionReference } from "convex/server";
import { jsonToConvex } from "convex/values";
import WebSocket from "ws";
import { answer, emit, serve, valueLine } from "./values.mjs";

const { url } = JSON.parse(process.argv[2]);
const client = new ConvexReactClient(url, {
  webSocketConstructor: WebSocket,
  unsavedChangesWarning: false,
  logger: false,
});
const rendered = new Map();
let session = sessionOf(null);

// The token function keeps its identity between renders: a new one is a new sign-in.
function sessionOf(token) {
  return {
    isLoading: false,
    isAuthenticated: token !== null,
    fetchAccessToken: async () => token,
  };
}

const useSession = () => session;

function Query({ id, path, args }) {
  const value = useQuery(makeFunctionReference(path), args);
  emit({ sub: id, ...(value === undefined ? { value: "loading" } : valueLine(value)) });
  return null;
}

function Paginated({ id, path, args, initialNumItems }) {
  const page = usePaginatedQuery(makeFunctionReference(path), args, { initialNumItems });
  rendered.set(id, page);
  emit({ sub: id, ...valueLine({ results: page.results, status: page.status }) });
  return null;
}

function Mutations({ take, path, optimistic }) {
  let mutate = useMutation(makeFunctionReference(path));
  if (optimistic) {
    mutate = mutate.withOptimisticUpdate((store, args) => {
      const query = makeFunctionReference(optimistic);
      const before = store.getQuery(query, { name: args.name });
      if (before !== undefined) store.setQuery(query, { name: args.name }, before + 99);
    });
  }
  take(mutate);
  return null;
}

function Auth({ id }) {
  emit({ sub: id, ...valueLine(useConvexAuth()) });
  return null;
}

const children = [];
let root;

function render() {
  const tree = createElement(
    ConvexProviderWithAuth,
    { client, useAuth: useSession },
    ...children,
  );
  if (root === undefined) root = create(tree);
  else root.update(tree);
}

function show(component, props) {
  children.push(createElement(component, { ...props, key: children.length }));
  render();
}

const decoded = ({ args, ...rest }) => ({ ...rest, args: jsonToConvex(args) });

serve({
  subscribe: (command) => show(Query, decoded(command)),
  paginate: (command) => show(Paginated, decoded(command)),
  loadMore: ({ id, sub, count }) => answer(id, Promise.resolve(rendered.get(sub).loadMore(count))),
  auth: (command) => show(Auth, command),
  setAuth: ({ tokens }) => {
    session = sessionOf(tokens[0]);
    render();
  },
  mutation: ({ id, path, args, optimistic }) =>
    show(Mutations, {
      path,
      optimistic,
      take: (mutate) => {
        if (!rendered.has(id)) {
          rendered.set(id, true);
          setTimeout(() => answer(id, mutate(jsonToConvex(args))));
        }
      },
    }),
});
