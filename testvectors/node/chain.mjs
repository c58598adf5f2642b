// The envelope and its signatures (sections 3 and 4).
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { readPublicKey } from "./block.mjs";
import { concat, demand, littleEndian4, Refusal, refuse, unbase64url } from "./bytes.mjs";
import { publicKey, sameKey, verify } from "./keys.mjs";
import { message, read } from "./wire.mjs";

const MALFORMED = "malformed_token";

const TOKEN = message("rootKeyId?:uint32", "authority:bytes", "blocks*:bytes", "proof:bytes");
const BLOCK = message("payload:bytes", "nextKey:bytes", "signature:bytes", "external?:bytes", "version?:uint32");
const EXTERNAL = message("signature:bytes", "key:bytes");
const PROOF = message("nextSecret|?:bytes", "finalSignature|?:bytes");

/** The bytes of a token's text form. */
export function tokenBytes(text) {
  const [, body, padding] = /^(?:biscuit:)?([^=]*)(=*)$/.exec(text) ?? refuse("invalid_base64");
  demand(padding === "" || (body.length + padding.length) % 4 === 0, "invalid_base64");
  demand(padding.length <= 2, "invalid_base64");
  return unbase64url(body, "invalid_base64");
}

/** Section 11, step 1. */
export function readToken(bytes) {
  demand(bytes.length <= 65536, "decode_limit");
  const { rootKeyId, authority, blocks, proof } = read(TOKEN, bytes, MALFORMED);
  demand(1 + blocks.length <= 32, "decode_limit");
  return {
    rootKeyId,
    blocks: [authority, ...blocks].map(readSignedBlock),
    end: readEnd(proof),
  };
}

function readSignedBlock(encoded, index) {
  const { payload, nextKey, signature, external, version = 0 } = read(BLOCK, encoded, MALFORMED);
  demand(index > 0 || external === undefined, MALFORMED);
  demand(version <= 1 && (version === 1 || external === undefined), "unsupported_version");
  return {
    encoded,
    payload,
    nextKey: readPublicKey(nextKey, MALFORMED),
    signature,
    external: external && readExternal(external),
    version,
  };
}

function readExternal(bytes) {
  const { signature, key } = read(EXTERNAL, bytes, MALFORMED);
  return { signature, key: readPublicKey(key, MALFORMED) };
}

function readEnd(bytes) {
  const { nextSecret, finalSignature } = read(PROOF, bytes, MALFORMED);
  if (nextSecret) return { mode: "bearer", nextSecret };
  if (finalSignature) return { mode: "sealed", finalSignature };
  return { mode: "held" };
}

/** A held token of these blocks. */
export function writeHeld({ rootKeyId, blocks }) {
  const writer = new BinaryWriter();
  if (rootKeyId !== undefined) writer.tag(1, WireType.Varint).uint32(rootKeyId);
  blocks.forEach(({ encoded }, i) => writer.tag(i === 0 ? 2 : 3, WireType.LengthDelimited).bytes(encoded));
  return writer.tag(4, WireType.LengthDelimited).bytes(new Uint8Array()).finish();
}

const keyParts = ({ nextKey }) => [littleEndian4(nextKey.algorithm), nextKey.bytes];

/** What a block's signature covers. */
export function blockMessage(block, previous) {
  const { payload, external, version } = block;
  const [algorithm, key] = keyParts(block);
  if (version === 0) return concat(payload, algorithm, key);
  return concat(
    ...["\0BLOCK\0", "\0VERSION\0", littleEndian4(1), "\0PAYLOAD\0", payload],
    ...["\0ALGORITHM\0", algorithm, "\0NEXTKEY\0", key],
    ...(previous ? ["\0PREVSIG\0", previous.signature] : []),
    ...(external ? ["\0EXTERNALSIG\0", external.signature] : []),
  );
}

/** What a third party's signature covers. */
export const externalMessage = ({ payload }, previous) =>
  concat(
    ...["\0EXTERNAL\0", "\0VERSION\0", littleEndian4(1)],
    ...["\0PAYLOAD\0", payload, "\0PREVSIG\0", previous.signature],
  );

/** What the final signature of a sealed token covers. */
export const endMessage = ({ blocks }) => {
  const last = blocks.at(-1);
  return concat(last.payload, ...keyParts(last), last.signature);
};

/** Section 11, step 3, with the root keys that may have signed; gives the one that did. */
export function verifyChain(token, rootKeys) {
  const { blocks, end } = token;
  const root = verifyByOneOf(rootKeys, blocks[0]);
  blocks.slice(1).forEach((block, i) => {
    const previous = blocks[i];
    verify(previous.nextKey, blockMessage(block, previous), block.signature);
    if (block.external) {
      verify(block.external.key, externalMessage(block, previous), block.external.signature);
    }
  });
  const { nextKey } = blocks.at(-1);
  if (end.mode === "bearer") verifySecret(end.nextSecret, nextKey);
  if (end.mode === "sealed") verify(nextKey, endMessage(token), end.finalSignature);
  return root;
}

function verifyByOneOf(rootKeys, block) {
  let refusal = new Refusal("unknown_root_key");
  for (const key of rootKeys) {
    try {
      verify(key, blockMessage(block), block.signature);
      return key;
    } catch (error) {
      if (refusal.code !== "invalid_signature") refusal = error;
    }
  }
  throw refusal;
}

function verifySecret(secret, nextKey) {
  let key;
  try {
    key = publicKey(nextKey.algorithm, secret);
  } catch {
    refuse("invalid_proof");
  }
  demand(sameKey(key, nextKey), "invalid_proof");
}
