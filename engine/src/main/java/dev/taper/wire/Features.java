package dev.taper.wire;

import dev.taper.ErrorCode;
import dev.taper.TaperException;

/**
 * The features that a block may use, by the Datalog version that it declares.
 *
 * @param version the declared version
 */
record Features(int version) {
  /**
   * Checks that the version has a feature.
   *
   * @throws TaperException {@link ErrorCode#FEATURE_NOT_IN_VERSION} if it does not
   */
  void require(ProtoReader in, int since, String feature) {
    if (version < since) {
      throw in.fail(
          ErrorCode.FEATURE_NOT_IN_VERSION,
          feature + " needs Datalog version " + since + ", the block declares " + version);
    }
  }
}
