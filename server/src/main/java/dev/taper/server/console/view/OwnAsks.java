package dev.taper.server.console.view;

import dev.taper.TaperException;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.AskStatus.State;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditRecord;
import dev.taper.crypto.PublicKey;
import dev.taper.integrations.http.AskQueue;
import dev.taper.integrations.http.AskQueue.Standing;
import dev.taper.integrations.http.KeptAsk;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import dev.taper.operations.trail.RecordWords;
import dev.taper.server.console.view.Turns.Turn;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The asks of services whose stores this process has. Thread-safe. */
final class OwnAsks implements AskSource {
  /** A page of asks ends at this many characters, though one ask may be longer. */
  private static final int MAX_PAGE = 1 << 20;

  /** Of how many open asks the standing is looked at, though nobody sees them. */
  private static final int LOOKED_AT = 500;

  private static final Duration STANDING_KEPT = Duration.ofSeconds(10);
  private static final int MAX_BEFORE = 20;

  /** Of how many who ask a page says how much they ask. */
  private static final int MAX_WAITING = 10;

  private final List<AskQueue> queues;
  private final @Nullable AuditIndex audit;
  private final Clock clock;
  private final Map<String, Looked> looked = new ConcurrentHashMap<>();
  private final Map<String, Turns.Asker> askers = new ConcurrentHashMap<>();

  /** An ask that was looked at: what others it is like, and whether an approval would help. */
  private record Looked(String like, Standing standing, Instant at) {}

  /** An ask and the service that keeps it. */
  private record Queued(AskQueue queue, KeptAsk ask) {}

  OwnAsks(List<AskQueue> queues, @Nullable AuditIndex audit, Clock clock) {
    this.queues = List.copyOf(queues);
    this.audit = audit;
    this.clock = clock;
  }

  private List<Queued> all() {
    List<Queued> all = new ArrayList<>();
    for (AskQueue queue : queues) {
      queue.asks().forEach(ask -> all.add(new Queued(queue, ask)));
    }
    all.sort(
        Comparator.comparing((Queued one) -> one.ask.until()).thenComparing(one -> one.ask.name()));
    return all;
  }

  @Override
  public Set<String> open() {
    Set<String> names = new HashSet<>();
    List<Turn<Queued>> open = inTurns(all(), State.OPEN);
    for (Turn<Queued> turn : open.subList(0, Math.min(open.size(), LOOKED_AT))) {
      if (look(turn.item()).standing.isPossible()) {
        names.add(turn.item().ask.name());
      }
    }
    return names;
  }

  /** The asks of a state, or all; what is in another one takes nobody's turn. */
  private List<Turn<Queued>> inTurns(List<Queued> all, @Nullable State state) {
    List<Queued> some =
        all.stream().filter(one -> state == null || one.ask.status().state() == state).toList();
    return Turns.of(some, one -> askers.computeIfAbsent(one.ask.name(), name -> asker(one.ask)));
  }

  private static Turns.Asker asker(KeptAsk ask) {
    try {
      DelegationChain chain =
          DelegationChain.claimedBy(ApprovalRequest.decode(ask.status().request()).token());
      Agent holder = chain.holder();
      return new Turns.Asker(
          chain.delegator(), chain.hops().get(0).holderName(), holder == null ? "" : holder.name());
    } catch (TaperException e) {
      return Turns.Asker.unknown();
    }
  }

  @Override
  public Page page(Wanted wanted) throws RefusedException {
    List<Queued> all = all();
    Set<String> names = new HashSet<>();
    all.forEach(one -> names.add(one.ask.name()));
    looked.keySet().retainAll(names);
    askers.keySet().retainAll(names);
    List<Turn<Queued>> open = inTurns(all, State.OPEN);
    Map<String, Integer> likes = new HashMap<>();
    Map<Waiting, Integer> waiting = new HashMap<>();
    int hidden = 0;
    int count = 0;
    for (Turn<Queued> turn : open) {
      Looked found = count++ < LOOKED_AT ? look(turn.item()) : null;
      if (found != null) {
        likes.merge(found.like, 1, Integer::sum);
      }
      if (found != null && !found.standing.isPossible()) {
        hidden++;
      } else {
        Turns.Asker asker = askers.getOrDefault(turn.item().ask.name(), Turns.Asker.unknown());
        waiting.merge(new Waiting(asker.delegator(), asker.agent(), 0), 1, Integer::sum);
      }
    }
    Open counted = new Open(open.size(), hidden, most(waiting));
    Place from = Place.of(wanted.after());
    List<AskItem> items = new ArrayList<>();
    int size = 0;
    Place last = from;
    for (Turn<Queued> turn : wanted.state() == State.OPEN ? open : inTurns(all, wanted.state())) {
      Place place = Place.of(turn);
      if (!from.isBefore(place) || !(wanted.state() == null || isPossible(turn.item()))) {
        continue;
      }
      if (items.size() == wanted.limit() || size > MAX_PAGE) {
        return new Page(items, List.of(), last.text(), counted);
      }
      AskItem item = item(turn.item(), wanted.key(), likes, null);
      items.add(item);
      size += item.size();
      last = place;
    }
    return new Page(items, List.of(), null, counted);
  }

  /** Those who ask most, at the front who does so most of all. */
  private static List<Waiting> most(Map<Waiting, Integer> counts) {
    return counts.entrySet().stream()
        .map(one -> new Waiting(one.getKey().delegator(), one.getKey().agent(), one.getValue()))
        .sorted(
            Comparator.comparingInt(Waiting::open)
                .reversed()
                .thenComparing(Waiting::delegator)
                .thenComparing(Waiting::agent))
        .limit(MAX_WAITING)
        .toList();
  }

  /** Where a page ended. */
  private record Place(int round, long until, String name) {
    private static final Pattern FORM =
        Pattern.compile("([0-9]{1,9})[.]([0-9]{1,15})[.]([0-9a-f]{64})");

    static Place of(@Nullable String after) throws RefusedException {
      if (after == null) {
        return new Place(-1, 0, "");
      }
      Matcher parts = FORM.matcher(after);
      if (!parts.matches()) {
        throw ViewRequest.invalid("no page ended there");
      }
      return new Place(
          Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)), parts.group(3));
    }

    static Place of(Turn<Queued> turn) {
      KeptAsk ask = turn.item().ask;
      return new Place(turn.round(), ask.until().toEpochMilli(), ask.name());
    }

    String text() {
      return round + "." + until + "." + name;
    }

    boolean isBefore(Place other) {
      return Comparator.comparingInt(Place::round)
              .thenComparingLong(Place::until)
              .thenComparing(Place::name)
              .compare(this, other)
          < 0;
    }
  }

  private static boolean isOpen(Queued one) {
    return one.ask.status().state() == State.OPEN;
  }

  /** Whether it is shown where not all are wanted. */
  private boolean isPossible(Queued one) {
    return !isOpen(one) || look(one).standing.isPossible();
  }

  private Looked look(Queued one) {
    Instant now = clock.instant();
    Looked known = looked.get(one.ask.name());
    if (known != null && now.isBefore(known.at.plus(STANDING_KEPT))) {
      return known;
    }
    String like = known == null ? like(one.ask) : known.like;
    Looked found = new Looked(like, one.queue.standing(one.ask), now);
    looked.put(one.ask.name(), found);
    return found;
  }

  /** The holder's key, the tool and the service: what makes asks look alike. */
  private static String like(KeptAsk ask) {
    ApprovalRequest request = ApprovalRequest.decode(ask.status().request());
    List<PublicKey> keys = request.token().nextKeys();
    return keys.get(keys.size() - 1) + " " + request.call().tool() + " " + request.audience();
  }

  private AskItem item(
      Queued one,
      @Nullable PublicKey key,
      Map<String, Integer> likes,
      AskItem.@Nullable Before before) {
    KeptAsk ask = one.ask;
    Looked found = look(one);
    int alike = likes.getOrDefault(found.like, 0) - (isOpen(one) ? 1 : 0);
    return new AskItem(
        ask.name(),
        ask.until().getEpochSecond(),
        ask.audience(),
        ask.status(),
        key == null ? null : one.queue.counts(ask, key),
        Math.max(0, alike),
        found.standing,
        before);
  }

  private Queued find(String name) throws RefusedException {
    for (AskQueue queue : queues) {
      KeptAsk ask = queue.ask(name);
      if (ask != null) {
        return new Queued(queue, ask);
      }
    }
    throw new RefusedException(404, "unknown_ask", null);
  }

  @Override
  public AskItem item(String name, @Nullable PublicKey key) throws RefusedException {
    Queued one = find(name);
    looked.remove(name); // whoever opens an ask sees how it stands now
    Map<String, Integer> likes = new HashMap<>();
    looked.values().forEach(known -> likes.merge(known.like, 1, Integer::sum));
    likes.merge(look(one).like, 1, Integer::sum);
    return item(one, key, likes, before(one.ask, key));
  }

  private AskItem.@Nullable Before before(KeptAsk ask, @Nullable PublicKey key) {
    if (audit == null) {
      return null;
    }
    String tool;
    String holder;
    List<AuditRecord> records;
    try {
      ApprovalRequest request = ApprovalRequest.decode(ask.status().request());
      Agent agent = DelegationChain.claimedBy(request.token()).holder();
      holder = agent == null ? "" : agent.name();
      tool = request.call().tool();
      records = audit.now().records();
    } catch (TaperException | OperationException e) {
      return null; // the ask or the timeline says why
    }
    int[] counts = new int[4];
    List<AskItem.Call> calls = new ArrayList<>();
    for (int i = records.size() - 1; i >= 0; i--) {
      if (records.get(i).content() instanceof AuditEvent event
          && holder.equals(RecordWords.holder(event))
          && event.call() != null) {
        AuditEvent.Call call = event.call();
        boolean isApproval = event.kind() == AuditKind.APPROVE && isBy(event.by(), key);
        boolean isUse = event.kind() == AuditKind.ALLOW && restsOn(event.basis(), key);
        counts[0] += isApproval ? 1 : 0;
        counts[1] += isUse ? 1 : 0;
        counts[2] += isUse && call.tool().equals(tool) ? 1 : 0;
        counts[3] += event.kind() == AuditKind.DENY ? 1 : 0;
        if ((isApproval || isUse) && calls.size() < MAX_BEFORE) {
          calls.add(
              new AskItem.Call(
                  event.time(),
                  records.get(i).sequence(),
                  event.kind().text(),
                  call.tool(),
                  call.resource(),
                  event.task()));
        }
      }
    }
    return new AskItem.Before(counts[0], counts[1], counts[2], counts[3], calls);
  }

  private static boolean isBy(@Nullable String by, @Nullable PublicKey key) {
    return key == null || key.toString().equals(by);
  }

  private static boolean restsOn(@Nullable AuditBasis basis, @Nullable PublicKey key) {
    if (basis == null) {
      return false;
    }
    String beginning = key == null ? "" : key + " ";
    return basis.approvals().stream().anyMatch(approval -> approval.startsWith(beginning));
  }

  @Override
  public State approve(String name, String approval) throws RefusedException {
    return find(name).queue.approve(name, approval);
  }

  @Override
  public State refuse(String name, String reason) throws RefusedException {
    return find(name).queue.refuse(name, reason);
  }
}
