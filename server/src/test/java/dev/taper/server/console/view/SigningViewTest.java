package dev.taper.server.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.integrations.http.AskQueue.Standing;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A keeper's key signs approvals of what is asked, and nothing else. */
class SigningViewTest {
  private static final String NAME = "a".repeat(64);

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);
  private final ApprovalRequest request = request("jira.close");

  private ApprovalRequest request(String tool) {
    AgentToken token =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-1")
                    .grant("jira.*")
                    .expiresIn(Duration.ofHours(1)));
    return token.requestApproval(ToolCall.of(tool), "svc:jira", "done");
  }

  /** One open ask. */
  private final class One implements AskSource {
    @Override
    public Set<String> open() {
      return Set.of(NAME);
    }

    @Override
    public Page page(Wanted wanted) {
      return new Page(List.of(item(NAME, null)), List.of(), null, new Open(1, 0, List.of()));
    }

    @Override
    public AskItem item(String name, @Nullable PublicKey key) {
      AskStatus status = AskStatus.open(request.encode(), List.of());
      return new AskItem(NAME, 1, "svc:jira", status, null, 0, Standing.POSSIBLE, null);
    }

    @Override
    public AskStatus.State approve(String name, String approval) {
      throw new AssertionError("nothing is given");
    }

    @Override
    public AskStatus.State refuse(String name, String reason) {
      throw new AssertionError("nothing is given");
    }
  }

  private HttpAnswer post(Supplier<Signer> keeper, String path, String json)
      throws RefusedException {
    SigningView view = new SigningView(new One(), keeper, Clock.systemUTC());
    IncomingRequest request =
        IncomingRequest.of(
            "POST",
            path,
            false,
            Map.of("content-type", "application/json"),
            json.getBytes(StandardCharsets.UTF_8));
    ViewRequest read = Objects.requireNonNull(ViewRequest.of(request, "/api/"));
    return new Views(List.of(view)).answer(read);
  }

  private HttpAnswer sign(Supplier<Signer> keeper, String statement) throws RefusedException {
    String text =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(statement.getBytes(StandardCharsets.UTF_8));
    return post(
        keeper,
        "/api/keeper-approvals",
        "{\"ask\":\"" + NAME + "\",\"statement\":\"" + text + "\"}");
  }

  private static String text(HttpAnswer answer) {
    return new String(answer.content(), StandardCharsets.UTF_8);
  }

  private String statement(ApprovalRequest of) {
    return of.statement(Approval.Terms.lasting(Duration.ofMinutes(5)), Clock.systemUTC()).toJson();
  }

  @Test
  void keeper_forWhatIsAsked_signsExactlyThat() throws Exception {
    String statement = statement(request);
    HttpAnswer answer = sign(() -> boss, statement);
    assertThat(answer.status()).as(text(answer)).isEqualTo(200);
    String encoded = text(answer).replaceFirst("^.*\"approval\":\"", "").replace("\"}", "");
    Approval approval = Approval.decode(encoded);
    assertThat(approval.isSigned()).isTrue();
    assertThat(approval.approver()).isEqualTo(boss.publicKey());
    assertThat(approval.statement().toJson()).isEqualTo(statement);
  }

  @Test
  void keeper_forAnythingElse_isNotAsked() throws Exception {
    Supplier<Signer> never =
        () -> {
          throw new AssertionError("the keeper is asked");
        };
    String good = statement(request);
    for (String wrong :
        List.of(
            statement(request("jira.delete")),
            good.replace("svc:jira", "svc:bank"),
            good.replaceFirst("\"state\":\"[0-9a-f]{64}\"", "\"state\":\"" + "0".repeat(64) + "\""),
            good.replace("{\"audiences\"", "{ \"audiences\""),
            "{}",
            "\0TAPER\0NAMES\0",
            good + " ")) {
      HttpAnswer answer = sign(never, wrong);
      assertThat(answer.status()).as(text(answer)).isIn(400, 403);
    }
    assertThat(text(post(never, "/api/keeper-approvals", "{\"ask\":\"" + NAME + "\"}")))
        .contains("invalid_request");
  }

  @Test
  void keeper_thatRefusesOrIsNotThere_saysWhichItIs() throws Exception {
    for (String code : List.of("confirm_refused", "locked", "no_keeper")) {
      Signer refusing =
          new Signer() {
            @Override
            public PublicKey publicKey() {
              return boss.publicKey();
            }

            @Override
            public byte[] sign(byte[] message) {
              throw new TaperException(
                  ErrorCode.SIGNING_FAILED,
                  "no",
                  new OperationException(OperationException.Kind.REFUSED, code, "no", null));
            }
          };
      HttpAnswer answer = sign(() -> refusing, statement(request));
      assertThat(text(answer)).contains("\"" + code + "\"");
      assertThat(answer.status()).isEqualTo(code.equals("no_keeper") ? 503 : 403);
    }
    HttpAnswer gone =
        sign(
            () -> {
              throw new OperationException(
                  OperationException.Kind.IO, "no_keeper", "there is none", null);
            },
            statement(request));
    assertThat(gone.status()).isEqualTo(503);
  }
}
