package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who finds room in a memory, and who tries to take all of it. */
final class ShareCases {
  private static final String ALICE = "user:alice@acme.com";
  private static final String BOB = "user:bob@acme.com";

  private final Cases cases =
      new Cases(
          "shares",
          "A memory that is shared (docs/profile.md, section 10), empty at first. In each step one"
              + " authority block of a delegator adds entries, one after the other, until so many"
              + " are added, or one is refused and added says how many were. Nothing ends"
              + " meanwhile.");

  private ShareCases() {}

  /** A memory, and who adds to it in turn. */
  private static final class Memory {
    private final int capacity;
    private final List<ObjectNode> steps = new ArrayList<>();

    private Memory(int capacity) {
      this.capacity = capacity;
    }

    static Memory of(int capacity) {
      return new Memory(capacity);
    }

    Memory add(String delegator, int authority, int entries, int expected) {
      steps.add(
          Json.object(
              "delegator",
              delegator,
              "authority",
              new byte[] {(byte) authority},
              "entries",
              entries,
              "expect",
              expected == entries ? Cases.ok(entries) : full(expected)));
      return this;
    }
  }

  private static ObjectNode full(int added) {
    return Json.object("code", "replay_cache_full", "added", added);
  }

  static JsonNode file() {
    ShareCases all = new ShareCases();
    all.addDelegators();
    all.addBlocks();
    all.addEdges();
    return all.cases.file();
  }

  private void add(String name, @Nullable String attack, Memory memory) {
    cases.add(name, attack, "capacity", memory.capacity, "steps", memory.steps);
  }

  private void addDelegators() {
    add(
        "up to half nobody is limited",
        null,
        Memory.of(64).add(ALICE, 0, 20, 20).add(BOB, 0, 2, 2).add(ALICE, 0, 10, 10));
    add(
        "one delegator alone leaves an eighth for the next",
        "memory_filled",
        Memory.of(64).add(ALICE, 0, 100, 56).add(BOB, 0, 100, 8).add(ALICE, 0, 1, 0));
    add(
        "several delegators have their parts, and leave room for the next",
        "memory_filled",
        Memory.of(64)
            .add(ALICE, 0, 16, 16)
            .add(BOB, 0, 16, 16)
            .add("user:carol", 0, 100, 16)
            .add(ALICE, 0, 1, 0)
            .add(BOB, 0, 1, 0)
            .add("user:dave", 0, 100, 12));
    Memory many = Memory.of(16);
    many.add("user:0", 0, 8, 8).add("user:1", 0, 100, 5).add("user:2", 0, 100, 3);
    add(
        "many delegators fill it, and nothing is forgotten",
        "memory_filled",
        many.add("user:3", 0, 100, 0));
  }

  private void addBlocks() {
    add(
        "a block alone leaves a sixteenth for others of its delegator, and one for other delegators",
        "memory_filled",
        Memory.of(64)
            .add(ALICE, 0, 100, 56)
            .add(ALICE, 1, 100, 4)
            .add(ALICE, 2, 1, 0)
            .add(BOB, 0, 100, 4));
    add(
        "many blocks of one of several delegators leave room for others",
        "memory_filled",
        Memory.of(64)
            .add(BOB, 0, 1, 1)
            .add(ALICE, 0, 100, 31)
            .add(ALICE, 1, 100, 7)
            .add(ALICE, 2, 100, 5)
            .add(ALICE, 3, 100, 4)
            .add(ALICE, 4, 100, 1)
            .add(BOB, 0, 100, 15));
    add(
        "a block that has entries keeps its part",
        "memory_filled",
        Memory.of(64)
            .add(ALICE, 1, 1, 1)
            .add(ALICE, 0, 100, 31)
            .add(ALICE, 1, 100, 20)
            .add(BOB, 0, 100, 12));
    Memory blocks = Memory.of(32).add(BOB, 0, 1, 1).add(ALICE, 0, 100, 15);
    for (int block = 1; block < 10; block++) {
      blocks.add(ALICE, block, 1, 1);
    }
    add(
        "no more blocks of a delegator have first entries than its share has room",
        "memory_filled",
        blocks.add(ALICE, 10, 1, 0).add(BOB, 0, 100, 7));
  }

  private void addEdges() {
    add("room for one", null, Memory.of(1).add(ALICE, 0, 2, 1).add(BOB, 0, 1, 0));
    add(
        "room for three",
        null,
        Memory.of(3).add(ALICE, 0, 5, 2).add(BOB, 0, 5, 1).add(ALICE, 0, 1, 0).add(BOB, 1, 1, 0));
    add(
        "room for seven",
        null,
        Memory.of(7).add(ALICE, 0, 9, 6).add(ALICE, 1, 9, 0).add(BOB, 0, 9, 1));
  }
}
