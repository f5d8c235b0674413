// A real identity service for tests: oidc-provider on loopback, with its own forms of sign-in.
// What it should be comes as JSON in the first argument; its address is its first line.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const { client, people, carriesClaims } = JSON.parse(process.argv[2]);
const server = createServer();

server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [client],
    claims: { openid: ['sub'], profile: ['name', 'id_number'] },
    conformIdTokenClaims: !carriesClaims,
    pkce: { required: () => true },
    cookies: { keys: ['of a test'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, ...people[id] }),
    }),
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
