import { defineConfig } from "orval";

export default defineConfig({
  viertakt: {
    input: "../openapi.json",
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
      },
    },
  },
});
