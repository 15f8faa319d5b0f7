// A certified OpenID provider with a sign-in form that takes any password, for tests:
//
//   node openid-provider.mjs '{"redirectUris": ["http://…/callback"], "people": {"anna": {"email": "…", "groups": ["…"]}}}'
//
// Prints {"issuer": …} when it is ready. The client is `viertakt` with the secret `openid-secret`; PKCE is required.
// A line of JSON on stdin replaces the people.

import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Provider } from "oidc-provider";

const { redirectUris, people: first } = JSON.parse(process.argv[2]);
let people = first;
let handle = (_request, response) => response.writeHead(503).end();
const server = createServer((request, response) => handle(request, response));

server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "viertakt",
        client_secret: "openid-secret",
        redirect_uris: redirectUris,
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    cookies: { keys: ["only for tests"] },
    pkce: { required: () => true },
    scopes: ["openid", "email", "profile", "groups"],
    claims: { email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
    findAccount: (_context, id) =>
      people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
    features: { devInteractions: { enabled: true } },
  });
  handle = provider.callback();
  console.log(JSON.stringify({ issuer }));
});

createInterface({ input: process.stdin })
  .on("line", (line) => {
    people = JSON.parse(line);
  })
  .on("close", () => process.exit(0));
