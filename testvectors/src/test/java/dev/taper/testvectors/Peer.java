package dev.taper.testvectors;

import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import java.util.List;

/**
 * An implementation of the format that makes tokens and judges them. Tokens pass as bytes; {@link
 * TestKeys#ROOT} signs them.
 */
interface Peer {
  /** Makes a token with the authority block alone. */
  byte[] mint(Block authority);

  /** Appends a block. */
  byte[] attenuate(byte[] token, Block block);

  /** Seals a token. */
  byte[] seal(byte[] token);

  /** Verifies and authorizes a token. */
  ExpectedDecision judge(byte[] token, AuthorizerCode code);

  /** Makes a token, the makers taking turns. */
  static byte[] make(List<Peer> makers, List<Block> blocks, boolean sealed) {
    byte[] token = makers.get(0).mint(blocks.get(0));
    for (int i = 1; i < blocks.size(); i++) {
      token = makers.get(i % makers.size()).attenuate(token, blocks.get(i));
    }
    return sealed ? makers.get(blocks.size() % makers.size()).seal(token) : token;
  }
}
