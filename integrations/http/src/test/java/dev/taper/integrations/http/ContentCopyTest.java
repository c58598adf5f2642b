package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.decision.Verifier;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A content is read into one array, which the verifier and the handler get: it is copied once. */
class ContentCopyTest {
  private static final int LARGE = 60_000;
  private static final int SLACK = 12_000;
  private static final int RUNS = 40;
  private static final String ORIGIN = "https://jira.example.com";

  private final World world = new World();
  private final Verifier verifier = world.verifier(ORIGIN).build();

  /** A request in memory. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Received(SentHttp sent, Map<String, String> fields, byte[] bytes)
      implements IncomingRequest {
    @Override
    public String method() {
      return sent.method();
    }

    @Override
    public String target() {
      return sent.target();
    }

    @Override
    public boolean isSecure() {
      return true;
    }

    @Override
    public List<String> field(String name) {
      String value = fields.get(name.toLowerCase(Locale.ROOT));
      return value == null ? List.of() : List.of(value);
    }

    @Override
    public Collection<String> fieldNames() {
      return fields.keySet();
    }

    @Override
    public InputStream content() {
      return new ByteArrayInputStream(bytes);
    }
  }

  private Received upload(byte[] content, boolean chunked) {
    SentHttp sent = SentHttp.of("PUT", ORIGIN, "/uploads").content("a/b", content);
    return received(sent, "a/b", content, chunked);
  }

  private Received received(SentHttp sent, String type, byte[] content, boolean chunked) {
    List<String> presented = world.presented(sent);
    return new Received(
        sent,
        Map.of(
            "host",
            "jira.example.com",
            "content-type",
            type,
            chunked ? "transfer-encoding" : "content-length",
            chunked ? "chunked" : Integer.toString(content.length),
            "authorization",
            presented.get(0).substring("Authorization: ".length()),
            "taper-proof",
            presented.get(1).substring("Taper-Proof: ".length())),
        content);
  }

  /**
   * How much more is allocated for so much content than for none. Without any it is tried before
   * and after: keys become known meanwhile, by a thread of their own, and calls need less then.
   */
  private long moreFor(int length, boolean chunked) throws RefusedException {
    long before = allocated(() -> upload(new byte[0], false));
    long large = allocated(() -> upload(new byte[length], chunked));
    return large - Math.min(before, allocated(() -> upload(new byte[0], false)));
  }

  /** The fewest bytes that judging allocated, of many requests. */
  private long allocated(Supplier<Received> requests) throws RefusedException {
    HttpGuard guard = HttpGuard.of(verifier);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long fewest = Long.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      Received request = requests.get();
      long before = threads.getCurrentThreadAllocatedBytes();
      GuardedCall call = guard.judge(request);
      fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
      assertThat(call.content()).isEqualTo(request.bytes());
    }
    return fewest;
  }

  @Test
  void content_ofAStatedLength_isReadOnceAndNeverCopied() throws RefusedException {
    long large = moreFor(LARGE, false);

    assertThat(large).isBetween((long) LARGE, (long) LARGE + SLACK);
  }

  @Test
  void content_inChunks_isPutTogetherOnce() throws RefusedException {
    long large = moreFor(LARGE, true);

    // The parts that were read, which end on a whole buffer, and the content.
    assertThat(large).isBetween(2L * LARGE, 2L * LARGE + 2 * SLACK);
  }
}
