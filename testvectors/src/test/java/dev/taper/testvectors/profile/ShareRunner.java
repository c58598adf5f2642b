package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.memory.SmallReplayMemory;
import java.nio.ByteBuffer;

/** Runs the cases of shares, with a memory of used proofs. */
final class ShareRunner {
  private ShareRunner() {}

  static void run(JsonNode one) {
    ReplayMemory memory = SmallReplayMemory.of(Json.get(one, "capacity").intValue());
    int number = 0;
    for (JsonNode step : Json.get(one, "steps")) {
      MemoryShare share =
          MemoryShare.of(Json.text(step, "delegator"), Json.bytes(Json.get(step, "authority")));
      int wanted = Json.get(step, "entries").intValue();
      int added = 0;
      while (added < wanted && isAdded(memory, share, number)) {
        added++;
        number++;
      }
      assertThat(added == wanted ? Cases.ok(added) : full(added))
          .isEqualTo(Json.get(step, "expect"));
    }
  }

  private static JsonNode full(int added) {
    return Json.object("code", ErrorCode.REPLAY_CACHE_FULL.text(), "added", added);
  }

  private static boolean isAdded(ReplayMemory memory, MemoryShare share, int number) {
    byte[] id = Messages.sha256(ByteBuffer.allocate(4).putInt(number).array());
    ReplayMemory.Use use = new ReplayMemory.Use(Json.hex(id), Cast.NOON, Cast.NOON.plusSeconds(60));
    try {
      return memory.claim(use, share, Cast.NOON);
    } catch (TaperException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_CACHE_FULL);
      return false;
    }
  }
}
