package dev.taper.server.connect;

import dev.taper.FailureLog;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.client.AgentClient;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A folder of requests for approval. The agent leaves {@code ID.json}, a request as {@code taper
 * approve} reads it; whoever approves leaves the approval beside it, in a file that ends with
 * {@code .approval}; whoever refuses leaves the reason in {@code ID.refused}. Thread-safe.
 */
final class AskFolder {
  /** The longest that a request stays. */
  static final Duration LONGEST = Duration.ofDays(1);

  private static final int MOST = 64;

  /** The most requests of one agent, so that no model takes the room of the others. */
  private static final int MOST_OF_ONE = 16;

  static final int MAX_REQUEST = 1 << 20; // bytes: as much as ApprovalRequest reads
  private static final int MAX_APPROVAL = 16 * 1024; // bytes
  private static final int MAX_REASON = 1024; // bytes
  private static final String REQUEST = ".json";
  private static final String APPROVAL = ".approval";
  private static final String REFUSED = ".refused";

  private final OwnFolder folder;
  private final Clock clock;
  private final FailureLog failures;

  AskFolder(OwnFolder folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
    this.failures = FailureLog.of(AskFolder.class, "looking for approvals", clock);
  }

  /**
   * Asks for the approval of a call. The same call with the same token is asked for once.
   *
   * @param reason why, in the model's words: one line of visible text
   * @return the ask's id
   * @throws MistakeException if too much is asked already
   * @throws TaperException if the call cannot be stated, or for the reason
   */
  synchronized String ask(AgentClient client, ToolCall call, String reason)
      throws IOException, MistakeException {
    ApprovalRequest request = client.token().requestApproval(call, client.audience(), reason);
    String id = id(client, call);
    Path file = folder.path().resolve(id + REQUEST);
    if (!Files.exists(file)) {
      sweep();
      if (folder.files(REQUEST).size() >= MOST
          || asked(request.token().holderKey()) >= MOST_OF_ONE) {
        throw new MistakeException("Too many asks wait for an answer: wait for one of them.");
      }
      folder.put(id + REQUEST, request.encode().getBytes(StandardCharsets.UTF_8));
    }
    return id;
  }

  /** The same for the same call in the hands of the same holder. */
  private static String id(AgentClient client, ToolCall call) {
    return ShortDigest.of(presentState(client), HexFormat.of().formatHex(call.digest()));
  }

  private static String presentState(AgentClient client) {
    List<ApprovalStatement.State> states = ApprovalStatement.State.of(client.token().token());
    return states.get(states.size() - 1).digest();
  }

  private void sweep() throws IOException {
    Instant oldest = clock.instant().minus(LONGEST);
    for (Path file : folder.files(REQUEST)) {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** True if there is an ask of that id. */
  boolean has(String id) {
    return isId(id) && Files.exists(folder.path().resolve(id + REQUEST));
  }

  private static boolean isId(String id) {
    return id.matches("[0-9a-f]{16}");
  }

  /** Where the request is. */
  Path request(String id) {
    return folder.path().resolve(id + REQUEST);
  }

  /** Why an ask was refused, in the words of whoever refused; null if nobody did. */
  @Nullable String refusal(String id) {
    Path file = folder.path().resolve(id + REFUSED);
    if (!isId(id) || !Files.exists(file)) {
      return null;
    }
    try {
      return ShownText.of(OwnFolder.read(file, MAX_REASON), MAX_REASON);
    } catch (IOException e) {
      failures.failed(e);
      return "";
    }
  }

  /**
   * An approval of what an ask asks for that has not ended; null if there is none.
   *
   * @param presented what the service had already, and what was not enough, in base64url
   */
  @Nullable Approval answer(String id, AgentClient client, Set<String> presented) {
    ToolCall call = call(request(id));
    return call == null
        ? null
        : alive(client).stream()
            .filter(one -> one.statement().covers(call))
            .filter(one -> !presented.contains(one.encodeBase64()))
            .findFirst()
            .orElse(null);
  }

  /**
   * The approvals to send with a call: those for all that was asked with the same arguments, and
   * those for patterns. Which of them counts, the service knows.
   *
   * @param arguments of the call, in canonical form
   * @return each in base64url
   */
  Set<String> approvals(AgentClient client, String arguments) {
    List<Approval> alive = alive(client);
    if (alive.isEmpty()) {
      return Set.of();
    }
    Set<String> asked =
        requests().stream()
            .filter(call -> call.arguments().toJson().equals(arguments))
            .map(call -> HexFormat.of().formatHex(call.digest()))
            .collect(Collectors.toSet());
    return alive.stream()
        .filter(
            one ->
                !one.statement().patterns().isEmpty() || asked.contains(one.statement().meaning()))
        .sorted(Comparator.comparing((Approval one) -> one.statement().from()).reversed())
        .limit(SentApprovals.MAX)
        .map(Approval::encodeBase64)
        .collect(Collectors.toSet());
  }

  private List<ToolCall> requests() {
    List<ToolCall> calls = new ArrayList<>();
    for (Path file : files(REQUEST)) {
      ToolCall call = call(file);
      if (call != null) {
        calls.add(call);
      }
    }
    return calls;
  }

  private int asked(@Nullable PublicKey holder) {
    int count = 0;
    for (Path file : files(REQUEST)) {
      ApprovalRequest request = read(file);
      if (request != null && Objects.equals(request.token().holderKey(), holder)) {
        count++;
      }
    }
    return count;
  }

  private @Nullable ToolCall call(Path file) {
    ApprovalRequest request = read(file);
    return request == null ? null : request.call();
  }

  private @Nullable ApprovalRequest read(Path file) {
    return read(file, MAX_REQUEST, ApprovalRequest::decode);
  }

  /** What a file holds; null if it is not that, or perhaps half of it is written. */
  private <T> @Nullable T read(Path file, int maxBytes, Function<String, T> decode) {
    try {
      return decode.apply(OwnFolder.read(file, maxBytes));
    } catch (IOException | TaperException e) {
      failures.failed(e);
      return null;
    }
  }

  private List<Approval> alive(AgentClient client) {
    Instant now = clock.instant();
    Set<String> states =
        ApprovalStatement.State.of(client.token().token()).stream()
            .map(ApprovalStatement.State::digest)
            .collect(Collectors.toSet());
    List<Approval> alive = new ArrayList<>();
    for (Path file : files(APPROVAL)) {
      Approval approval = read(file, MAX_APPROVAL, Approval::decode);
      if (approval != null
          && approval.statement().until().isAfter(now)
          && states.contains(approval.statement().state())
          && approval.statement().audiences().contains(client.audience())
          && !alive.contains(approval)) {
        alive.add(approval);
      }
    }
    return alive;
  }

  private List<Path> files(String ending) {
    try {
      return folder.files(ending);
    } catch (IOException e) {
      failures.failed(e);
      return List.of();
    }
  }
}
