package dev.taper.server.issuer;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Task;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.datalog.Block;
import dev.taper.server.issuer.ExchangeException.OauthError;
import dev.taper.server.issuer.Question.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What is left of a template when an agent asks for less, and how policies have it. It is never
 * more than the template. Immutable and thread-safe.
 *
 * @param template what it is of
 * @param task for what
 * @param grants alternatives
 * @param terms what holds for all of them
 */
record Granted(Template template, Task task, List<Grant> grants, Terms terms) {
  Granted {
    grants = List.copyOf(grants);
  }

  /**
   * What a template and an ask have in common.
   *
   * @throws ExchangeException {@code nothing_granted} if that is nothing
   */
  static Granted of(Template template, GrantRequest ask) throws ExchangeException {
    Duration lifetime = template.longest();
    Duration asked = ask.lifetime();
    if (asked != null && asked.compareTo(lifetime) < 0) {
      lifetime = asked;
    }
    Integer depth = ask.depth();
    Terms terms =
        new Terms(
            lifetime,
            depth == null ? template.depth() : Math.min(depth, template.depth()),
            audience(template, ask),
            template.budgets());
    return new Granted(template, ask.task(), grants(template, ask), terms);
  }

  private static List<Grant> grants(Template template, GrantRequest ask) throws ExchangeException {
    Grants less = ask.grants();
    if (less == null) {
      return template.grants().alternatives();
    }
    Block both = Block.builder().check(template.grants().check()).check(less.check()).build();
    EffectiveAuthority left = EffectiveAuthority.of(List.of(both));
    if (!left.isListed()) {
      throw nothing("there are too many combinations of what is asked for and may be granted");
    }
    if (left.alternatives().isEmpty()) {
      throw nothing("what is asked for has nothing in common with the template");
    }
    return left.alternatives();
  }

  private static List<String> audience(Template template, GrantRequest ask)
      throws ExchangeException {
    List<String> fewer = ask.audience();
    if (fewer == null || template.audience().isEmpty()) {
      return fewer == null ? template.audience() : fewer;
    }
    List<String> common = new ArrayList<>(fewer);
    common.retainAll(template.audience());
    if (common.isEmpty()) {
      throw nothing("none of the services that are asked for is the template's");
    }
    return common;
  }

  private static ExchangeException nothing(String why) {
    return new ExchangeException(OauthError.INVALID_AUTHORIZATION_DETAILS, "nothing_granted", why);
  }

  /** The same, where every grant needs the approval of a group beside what it says. */
  Granted approvedBy(String group) {
    List<Grant> approved = new ArrayList<>();
    for (Grant grant : grants) {
      approved.add(grant.ifApprovedByGroup(1, group));
    }
    return new Granted(template, task, approved, terms);
  }

  /** The grants in their text form. */
  List<String> texts() {
    return grants.stream().map(Grant::toString).toList();
  }

  /** What the policies are asked about it. */
  Question question(Person person, EnrolledAgent agent, Consent consent) {
    return new Question(person, agent.name(), template.name(), task.id(), grants, terms, consent);
  }

  /** When a token ends that is made now, in whole seconds. */
  Instant end(Instant now) {
    return Instant.ofEpochSecond(now.plus(terms.lifetime()).getEpochSecond());
  }

  /** The delegation. */
  Delegation delegation(String delegator, EnrolledAgent agent, Instant end) {
    Delegation delegation =
        Delegation.by(delegator)
            .to(Agent.of(agent.name(), agent.key()))
            .task(task)
            .expiresAt(end)
            .maxDepth(terms.depth());
    for (Grant grant : grants) {
      delegation = delegation.grant(grant);
    }
    if (!terms.audience().isEmpty()) {
      delegation = delegation.audience(terms.audience().toArray(new String[0]));
    }
    for (var budget : terms.budgets()) {
      delegation = delegation.budget(budget);
    }
    return delegation;
  }

  /** What holds for all grants beside how long, in words for people. */
  List<String> conditions() {
    List<String> words = new ArrayList<>();
    words.add(
        terms.depth() == 0 ? "not handed on" : "handed on at most " + terms.depth() + " times");
    if (!terms.audience().isEmpty()) {
      words.add("at " + String.join(", ", terms.audience()));
    }
    return words;
  }
}
