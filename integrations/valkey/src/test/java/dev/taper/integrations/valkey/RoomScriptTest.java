package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.memory.MemoryShare;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The script must share a memory as {@link MemoryShare.Room} says. */
class RoomScriptTest {
  private static final int CASES = 20_000;
  private static final int AT_A_TIME = 500;

  private static final String MAIN =
      """
      local answers = {}
      for i = 1, #ARGV, 7 do
        local m = {n = tonumber(ARGV[i]), delegators = tonumber(ARGV[i + 1]),
          of_delegator = tonumber(ARGV[i + 2]), authorities = tonumber(ARGV[i + 3]),
          of_authority = tonumber(ARGV[i + 4]), capacity = tonumber(ARGV[i + 6])}
        answers[#answers + 1] = has_room(m, tonumber(ARGV[i + 5])) and 1 or 0
      end
      return answers
      """;

  @Test
  void hasRoom_anything_isAsInMemory() throws Exception {
    String script = "#!lua\n" + Script.read("room") + MAIN;
    Random random = new Random(19);
    RedisClient client = RedisClient.create("redis://127.0.0.1:" + SharedServer.get().port());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      long yes = 0;
      for (int done = 0; done < CASES; done += AT_A_TIME) {
        List<String> arguments = new ArrayList<>();
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < AT_A_TIME; i++) {
          expected.add(add(arguments, random) ? 1L : 0L);
        }
        List<Long> answers =
            connection
                .sync()
                .eval(
                    script,
                    ScriptOutputType.MULTI,
                    new String[0],
                    arguments.toArray(String[]::new));
        assertThat(answers).isEqualTo(expected);
        yes += answers.stream().mapToLong(Long::longValue).sum();
      }
      assertThat(yes).isBetween((long) CASES / 10, (long) CASES * 9 / 10);
    } finally {
      client.shutdown();
    }
  }

  /** Adds a case; true if there is room by the rule. */
  private static boolean add(List<String> arguments, Random random) {
    long capacity = 1 + random.nextLong(1L << (2 + random.nextInt(18)));
    long total = random.nextLong(capacity + 2);
    long ofDelegator = random.nextLong(total + 1);
    long ofAuthority = random.nextLong(ofDelegator + 1);
    long delegators = 1 + random.nextLong(Math.min(total, 12) + 1);
    long authorities = 1 + random.nextLong(Math.min(ofDelegator, 12) + 1);
    long wanted = 1 + random.nextLong(3);
    for (long number :
        new long[] {total, delegators, ofDelegator, authorities, ofAuthority, wanted, capacity}) {
      arguments.add(Long.toString(number));
    }
    return new MemoryShare.Room(total, delegators, ofDelegator, authorities, ofAuthority)
        .hasRoom(wanted, capacity);
  }
}
