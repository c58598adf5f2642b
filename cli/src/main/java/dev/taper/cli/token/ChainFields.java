package dev.taper.cli.token;

import dev.taper.JsonFields;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.cli.output.Room;
import dev.taper.cli.token.ChainView.HopView;
import java.util.OptionalLong;

/** A chain of delegations, and what it leaves, for programs. */
final class ChainFields {
  private ChainFields() {}

  /** The chain. */
  static JsonFields of(ChainView view) {
    Room room = new Room();
    return new JsonFields()
        .put("delegator", view.chain().delegator())
        .put("task", view.chain().task().id())
        .put("purpose", view.chain().task().purpose())
        .put("kind", view.chain().kind().text())
        .put("depth", view.chain().depth())
        .put("effective_authority", authority(view.authority(), room))
        .put("expired", view.isExpired())
        .rows("hops", view.hops(), hop -> hop(hop, room));
  }

  private static JsonFields hop(HopView view, Room room) {
    DelegationHop hop = view.hop();
    JsonFields fields =
        new JsonFields()
            .put("block", hop.block())
            .put("mode", hop.mode().text())
            .put("granted_by", hop.grantor())
            .put("signer", hop.signer())
            .put("holder", hop.holder())
            .put("holder_key", hop.holderKey())
            .put("words", hop.words())
            .rows("grants", view.grants(), grant -> grant(grant, room))
            .put("budgets", view.budgets())
            .put("conditions", view.conditions());
    if (hop.justification() != null) {
      fields.put("justification", hop.justification().words());
    }
    return fields
        .put("expiry", hop.expiry())
        .rows("narrows", view.changes(), ChainFields::change)
        .rows("warnings", view.warnings(), ChainFields::warning);
  }

  /** What a block narrows. */
  static JsonFields change(AuthorityChange change) {
    return new JsonFields()
        .put("dimension", change.dimension())
        .put("before", change.before())
        .put("after", change.after());
  }

  private static JsonFields warning(Delegation.Warning warning) {
    return new JsonFields().put("kind", warning.kind().text()).put("text", warning.text());
  }

  /** What is left. */
  static JsonFields authority(EffectiveAuthority authority) {
    return authority(authority, new Room());
  }

  private static JsonFields authority(EffectiveAuthority authority, Room room) {
    OptionalLong depth = authority.maxDepth();
    return new JsonFields()
        .put("words", ChainView.words(authority))
        .put("empty", authority.isEmpty())
        .put("listed", authority.isListed())
        .rows("grants", authority.alternatives(), grant -> grant(grant, room))
        .putIfPresent("audiences", authority.audiences())
        .put("not_before", authority.notBefore())
        .put("expiry", authority.expiry())
        .putIfPresent("max_depth", depth.isPresent() ? depth.getAsLong() : null)
        .put("verified_holders", authority.isForVerifiedHolder())
        .put("budgets", authority.budgets())
        .put("other_checks", room.fitAll(authority.opaqueChecks()));
  }

  private static JsonFields grant(Grant grant, Room room) {
    return new JsonFields()
        .put("text", room.fit(grant))
        .put("tools", room.fitAll(grant.tools()))
        .put("operations", room.fitAll(grant.operations()))
        .put("resources", room.fitAll(grant.resources()))
        .put("arguments", room.fitAll(grant.constraints()))
        .put("requires", room.fitAll(grant.activations()));
  }
}
