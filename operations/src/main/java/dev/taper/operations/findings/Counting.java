package dev.taper.operations.findings;

import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import dev.taper.operations.findings.Finding.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts what was decided, and asks the rules about whom something odd was counted of. Ordinary
 * calls ask no rule: counting one takes some look-ups in maps. One thread's.
 */
final class Counting {
  /** How many may wait for the rules: after so many decisions at the latest they are asked. */
  static final int MOST_WAITING = 64;

  private final AbuseRules rules;
  private final Subjects subjects;
  private final Predicate<HeldEntry> isHeld;
  private final TellingRate rate = new TellingRate();

  /** Whoever has a token can cause these, and must not use up the room of the others. */
  private final TellingRate rateOfUnproven = new TellingRate();

  private final Map<DelegationChain, Sight> sights = new WeakHashMap<>();
  private final Map<Who, Odd> odd = new LinkedHashMap<>();

  /** How many entries are remembered with those whose findings made them. */
  private static final int MAX_HOLDING = 4096;

  /** Of whom the findings were by which somebody is held back; the oldest is forgotten first. */
  private final Map<HeldEntry, Set<Subject>> holding = new LinkedHashMap<>();

  /**
   * Of whom something odd was counted.
   *
   * @param other who else it was counted of: the task of an agent, the place of a token
   */
  private record Who(Subject subject, @Nullable Subject other) {}

  /**
   * Something odd was counted.
   *
   * @param last the last call
   * @param hop the hop that it leads to
   */
  private record Odd(Seen last, Sight sight, int hop) {}

  /**
   * Begins.
   *
   * @param rules what is noticed
   * @param capacity how many are counted at a time
   * @param isHeld says whether somebody is held back
   */
  Counting(AbuseRules rules, int capacity, Predicate<HeldEntry> isHeld) {
    this.rules = rules;
    this.isHeld = isHeld;
    this.subjects = new Subjects(capacity, rules);
  }

  void count(Seen seen) {
    Sight sight = sights.get(seen.chain());
    if (sight == null) {
      sight = Sight.of(seen.chain());
      sights.put(seen.chain(), sight);
    }
    if (seen.isProven()) {
      proven(seen, sight);
    } else {
      unproven(seen, sight);
    }
  }

  private void proven(Seen seen, Sight sight) {
    List<DelegationHop> hops = seen.chain().hops();
    DelegationHop last = hops.get(hops.size() - 1);
    Subject agent = subjects.agent(seen, last.holderKey(), last.holderName());
    Subject task = subjects.task(seen);
    boolean isOdd =
        seen.isAsk() ? asked(seen, sight, agent, task) : called(seen, sight, agent, task);
    if (isOdd) {
      agent.usedLately(seen.tool());
      task.usedLately(seen.tool());
      odd.put(new Who(agent, task), new Odd(seen, sight, held(hops, last.holderKey())));
    }
    if (!sight.widened().isEmpty()
        && seen.code() != DenialCode.EXPIRED
        && agent.isOther(seen.chain())) {
      widened(seen, sight, task);
    }
  }

  /**
   * Takes where a call came from, of proofs that nobody else can have sent: of a refused one that
   * was seen before, or that is not remembered, that says nothing of its holder.
   */
  private static boolean cameFrom(Seen seen, Sight sight, Subject agent) {
    return seen.place() != null && agent.cameFrom(seen.place(), seen.at(), sight);
  }

  private boolean asked(Seen seen, Sight sight, Subject agent, Subject task) {
    boolean isElsewhere = cameFrom(seen, sight, agent);
    if (seen.code() == null) {
      return isElsewhere;
    }
    for (Subject one : List.of(agent, task)) {
      one.countAlike(Counted.ASKED_ALIKE, seen.at(), seen.alike(), sight);
      if (seen.isAfterNo()) { // each ask had a proof of its own, so there is nothing to count twice
        one.countAlike(Counted.ASKED_AFTER_NO, seen.at(), seen.alike(), sight);
      }
    }
    return true;
  }

  /** Counts a call; true if it is odd. */
  private boolean called(Seen seen, Sight sight, Subject agent, Subject task) {
    long now = seen.at();
    agent.called(now);
    task.called(now);
    DenialCode code = seen.code();
    if (code == null) {
      if (seen.isCharged()) {
        agent.charged(now);
        task.charged(now);
      }
      boolean isElsewhere = cameFrom(seen, sight, agent);
      return agent.used(seen.tool(), now, sight) || isElsewhere;
    }
    Counted what = Counted.of(code);
    if (what == null) {
      return false;
    }
    if (!agent.count(what, now, seen.id(), sight)) {
      // A refused proof is not remembered, so whoever sends it again is refused for the same.
      replayed(seen, sight);
      return false;
    }
    boolean unused = task.count(what, now, seen.id(), sight);
    unused = cameFrom(seen, sight, agent);
    return true;
  }

  /** Counts hops that claim too much, of whoever signed them. */
  private void widened(Seen seen, Sight sight, Subject task) {
    List<DelegationHop> hops = seen.chain().hops();
    for (int block : sight.widened()) {
      PublicKey signer = hops.get(block).signer();
      if (signer == null) {
        continue;
      }
      int by = held(hops, signer);
      Subject agent = subjects.agent(seen, signer, hops.get(by).holderName());
      long id = sight.path()[block];
      if (agent.count(Counted.WIDENINGS, seen.at(), id, sight)) {
        boolean unused = task.count(Counted.WIDENINGS, seen.at(), id, sight);
        odd.put(new Who(agent, task), new Odd(seen, sight, by));
      }
    }
  }

  /** The hop that gave a key what it has. */
  private static int held(List<DelegationHop> hops, PublicKey key) {
    for (int i = 0; i < hops.size(); i++) {
      if (hops.get(i).holderKey().equals(key)) {
        return i;
      }
    }
    return hops.size() - 1;
  }

  private void unproven(Seen seen, Sight sight) {
    Counted what = seen.code() == null ? null : Counted.of(seen.code());
    if (what == Counted.REPLAYS) {
      replayed(seen, sight);
    } else if (what != null || seen.code() == null) {
      Subject token = subjects.token(seen, sight);
      token.called(seen.at());
      if (what != null) {
        countOf(token, what, seen, sight);
      }
    }
  }

  private void replayed(Seen seen, Sight sight) {
    Subject token = subjects.token(seen, sight);
    token.called(seen.at());
    countOf(token, Counted.REPLAYS, seen, sight);
  }

  /** Counts something that nobody proved, of the token and the place. */
  private void countOf(Subject token, Counted what, Seen seen, Sight sight) {
    Subject place = seen.place() == null ? null : subjects.place(seen.place());
    for (Subject one : place == null ? List.of(token) : List.of(token, place)) {
      one.usedLately(seen.tool());
      if (what == Counted.REPLAYS || seen.id() == Seen.NO_PROOF) {
        one.countAlike(what, seen.at(), seen.id(), sight);
      } else {
        boolean unused = one.count(what, seen.at(), seen.id(), sight);
      }
    }
    odd.put(new Who(token, place), new Odd(seen, sight, seen.chain().hops().size() - 1));
  }

  /**
   * Asks the rules about everybody of whom something odd was counted; about a task or a place alone
   * once, however many keys or tokens it has.
   *
   * @param told takes what is found, and throws nothing
   * @throws RuntimeException the first failure, once everybody was asked about
   */
  void ask(Consumer<Finding> told) {
    Set<Subject> asked = new HashSet<>();
    RuntimeException first = null;
    try {
      for (Map.Entry<Who, Odd> entry : odd.entrySet()) {
        Subject subject = entry.getKey().subject();
        Subject other = entry.getKey().other();
        long now = entry.getValue().last().at();
        boolean isOtherNew = other != null && other.matters(now) && asked.add(other);
        boolean isNew = subject.matters(now) && asked.add(subject);
        if (isOtherNew || isNew) {
          try {
            ask(entry.getKey(), entry.getValue(), told);
          } catch (RuntimeException e) {
            first = first == null ? e : first;
          }
        }
      }
    } finally {
      odd.clear();
    }
    if (first != null) {
      throw first;
    }
  }

  private void ask(Who who, Odd one, Consumer<Finding> told) {
    long now = one.last().at();
    Subject subject = who.subject();
    Subject other = who.other();
    List<Fact> facts = new ArrayList<>();
    state(facts, subject, now);
    if (other != null) {
      state(facts, other, now);
    }
    AbuseRules.Said said = rules.evaluate(facts);
    for (AbuseRules.Found found : said.found()) {
      if (found.who().equals(subject.kind.text())) {
        tell(subject, one, found.rule(), said, told);
      } else if (other != null && found.who().equals(other.kind.text())) {
        tell(other, one, found.rule(), said, told);
      }
    }
  }

  private static void state(List<Fact> facts, Subject subject, long now) {
    Term who = new Term.Str(subject.kind.text());
    facts.add(Fact.of("subject", who, new Term.Str(subject.name)));
    subject
        .numbers(now)
        .forEach(
            (what, number) ->
                facts.add(Fact.of("counted", who, new Term.Str(what), new Term.Int(number))));
  }

  private void tell(
      Subject subject, Odd one, String rule, AbuseRules.Said said, Consumer<Finding> told) {
    Seen last = one.last();
    Subject.Told before = subject.told(rule);
    Finding.Origin origin = origin(subject, one);
    Response response = response(subject, said);
    HeldEntry entry = HeldEntry.of(origin.chain(), origin.hop(), "");
    boolean isAnswered = response != Response.REPORT && !isHeld.test(entry);
    if (!isAnswered && (!before.isDue(last.at()) || !admits(subject, last))) {
      before.foundAgain();
      return;
    }
    long again = before.tell(last.at());
    if (response != Response.REPORT) {
      answered(entry, subject);
    }
    told.accept(new Finding(rule, subject, last, origin, response, again));
  }

  /** What is not proven is answered by nothing, whatever the rules say. */
  private static Response response(Subject subject, AbuseRules.Said said) {
    String who = subject.kind.text();
    if (!subject.kind.isProven()) {
      return Response.REPORT;
    }
    return said.revoke().contains(who)
        ? Response.REVOKE
        : said.ask().contains(who) ? Response.ASK : Response.REPORT;
  }

  private boolean admits(Subject subject, Seen last) {
    TellingRate own = subject.kind.isProven() ? rate : rateOfUnproven;
    return own.admits(HeldEntry.delegator(last.rootKey(), last.chain()), last.at());
  }

  /** Remembers of whom a finding was that holds back somebody. */
  private void answered(HeldEntry entry, Subject subject) {
    holding.computeIfAbsent(entry, any -> new LinkedHashSet<>()).add(subject);
    if (holding.size() > MAX_HOLDING) {
      holding.remove(holding.keySet().iterator().next());
    }
  }

  /** Forgets what was counted until somebody let a key, a task or a delegator go. */
  void forget(String name) {
    holding
        .entrySet()
        .removeIf(
            one -> {
              boolean isMeant = one.getKey().isWithin(name);
              if (isMeant) {
                one.getValue().forEach(Subject::forget);
              }
              return isMeant;
            });
  }

  /** Where it leads: of a task to where most of what counts came from. */
  private static Finding.Origin origin(Subject subject, Odd one) {
    Recent.Place most = subject.kind == Subject.Kind.TASK ? subject.most(one.last().at()) : null;
    DelegationChain chain = most == null ? null : most.sight().chain().get();
    return most == null || chain == null
        ? new Finding.Origin(one.last().chain(), one.sight().token(), one.hop())
        : new Finding.Origin(chain, most.sight().token(), most.block());
  }

  /** How many are counted. */
  int subjects() {
    return subjects.size();
  }

  /** How many findings were not told, because there were too many. */
  long omitted() {
    return rate.omitted() + rateOfUnproven.omitted();
  }
}
