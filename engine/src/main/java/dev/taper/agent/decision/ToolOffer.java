package dev.taper.agent.decision;

import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.agent.delegation.DelegationChain;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a service that a token's chain does not exclude by itself, or why there are none. It
 * excludes and never promises: a call of a tool that is named here may be refused, for its
 * arguments, for want of an approval, or by the service. All of it may be told to the token's
 * holder. Thread-safe.
 */
public final class ToolOffer {
  private final @Nullable DenialCode code;
  private final @Nullable String reason;
  private final List<String> tools;
  private final @Nullable String catalogDigest;
  private final boolean cutShort;
  private final @Nullable OfferSearch search;
  private final @Nullable DelegationChain chain;

  private ToolOffer(
      @Nullable DenialCode code,
      @Nullable String reason,
      List<String> tools,
      @Nullable String catalogDigest,
      boolean cutShort,
      @Nullable OfferSearch search,
      @Nullable DelegationChain chain) {
    this.code = code;
    this.reason = reason;
    this.tools = List.copyOf(tools);
    this.catalogDigest = catalogDigest;
    this.cutShort = cutShort;
    this.search = search;
    this.chain = chain;
  }

  static ToolOffer refused(DenialCode code, String reason) {
    return new ToolOffer(code, reason, List.of(), null, false, null, null);
  }

  /**
   * Nothing, because of what was thrown.
   *
   * @throws TaperException the same, if it is no reason to refuse a call
   */
  static ToolOffer refused(TaperException e) {
    return refused(DenialCode.refusing(e), String.valueOf(e.getMessage()));
  }

  static ToolOffer of(
      DelegationChain chain,
      List<String> tools,
      String catalogDigest,
      boolean cutShort,
      OfferSearch search) {
    return new ToolOffer(null, null, tools, catalogDigest, cutShort, search, chain);
  }

  /** Why every call would be refused, whatever the tool; null if that is not known. */
  public @Nullable DenialCode code() {
    return code;
  }

  /** The same in a sentence for the caller. */
  public @Nullable String reason() {
    return reason;
  }

  /** The chain whose offer it is, which was verified; null if there is a {@link #code}. */
  public @Nullable DelegationChain chain() {
    return chain;
  }

  /** The tools by their names in the catalog, in the order of those. */
  public List<String> tools() {
    return tools;
  }

  /**
   * Says whether a chain leaves any call of a tool whose argument has a certain value, such as one
   * entry of a list. Like the tools themselves, that excludes and never promises. All such
   * questions to one offer compare together with it no more than a decision may evaluate; what is
   * left then does not count as offered, so that no holder sees more by having more to compare.
   *
   * @param tool its name in the catalog
   * @param argument a string argument of the tool; one that the catalog drops makes no difference
   * @param value its value
   * @return false if the tool is not among {@link #tools}, if its calls of that value are excluded,
   *     if the catalog refuses them, or if there was too much to compare
   */
  public boolean offers(String tool, String argument, String value) {
    return offers(tool, new CallOutline.Value(argument, value, true));
  }

  /**
   * Says whether a chain leaves any call of a tool whose argument starts in a certain way, as
   * {@link #offers}. Grants of other resources, and constraints to listed values or to another
   * start, are compared.
   *
   * @param tool its name in the catalog
   * @param argument a string argument of the tool; one that the catalog drops makes no difference
   * @param start what its value starts with; if empty, nothing is known of it
   * @return false if the tool is not among {@link #tools}, if its calls of such values are
   *     excluded, if it has no such argument, or if there was too much to compare
   */
  public boolean offersStart(String tool, String argument, String start) {
    return offers(tool, new CallOutline.Value(argument, start, false));
  }

  private boolean offers(String tool, CallOutline.Value known) {
    return search != null && tools.contains(tool) && search.mayAllow(tool, known);
  }

  /** The digest of the catalog that they are of; null if there is a {@link #code}. */
  public @Nullable String catalogDigest() {
    return catalogDigest;
  }

  /** True if there was too much to compare, so that tools stand here that the chain excludes. */
  public boolean isCutShort() {
    return cutShort;
  }

  /** The offer as a JSON object, which docs/requests.md describes. */
  public String toJson() {
    return new JsonFields()
        .put("format", "taper/1 offer")
        .putIfPresent("code", code == null ? null : code.text())
        .putIfPresent("reason", reason)
        .putIfPresent("catalog", catalogDigest)
        .put("tools", tools)
        .putIfPresent("cut_short", cutShort ? true : null)
        .toJson();
  }

  /** The code, or how many tools there are. */
  @Override
  public String toString() {
    return code != null ? code.text() : tools.size() + " tools";
  }
}
