package dev.taper.agent.decision;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.Grants;
import dev.taper.datalog.RunLimits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a chain does not exclude of a catalog by itself: each block's grants are held against
 * what calls have in common. Grants that still need an approval count. All of its questions
 * together compare as much as a decision may take steps. A tool that it cannot compare any more it
 * does not exclude; an entry of a list it does, because a holder can add as much to compare as it
 * likes, and an entry may be what it must not see. Thread-safe.
 */
final class OfferSearch {
  private final ToolCatalog catalog;
  private final List<Grants> granted;
  private final Grants.ToolOutline.Work work;

  private OfferSearch(ToolCatalog catalog, List<Grants> granted, RunLimits limits) {
    this.catalog = catalog;
    this.granted = List.copyOf(granted);
    this.work = new Grants.ToolOutline.Work(limits.maxSteps());
  }

  /**
   * Searches a catalog.
   *
   * @param known what the verifier states of every call, whatever the tool
   */
  static ToolOffer search(
      DelegationChain chain, ToolCatalog catalog, CallFacts known, RunLimits limits) {
    List<Grants> granted = new ArrayList<>();
    for (DelegationHop hop : chain.hops()) {
      for (Caveat caveat : hop.caveats()) {
        if (caveat instanceof Grants grants) {
          granted.add(grants);
        } else if (caveat instanceof Condition condition) {
          String reason = reason(condition, chain, known);
          if (reason != null) {
            return ToolOffer.refused(Attribution.code(condition), reason);
          }
        }
      }
    }
    return new OfferSearch(catalog, granted, limits).offer(chain);
  }

  /** Why a condition holds for no call; its task is settled by the chain, and no verifier's. */
  private static @Nullable String reason(
      Condition condition, DelegationChain chain, CallFacts known) {
    if (Attribution.code(condition) == DenialCode.WRONG_TASK) {
      boolean isSame = condition.equals(Condition.task(chain.task().id()));
      return isSame ? null : "the token is for another task";
    }
    Caveat.Mismatch mismatch = condition.mismatch(known);
    return mismatch == null ? null : mismatch.toString();
  }

  private ToolOffer offer(DelegationChain chain) {
    List<String> tools = new ArrayList<>();
    for (CatalogTool tool : catalog.tools().values()) {
      if (mayAllow(CallOutline.of(tool))) {
        tools.add(tool.name());
      }
    }
    return ToolOffer.of(chain, tools, catalog.digest(), work.isUsedUp(), this);
  }

  /**
   * True unless no call of a tool can be allowed of whose arguments one is known, or there is too
   * much to compare.
   */
  boolean mayAllow(String tool, CallOutline.Value known) {
    Grants.ToolOutline outline = CallOutline.of(catalog, tool, known);
    return outline != null && mayAllow(outline) && !work.isUsedUp();
  }

  private boolean mayAllow(Grants.ToolOutline outline) {
    for (Grants grants : granted) {
      if (!grants.mayAllow(outline, work)) {
        return false;
      }
    }
    return true;
  }
}
