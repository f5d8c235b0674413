// Issues badges as course platforms do, with libraries of others: the tests give the credentials.
// Reads {contexts, badges: {name: {form, credential, header?}}} and writes {keys, badges: {name: text}}.
import { createHash, generateKeyPairSync, sign as rawSign } from "node:crypto";
import { text } from "node:stream/consumers";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import * as Ed25519Multikey from "@digitalbazaar/ed25519-multikey";
import { cryptosuite as rdfc } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import { CompactSign, exportJWK, generateKeyPair } from "jose";
import jsigs from "jsonld-signatures";

const asked = JSON.parse(await text(process.stdin));
const created = "2025-02-01T12:00:00Z";

const documentLoader = async (url) => {
  if (!(url in asked.contexts)) throw new Error(`${url} would have to be fetched`);
  return { contextUrl: null, documentUrl: url, document: asked.contexts[url] };
};

const multikey = await Ed25519Multikey.generate({ controller: "did:example:platform" });
const pairs = {};
for (const algorithm of ["EdDSA", "ES256", "RS256"])
  pairs[algorithm] = await generateKeyPair(algorithm, { extractable: true });
const textPair = generateKeyPairSync("ed25519");

async function asGraph(credential) {
  const suite = new DataIntegrityProof({ signer: multikey.signer(), cryptosuite: rdfc, date: created });
  const purpose = new jsigs.purposes.AssertionProofPurpose();
  return JSON.stringify(await jsigs.sign({ ...credential }, { suite, purpose, documentLoader }));
}

// RFC 8785: what JSON.stringify writes, with members in order.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(",")}}`;
}

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

function base58(bytes) {
  let number = BigInt(`0x${bytes.toString("hex")}`);
  let written = "";
  for (; number > 0n; number /= 58n) written = ALPHABET[Number(number % 58n)] + written;
  for (const byte of bytes) {
    if (byte) break;
    written = `1${written}`;
  }
  return written;
}

function asText(credential) {
  const proof = {
    type: "DataIntegrityProof",
    cryptosuite: "eddsa-jcs-2022",
    created,
    verificationMethod: "did:example:platform#text",
    proofPurpose: "assertionMethod",
    "@context": credential["@context"],
  };
  const digests = [proof, credential].map((one) => createHash("sha256").update(canonical(one)).digest());
  const signature = rawSign(null, Buffer.concat(digests), textPair.privateKey);
  return JSON.stringify({ ...credential, proof: { ...proof, proofValue: `z${base58(signature)}` } });
}

async function asToken(algorithm, credential, header) {
  const bytes = new TextEncoder().encode(JSON.stringify(credential));
  const told = { alg: algorithm, typ: "JWT", ...header };
  return new CompactSign(bytes).setProtectedHeader(told).sign(pairs[algorithm].privateKey);
}

const badges = {};
for (const [name, { form, credential, header }] of Object.entries(asked.badges)) {
  if (form === "graph") badges[name] = await asGraph(credential);
  else if (form === "text") badges[name] = asText(credential);
  else badges[name] = await asToken(form, credential, header);
}
const keys = [textPair.publicKey.export({ format: "jwk" })];
for (const { publicKey } of Object.values(pairs)) keys.push(await exportJWK(publicKey));
const { publicKeyMultibase } = await multikey.export({ publicKey: true });
console.log(JSON.stringify({ keys, multikey: publicKeyMultibase, badges }));
