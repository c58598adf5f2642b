package dev.taper.operations.config;

import dev.taper.agent.memory.ReplayMemory;
import dev.taper.operations.Place;
import dev.taper.store.SqlReplayMemory;

/** How many used proofs a setting has room for. */
final class ReplayRoom {
  /** What a proof takes of the file in a folder. */
  private static final int BYTES_IN_A_FOLDER = 76;

  /** How many proofs a folder remembers by default. */
  private static final int IN_A_FOLDER = 1 << 16;

  private ReplayRoom() {}

  /** How many proofs a folder remembers. */
  static int inFolder(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, bytes / BYTES_IN_A_FOLDER);
  }

  /** Says how many are remembered. */
  static String words(Settings settings) {
    Place place = settings.replayMemory().place();
    Long bytes = settings.replayBytes();
    if (place == null) {
      return "used proofs take up to "
          + (bytes == null ? ReplayMemory.DEFAULT_BYTES : bytes)
          + " bytes"
          + (bytes == null ? ", or a quarter of the heap if that is less" : "")
          + ", 50 each; more are refused";
    }
    int capacity =
        bytes != null
            ? inFolder(bytes)
            : place instanceof Place.File ? IN_A_FOLDER : SqlReplayMemory.DEFAULT_CAPACITY;
    return capacity + " proofs are remembered, and more refused";
  }
}
