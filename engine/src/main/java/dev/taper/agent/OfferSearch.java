package dev.taper.agent;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.Grants;
import dev.taper.datalog.RunLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tools that a chain does not exclude by itself: each block's grants are held against
 * what every call of a tool has in common. Grants that still need an approval count. It compares as
 * much as a decision may take steps; what it cannot compare any more it does not exclude. For one
 * thread.
 */
final class OfferSearch {
  private final DelegationChain chain;
  private final Grants.ToolOutline.Work work;

  OfferSearch(DelegationChain chain, RunLimits limits) {
    this.chain = chain;
    this.work = new Grants.ToolOutline.Work(limits.maxSteps());
  }

  /**
   * Searches a catalog.
   *
   * @param known what the verifier states of every call, whatever the tool
   */
  ToolOffer search(ToolCatalog catalog, CallFacts known) {
    List<Grants> all = new ArrayList<>();
    for (DelegationHop hop : chain.hops()) {
      for (Caveat caveat : hop.caveats()) {
        if (caveat instanceof Grants grants) {
          all.add(grants);
        } else if (caveat instanceof Condition condition) {
          String reason = reason(condition, known);
          if (reason != null) {
            return ToolOffer.refused(Attribution.code(condition), reason);
          }
        }
      }
    }
    List<String> tools = new ArrayList<>();
    for (CatalogTool tool : catalog.tools().values()) {
      if (mayAllow(all, outline(tool))) {
        tools.add(tool.name());
      }
    }
    return ToolOffer.of(tools, catalog.digest(), work.isUsedUp());
  }

  /** Why a condition holds for no call; its task is settled by the chain, and no verifier's. */
  private @Nullable String reason(Condition condition, CallFacts known) {
    if (Attribution.code(condition) == DenialCode.WRONG_TASK) {
      boolean isSame = condition.equals(Condition.task(chain.task().id()));
      return isSame ? null : "the token is for another task";
    }
    Caveat.Mismatch mismatch = condition.mismatch(known);
    return mismatch == null ? null : mismatch.toString();
  }

  private boolean mayAllow(List<Grants> all, Grants.ToolOutline tool) {
    for (Grants grants : all) {
      if (!grants.mayAllow(tool, work)) {
        return false;
      }
    }
    return true;
  }

  private static Grants.ToolOutline outline(CatalogTool tool) {
    Set<String> arguments = new TreeSet<>();
    Set<String> required = new TreeSet<>();
    tool.arguments()
        .forEach(
            (name, argument) -> {
              if (!argument.dropped()) {
                arguments.add(name);
                if (argument.required() || isPlaced(argument, name, tool)) {
                  required.add(name);
                }
              }
            });
    String template = tool.resource();
    int open = template == null ? -1 : template.indexOf('{');
    return new Grants.ToolOutline(
        tool.name(),
        tool.operation(),
        open < 0 || template == null ? template : template.substring(0, open),
        open < 0,
        arguments,
        required);
  }

  /** True if no request reaches the tool without the argument, as the resource is named by it. */
  private static boolean isPlaced(CatalogTool.Argument argument, String name, CatalogTool tool) {
    String template = tool.resource();
    return !argument.dropped()
        && template != null
        && (template.contains("{" + name + "}") || template.contains("{+" + name + "}"));
  }
}
