package dev.taper.assurance.world;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.names.ApproverNames;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The people who approve calls, the list of those who count, and what they were asked. Some are
 * retired meanwhile, one was never in the group, one has two keys, and not all clocks are right.
 * Nobody approves what does harm, as far as it is shown. For one thread.
 */
final class Approvers {
  /** The group of which two have to approve. */
  static final String GROUP = "deciders";

  /** How many approve a call for which one key is named, and one for which the group is. */
  static final int OF_THE_GROUP = 2;

  /** How many people there are; the last one is in no group. */
  private static final int PEOPLE = 5;

  /** Who is in no group. */
  static final String STRANGER = name(PEOPLE - 1);

  /** What does harm says so behind this. */
  private static final String HARM = "to somebody who should not get it";

  /** So much text before it that it is not shown whole. */
  private static final String LONG = "as agreed, ".repeat(ShownCall.COLUMNS / 8);

  /**
   * A person.
   *
   * @param keys the first one, and one that only the first person has
   * @param clock the person's clock
   */
  private record Person(String name, List<PrivateKey> keys, Clock clock) {}

  /**
   * Something that was asked.
   *
   * @param needed how many have to approve
   * @param harmful true if no approver would approve it
   * @param given what was given for it
   */
  record Ask(
      String name,
      Holders.Held token,
      ToolCall call,
      int needed,
      boolean harmful,
      List<Given> given) {}

  /** An approval, its name, and whose it is. */
  record Given(String name, Ask ask, String person, Approval approval) {
    private Instant from() {
      return approval.statement().from();
    }
  }

  private static String name(int person) {
    return "user:decider-" + person;
  }

  private final WorldTime time;
  private final Parts parts;
  private final List<Person> people = new ArrayList<>();
  private final List<Set<String>> lists = new ArrayList<>();
  private final List<Ask> asks = new ArrayList<>();
  private int given;

  Approvers(WorldTime time, Luck luck, Parts parts) {
    this.time = time;
    this.parts = parts;
    for (int i = 0; i < PEOPLE; i++) {
      List<PrivateKey> keys = new ArrayList<>(List.of(Holders.key(luck)));
      if (i == 0) {
        keys.add(Holders.key(luck));
      }
      long bound = luck.percent(10) ? 600_000 : 20_000;
      Duration ahead = luck.upTo(Duration.ofMillis(2 * bound)).minusMillis(bound);
      people.add(new Person(name(i), List.copyOf(keys), new ProcessClock(time, ahead)));
    }
    Set<String> group = new TreeSet<>();
    people.subList(0, PEOPLE - 1).forEach(person -> group.add(person.name));
    lists.add(group);
  }

  /** The key that approves alone. */
  PublicKey chief() {
    return people.get(0).keys.get(0).publicKey();
  }

  /** All that was asked. */
  List<Ask> asks() {
    return asks;
  }

  // Who counts.

  /** The number of the newest list of those who are in the group. */
  int newest() {
    return lists.size() - 1;
  }

  /** Takes somebody out of the group, unless too few would be left. */
  Event.@Nullable Retired retire(Luck luck) {
    Set<String> group = new TreeSet<>(lists.get(newest()));
    if (group.size() <= OF_THE_GROUP) {
      return null;
    }
    String gone = luck.of(List.copyOf(group));
    group.remove(gone);
    lists.add(group);
    return new Event.Retired(time.millis(), gone, newest());
  }

  /** Who is in the group by a list. */
  ApproverNames names(int list) {
    ApproverNames.Builder names = ApproverNames.builder();
    for (Person person : people) {
      names.person(
          person.name, person.keys.stream().map(PrivateKey::publicKey).toArray(PublicKey[]::new));
    }
    return names.group(GROUP, lists.get(list)).build();
  }

  // What is asked and answered.

  /** A holder asks for a call. */
  Ask ask(Holders.Held token, Luck luck) {
    boolean byGroup = luck.percent(60);
    boolean harmful = luck.percent(8);
    String note =
        (luck.percent(harmful ? 60 : 5) ? LONG : "")
            + (harmful ? HARM : "to the one who is written down");
    String name = "q" + asks.size();
    ToolCall call = Holders.call(byGroup ? Holders.PAY : Holders.SIGN, name).text("note", note);
    Ask ask = new Ask(name, token, call, byGroup ? OF_THE_GROUP : 1, harmful, new ArrayList<>());
    asks.add(ask);
    return ask;
  }

  /** What the history says of an ask. */
  Event asked(Ask ask) {
    String alone = ask.needed == 1 ? people.get(0).name : null;
    return new Event.Asked(
        time.millis(), ask.name, ask.token.name(), ask.needed, alone, ask.harmful);
  }

  /** Somebody looks at what was asked, and approves it or not. */
  Event answer(Ask ask, Luck luck) {
    boolean alone = ask.needed == 1;
    Person person = alone && luck.percent(80) ? people.get(0) : luck.of(people);
    PrivateKey key = alone ? person.keys.get(0) : luck.of(person.keys);
    ApprovalRequest request = read(ask.token.token(), ask.call);
    ShownCall shown = ShownCall.of(request.call(), null);
    boolean looksHarmful = shown.arguments().stream().anyMatch(one -> one.value().contains(HARM));
    if (looksHarmful || !parts.isEnough(shown) || luck.percent(5)) {
      return new Event.Refused(time.millis(), ask.name, person.name);
    }
    Approval.Terms terms = Approval.Terms.lasting(Duration.ofSeconds(luck.percent(15) ? 15 : 180));
    Approval approval =
        request.approve(
            key, luck.percent(75) ? terms.uses(1 + luck.below(2)) : terms, person.clock);
    Given one = new Given("a" + given, ask, person.name, approval);
    if (ask.given.stream().anyMatch(other -> other.from().equals(one.from()))) {
      // Which of two counts that begin together is left to chance that has no seed.
      return new Event.Refused(time.millis(), ask.name, person.name);
    }
    given++;
    ask.given.add(one);
    ApprovalStatement said = approval.statement();
    return new Event.Approved(
        time.millis(),
        one.name,
        ask.name,
        person.name,
        WorldTime.millis(said.from()),
        WorldTime.millis(said.until()),
        said.uses().orElse(0));
  }

  /** What an approver reads, as it comes over the network. */
  private static ApprovalRequest read(AgentToken token, ToolCall call) {
    return ApprovalRequest.decode(
        token.requestApproval(call, Holders.SERVICE, "it has to be done").encode());
  }

  /** What approvals are called in records, and in the history. */
  List<String> named(List<Given> sent, List<String> inRecords) {
    List<String> names = new ArrayList<>();
    for (Given one : sent) {
      if (inRecords.contains(one.approval.name())) {
        names.add(one.name);
      }
    }
    return names;
  }
}
