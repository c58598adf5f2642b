package dev.taper.assurance.model;

import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.grant.EffectiveAuthority;
import org.jspecify.annotations.Nullable;

/**
 * Who reads the effective authority of a chain: the engine as it is, and wrong readers beside a
 * verifier that decides as it should.
 */
enum AuthorityReader {
  /** The engine's own. */
  REAL,

  /** What is known of the token that was handed on last counts for the new one, too. */
  WITHOUT_LAST_BLOCK {
    @Override
    EffectiveAuthority read(@Nullable DelegationChain parent, DelegationChain chain) {
      return parent == null ? chain.effectiveAuthority() : parent.effectiveAuthority();
    }
  },

  /** Any time is the one at which the token was made, which no end is before. */
  WITHOUT_TIME {
    @Override
    long seconds(Call call) {
      return 0;
    }
  },

  /** A call is read without its arguments. */
  WITHOUT_ARGUMENTS {
    @Override
    ToolCall sent(Call call) {
      return ToolCall.of(call.tool()).on(call.resource());
    }
  };

  /**
   * Reads what a chain allows.
   *
   * @param parent the chain that it was made from; null for a first one
   */
  EffectiveAuthority read(@Nullable DelegationChain parent, DelegationChain chain) {
    return chain.effectiveAuthority();
  }

  /** When a call is made, in seconds since the chain was. */
  long seconds(Call call) {
    return call.time();
  }

  /** A call as it is sent. */
  ToolCall sent(Call call) {
    return Chains.sent(call);
  }
}
