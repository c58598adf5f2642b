// The envelope, and what its signatures cover (sections 3 and 4).
import { readPublicKey } from "./block.mjs";
import { concat, demand, littleEndian4, refuse, unbase64url } from "./bytes.mjs";
import { bytesField, message, numberField, read } from "./wire.mjs";

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

/** Section 11, step 1; who is asked to may take 62 blocks. */
export function readToken(bytes, mostBlocks = 32) {
  demand(bytes.length <= 65536, "decode_limit");
  const { rootKeyId, authority, blocks, proof } = read(TOKEN, bytes, MALFORMED);
  demand(1 + blocks.length <= mostBlocks, "decode_limit");
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
export const writeHeld = ({ rootKeyId, blocks }) =>
  concat(
    ...(rootKeyId === undefined ? [] : numberField(1, rootKeyId)),
    ...blocks.flatMap(({ encoded }, i) => bytesField(i === 0 ? 2 : 3, encoded)),
    ...bytesField(4, new Uint8Array()),
  );

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

/** Each signature behind that of the root key, with whose it must be and what it covers; a bearer's secret aside. */
export function signaturesOf(token) {
  const { blocks, end } = token;
  const ofBlocks = blocks.slice(1).flatMap((block, i) => {
    const previous = blocks[i];
    const own = { key: previous.nextKey, message: blockMessage(block, previous), signature: block.signature };
    const { external } = block;
    return external ? [own, { ...external, message: externalMessage(block, previous) }] : [own];
  });
  if (end.mode !== "sealed") return ofBlocks;
  return [...ofBlocks, { key: blocks.at(-1).nextKey, message: endMessage(token), signature: end.finalSignature }];
}
