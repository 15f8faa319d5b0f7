// Fails when a text stands in the code but not in the catalogues, or the other way round: the build sees only the catalogues.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const catalogues = ["src/locales/en.po", "src/locales/nl.po"];
const before = catalogues.map((path) => readFileSync(path, "utf8"));
execFileSync(process.execPath, ["node_modules/@lingui/cli/dist/lingui.js", "extract", "--clean"], {
  stdio: ["ignore", "ignore", "inherit"],
});
const apart = catalogues.filter((path, index) => readFileSync(path, "utf8") !== before[index]);
// A check changes nothing: what it found stands in its message.
catalogues.forEach((path, index) => {
  writeFileSync(path, before[index] ?? "");
});
if (apart.length > 0) {
  process.stderr.write(
    `${apart.join(" and ")} and the texts in the code differ: run \`npm run words\`, then translate\n`,
  );
  process.exitCode = 1;
}
