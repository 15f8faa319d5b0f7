import { defineConfig } from "orval";

type Contract = { paths?: Record<string, unknown> };

/** A kind's name in a path is called `name`: beside a body that is a kind, two parameters would be called `kind`. */
function renameKindInPaths<Spec extends Contract>(contract: Spec): Spec {
  const paths = Object.entries(contract.paths ?? {}).map(([path, item]) => {
    if (!path.includes("{kind}")) return [path, item];
    const text = JSON.stringify(item).replaceAll('"name":"kind","in":"path"', '"name":"name","in":"path"');
    const renamed = text.replaceAll('"in":"path","name":"kind"', '"in":"path","name":"name"');
    return [path.replaceAll("{kind}", "{name}"), JSON.parse(renamed)];
  });
  return { ...contract, paths: Object.fromEntries(paths) };
}

export default defineConfig({
  viertakt: {
    input: { target: "../openapi.json", override: { transformer: renameKindInPaths } },
    output: {
      target: "src/api/generated/calls.ts",
      schemas: "src/api/generated/model",
      client: "fetch",
      mode: "split",
      clean: true,
      indexFiles: false,
      namingConvention: "kebab-case",
      override: {
        mutator: { path: "src/api/http.ts", name: "request" },
        fetch: { includeHttpResponseReturnType: false },
        // Files are links, not calls: without this, every report might be a Blob.
        contentType: { include: ["application/json", "text/event-stream"] },
      },
    },
  },
});
