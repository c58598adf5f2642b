package dev.taper.agent.approval;

import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.ToolCall;
import dev.taper.datalog.Term;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The calls that an approver decided about: one tool, operation and resource, with certain
 * arguments or any.
 *
 * @param tool the tool
 * @param operation the operation; null if the call names none
 * @param resource the resource; null if the call names none
 * @param digest the digest of the whole call, {@link ToolCall#digest}, in hex; null for any
 *     arguments
 */
public record CoveredCalls(
    String tool, @Nullable String operation, @Nullable String resource, @Nullable String digest) {
  private static final int DIGEST_BYTES = 32;

  /** Exactly this call. */
  static CoveredCalls of(ToolCall call) {
    return new CoveredCalls(
        call.tool(), call.operation(), call.resource(), HexFormat.of().formatHex(call.digest()));
  }

  /** This call and those that differ from it by nothing but arguments. */
  static CoveredCalls withAnyArguments(ToolCall call) {
    return new CoveredCalls(call.tool(), call.operation(), call.resource(), null);
  }

  /** True if the call is one of these. */
  public boolean covers(ToolCall call) {
    return tool.equals(call.tool())
        && Objects.equals(operation, call.operation())
        && Objects.equals(resource, call.resource())
        && (digest == null || digest.equals(HexFormat.of().formatHex(call.digest())));
  }

  void addTerms(List<Term> terms) {
    terms.add(new Term.Str(tool));
    terms.add(operation == null ? new Term.Null() : new Term.Str(operation));
    terms.add(resource == null ? new Term.Null() : new Term.Str(resource));
    terms.add(digest == null ? new Term.Null() : new Term.Bytes(HexFormat.of().parseHex(digest)));
  }

  static CoveredCalls read(StatementTerms terms) {
    return new CoveredCalls(
        terms.text(Canonical::tool),
        terms.textOrNull(Canonical::operation),
        terms.textOrNull(Canonical::resource),
        terms.hexOrNull(DIGEST_BYTES));
  }

  /** In words, such as {@code jira.delete on jira:project/ACME/7 with the arguments asked for}. */
  @Override
  public String toString() {
    return tool
        + (operation == null ? "" : " " + operation)
        + (resource == null ? "" : " on " + resource)
        + (digest == null ? " with any arguments" : " with the arguments asked for");
  }
}
