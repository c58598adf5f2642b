package dev.taper.assurance;

import static dev.taper.assurance.Laws.read;
import static dev.taper.assurance.Laws.same;
import static dev.taper.assurance.Laws.utf8;

import dev.taper.ErrorCode;
import dev.taper.ErrorCode.Category;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Readers of what stands beside a token in a call. */
final class CallReaders {
  private CallReaders() {}

  static boolean proof(byte[] input) {
    Optional<Proof> proof = read(() -> Proof.decode(input), ErrorCode.MALFORMED_HOLDER_PROOF);
    proof.ifPresent(
        read -> {
          same("a proof has one form", input, read.encode());
          same("a written proof reads the same", read, Proof.decode(read.encodeBase64()));
        });
    return proof.isPresent();
  }

  static boolean proofText(byte[] input) {
    String text = utf8(input);
    Optional<Proof> proof = read(() -> Proof.decode(text), ErrorCode.MALFORMED_HOLDER_PROOF);
    proof.ifPresent(read -> same("a proof has one text", text, read.encodeBase64()));
    return proof.isPresent();
  }

  static boolean toolCall(byte[] input) {
    Optional<ToolCall> call = read(() -> ToolCall.parse(utf8(input)), Category.REQUEST);
    call.ifPresent(CallReaders::call);
    return call.isPresent();
  }

  private static void call(ToolCall call) {
    ToolCall again = ToolCall.parse(call.toJson());
    same("a written call reads the same", call, again);
    same("a call has one form", call.toJson(), again.toJson());
    same("a call has one digest", call.digest(), again.digest());
    same(
        "a shown call has a row for each argument",
        call.arguments().names().size(),
        ShownCall.of(call, null, Integer.MAX_VALUE).arguments().size());
    for (Fact fact : call.facts().list()) {
      same("a call's facts can be printed", fact, Datalog.fact(fact.toString()));
      if (fact.predicate().name().equals("arg_url")) {
        url(call, fact);
      }
    }
  }

  /** Another reader of URLs, where it takes them at all, must see the same host. */
  private static void url(ToolCall call, Fact fact) {
    String scheme = ((Term.Str) fact.predicate().terms().get(1)).value();
    String host = ((Term.Str) fact.predicate().terms().get(2)).value();
    same("a scheme is in lower case", scheme.toLowerCase(Locale.ROOT), scheme);
    same("a host is in lower case", host.toLowerCase(Locale.ROOT), host);
    for (Fact argument : call.facts().list()) {
      if (argument.predicate().name().equals("arg")
          && argument.predicate().terms().get(0).equals(fact.predicate().terms().get(0))) {
        String theirs = host(((Term.Str) argument.predicate().terms().get(1)).value());
        if (!theirs.isEmpty() && !theirs.startsWith("[")) {
          same("another reader sees the same host", host, theirs);
        }
      }
    }
  }

  private static String host(String url) {
    try {
      String host = new URI(url).getHost();
      return host == null ? "" : host.toLowerCase(Locale.ROOT);
    } catch (URISyntaxException e) {
      return "";
    }
  }

  /** The input is a name: of what is called, and the value of an argument. */
  static boolean resource(byte[] input) {
    String name = utf8(input);
    Optional<ToolCall> on = read(() -> ToolCall.of("fuzz.it").on(name), Category.REQUEST);
    on.ifPresent(CallReaders::call);
    Optional<ToolCall> with =
        read(() -> ToolCall.of("fuzz.it").arg("name", name), Category.REQUEST);
    with.ifPresent(CallReaders::call);
    Optional<ToolCall> free =
        read(() -> ToolCall.of("fuzz.it").text("name", name), Category.REQUEST);
    if (with.isPresent()) {
      same("free text is taken wherever a name is", true, free.isPresent());
    }
    return on.isPresent() || with.isPresent();
  }

  static boolean approval(byte[] input) {
    Optional<Approval> approval = read(() -> Approval.decode(input), ErrorCode.MALFORMED_APPROVAL);
    approval.ifPresent(read -> approval(input, read));
    return approval.isPresent();
  }

  private static void approval(byte[] input, Approval read) {
    same("an approval has one form", input, read.encode());
    same("a written approval reads the same", read, Approval.decode(read.encodeBase64()));
    same(
        "what an approval sends is what it is",
        List.of(read),
        Approval.decode(SentApprovals.of(List.of(read.encodeBase64()))));
    ApprovalStatement statement = read.statement();
    same("what is counted has a use", statement.uses().isPresent(), hasUse(read));
    same(
        "an approval is for a call or for patterns",
        statement.meaning() == null,
        !statement.patterns().isEmpty());
    ToolCall call = ToolCall.of("fuzz.it").operation("read").on("fuzz:a/b");
    boolean covers = statement.covers(call);
    same(
        "a call is covered by its own digest, not by another one's",
        statement.meaning() != null && covers,
        HexFormat.of().formatHex(call.digest()).equals(statement.meaning()));
    same(
        "an approval ends behind its beginning",
        true,
        statement.from().isBefore(statement.until()));
    if (statement.words().isEmpty()) {
      throw new AssertionError("an approval says something");
    }
  }

  private static boolean hasUse(Approval approval) {
    return read(approval::use, ErrorCode.INVALID_ARGUMENT).isPresent();
  }

  /** The input is what is said; who says it, and a signature of nobody, comes from here. */
  static boolean approvalStatement(byte[] input) {
    byte[] key = Keys.PLANNER.publicKey().bytes();
    byte[] whole =
        ByteBuffer.allocate(3 + key.length + 64 + input.length)
            .put((byte) 1)
            .put((byte) Keys.PLANNER.publicKey().algorithm().wireId())
            .put(key)
            .put((byte) 64)
            .put(new byte[64])
            .put(input)
            .array();
    return approval(whole);
  }

  static boolean approvalRequest(byte[] input) {
    Optional<ApprovalRequest> request =
        read(
            () -> ApprovalRequest.decode(new String(input, StandardCharsets.UTF_8)),
            Category.FORMAT,
            Category.REQUEST,
            Category.SIGNATURE,
            Category.KEY);
    request.ifPresent(
        read -> {
          ApprovalRequest again = ApprovalRequest.decode(read.encode());
          same("a request for an approval has one form", read.encode(), again.encode());
          same("a written request keeps its call", read.call(), again.call());
          same("a written request keeps its token", read.token().encode(), again.token().encode());
        });
    return request.isPresent();
  }
}
