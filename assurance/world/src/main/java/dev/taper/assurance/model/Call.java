package dev.taper.assurance.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A call in the small world.
 *
 * @param value of its only argument
 * @param time when it is made, in seconds
 */
record Call(String tool, String resource, long value, long time) {
  /** All calls. */
  static List<Call> all() {
    List<Call> all = new ArrayList<>();
    for (String tool : BlockRights.TOOLS) {
      for (String resource : BlockRights.RESOURCES) {
        for (long value : BlockRights.VALUES) {
          for (long time : List.of(0L, BlockRights.EARLY, BlockRights.LATE)) {
            all.add(new Call(tool, resource, value, time));
          }
        }
      }
    }
    return all;
  }
}
