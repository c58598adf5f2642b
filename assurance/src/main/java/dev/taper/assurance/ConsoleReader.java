package dev.taper.assurance;

import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.AskQueue.Standing;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.server.console.relay.RelayedAsks;
import dev.taper.server.console.view.AskItem;
import dev.taper.server.console.view.AskSource;
import dev.taper.server.console.view.AsksView;
import dev.taper.server.console.view.OwnData;
import dev.taper.server.console.view.SigningView;
import dev.taper.server.console.view.TrustFiles;
import dev.taper.server.console.view.View;
import dev.taper.server.console.view.ViewRequest;
import dev.taper.server.console.view.Views;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The readers of what a page asks of the console, and of what a relay tells it. What is refused has
 * a status that somebody foresaw; what is believed of a relay is verified and reads the same again.
 */
final class ConsoleReader {
  static final String NAME = "a".repeat(64);

  private static final Set<Integer> REFUSED = Set.of(400, 403, 404, 409);

  private static final AgentToken TOKEN =
      Issuer.of(Keys.ROOT)
          .clock(Keys.CLOCK)
          .mint(
              Delegation.by("user:alice@acme.com")
                  .to(Agent.of("agent:planner", Keys.PLANNER.publicKey()))
                  .task("T-4711")
                  .grant("jira.search if approved by " + Keys.APPROVER.publicKey())
                  .expiresIn(Duration.ofMinutes(30)));

  /** What the one ask of these harnesses asks. */
  static final ApprovalRequest REQUEST =
      TOKEN.requestApproval(
          ToolCatalog.parse(HttpReader.CATALOG)
              .call(SentHttp.of("GET", HttpReader.ORIGIN, "/issues/7")),
          HttpReader.AUDIENCE,
          "the customer waits");

  private ConsoleReader() {}

  /** A source with one open ask, which takes whatever is answered. */
  private static final class OneAsk implements AskSource {
    @Override
    public Set<String> open() {
      return Set.of(NAME);
    }

    @Override
    public Page page(Wanted wanted) {
      return new Page(
          List.of(item(NAME, wanted.key())), List.of(), null, new Open(1, 0, List.of()));
    }

    @Override
    public AskItem item(String name, @Nullable PublicKey key) {
      return new AskItem(
          NAME,
          1,
          HttpReader.AUDIENCE,
          AskStatus.open(REQUEST.encode(), List.of()),
          key == null ? null : key.equals(Keys.APPROVER.publicKey()),
          0,
          Standing.POSSIBLE,
          null);
    }

    @Override
    public AskStatus.State approve(String name, String approval) {
      return AskStatus.State.ANSWERED;
    }

    @Override
    public AskStatus.State refuse(String name, String reason) {
      return AskStatus.State.REFUSED;
    }
  }

  /** Made when the first of these inputs is read: an empty registry, and a log of one event. */
  private static final class Own {
    static final Views VIEWS = views();

    private Own() {}

    private static Views views() {
      try {
        Path folder = Files.createTempDirectory("taper-assurance");
        folder.toFile().deleteOnExit();
        for (String name : List.of("log", "log.lock", "db", "db-wal", "db-shm")) {
          folder.resolve(name).toFile().deleteOnExit();
        }
        AuditSink sink = AuditSink.inFile(folder.resolve("log"), Keys.CLOCK);
        try (AuditLog log = AuditLog.on(sink, Keys.APPROVER).clock(Keys.CLOCK).open()) {
          log.append(AuditEvent.of(AuditKind.TASK_END, Keys.CLOCK.instant()).task("T-4711"));
        }
        return of(new Workplace(folder, Keys.CLOCK), new OneAsk());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** All views; they last as long as the process. */
    @SuppressWarnings({"resource", "MustBeClosed"})
    private static Views of(Workplace workplace, AskSource asks) {
      OwnData own =
          new OwnData(
              new OwnData.Settings(
                  workplace,
                  List.of(),
                  new Place.Sql("sqlite:db"),
                  new Place.File("log"),
                  List.of(Keys.APPROVER.publicKey()),
                  null,
                  List.of(),
                  new OwnData.Acting(null, null, "user:alice@acme.com")));
      TrustFiles trust =
          new TrustFiles(TrustFiles.RootFiles.NONE, null, List.of(), List::of, Keys.CLOCK);
      List<View> views = new ArrayList<>();
      views.add(new AsksView(asks, (ask, approval) -> {}));
      views.add(new SigningView(asks, () -> Keys.APPROVER, Keys.CLOCK));
      views.addAll(own.views(trust, asks, null));
      return new Views(views);
    }
  }

  /** A request of the page: the first line has method and target, and the rest is the content. */
  private static IncomingRequest of(byte[] input) {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    String line = new String(input, 0, end, StandardCharsets.ISO_8859_1);
    int space = line.indexOf(' ');
    return IncomingRequest.of(
        space < 0 ? "GET" : line.substring(0, space),
        "/api/" + line.substring(space + 1),
        false,
        Map.of("content-type", "application/json"),
        Arrays.copyOfRange(input, Math.min(input.length, end + 1), input.length));
  }

  /** What a page asks. */
  static boolean request(byte[] input) {
    HttpAnswer answer;
    try {
      ViewRequest request = ViewRequest.of(of(input), "/api/");
      if (request == null) {
        return false;
      }
      answer = Own.VIEWS.answer(request);
    } catch (RefusedException e) {
      Laws.same(
          "the code of a question that makes no sense", "invalid_request", e.refusal().code());
      return false;
    }
    String text = Laws.utf8(answer.content());
    if (answer.status() == 200) {
      return true;
    }
    if (!REFUSED.contains(answer.status())
        || !text.startsWith("{\"status\":" + answer.status() + ",\"code\":\"")) {
      throw new AssertionError("refused with " + text);
    }
    return false;
  }

  /** What a relay tells. */
  static boolean relay(byte[] input) {
    AskSource.Page page;
    try {
      page = RelayedAsks.read(input, RootKeys.of(Keys.ROOT.publicKey()));
    } catch (RefusedException e) {
      Laws.same("the code of a relay's answer", "malformed_answer", e.refusal().code());
      return false;
    }
    for (AskItem item : page.items()) {
      ApprovalRequest request = ApprovalRequest.decode(item.status().request());
      Laws.same("a request written anew", item.status().request(), request.encode());
      var chain = request.token().verifyHeld(RootKeys.of(Keys.ROOT.publicKey()));
      Laws.same("whose root key", Keys.ROOT.publicKey(), chain.rootKey());
    }
    return !page.items().isEmpty();
  }
}
