package dev.taper.testvectors;

import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import java.util.List;

/**
 * A token to make, and who judges it.
 *
 * @param seed the number it was generated from
 * @param blocks the authority block and those appended to it
 * @param sealed whether it is sealed at the end
 * @param authorizer who judges it
 */
record GeneratedCase(long seed, List<Block> blocks, boolean sealed, AuthorizerCode authorizer) {
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("seed ").append(seed).append('\n');
    for (int i = 0; i < blocks.size(); i++) {
      text.append("block ").append(i).append(":\n").append(blocks.get(i));
    }
    return text.append("authorizer:\n").append(authorizer).toString();
  }
}
