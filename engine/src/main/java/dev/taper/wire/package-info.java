/**
 * The protobuf form of tokens, blocks, third-party messages and snapshots: strict reading,
 * canonical writing.
 */
@NullMarked
package dev.taper.wire;

import org.jspecify.annotations.NullMarked;
